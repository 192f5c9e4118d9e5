import { Badge, ScrollArea, Table, Text } from '@mantine/core';
import { memo } from 'react';
import { type FileFormat, isTable } from '../../data/import/format.ts';
import { type ReadRow, readRow } from '../../data/import/preview.ts';
import type { Recognition } from '../../data/import/recognise.ts';
import type { TimeUnit } from '../../data/import/times.ts';

interface FilePreviewProps {
  /** Of the file. */
  readonly name: string;
  readonly recognition: Recognition;
  /** Columns of a file that is not used mean nothing. */
  readonly isUsed: boolean;
  /** Pixels. */
  readonly height: number;
}

const CELL = { whiteSpace: 'nowrap', maxWidth: 320, overflow: 'hidden', textOverflow: 'ellipsis' } as const;

/**
 * The first rows of a file: as they will be read, and as they stand in it, with what its columns are taken for. Not drawn anew with each
 * message of progress.
 */
export const FilePreview = memo(function FilePreview({
  name,
  recognition: { format, columns, preview, lines },
  isUsed,
  height,
}: FilePreviewProps) {
  const read = preview.map((fields, r) => (isUsed ? readRow(fields, format, lines[r] ?? r + 1) : null));
  const heads = isUsed ? readHeads(format) : [];
  const bad = read.filter((row) => row !== null && row.problem !== null).length;
  return (
    <>
      {heads.length > 0 && (
        <Text size="xs" c="dimmed">
          First {isTable(format) ? 'rows' : 'lines'} ({preview.length}): as they will be read, then in grey as they stand in the
          file.{lineWords(format)}
        </Text>
      )}
      {bad > 0 && (
        <Text size="xs" c="red">
          {bad} of the first {preview.length} rows cannot be used as the file is read now: they are marked.
        </Text>
      )}
      <ScrollArea.Autosize
        mah={height}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': `First rows of ${name}`, role: 'region' }}
      >
        <Table fz="xs" verticalSpacing={2} striped>
          <Table.Thead>
            <Table.Tr>
              {heads.map(({ label }) => (
                <Table.Th key={label} style={{ whiteSpace: 'nowrap' }}>
                  {label}
                </Table.Th>
              ))}
              {headsOf(format, columns).map((head, c) => {
                const meaning = isUsed ? meaningOf(format, c) : null;
                return (
                  <Table.Th
                    // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                    key={c}
                    style={{ whiteSpace: 'nowrap' }}
                    c={meaning === null && isTable(format) ? 'dimmed' : undefined}
                  >
                    {head}
                    {meaning !== null && (
                      <Badge size="xs" ml={4} variant="outline" miw="max-content">
                        {meaning}
                      </Badge>
                    )}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.map((row, r) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a file have no other name than their place
              <Table.Tr key={r}>
                <ReadCells read={read[r]} heads={heads} />
                {row.map((field, c) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <Table.Td key={c} c={heads.length > 0 ? 'dimmed' : undefined} style={CELL}>
                    {field}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </>
  );
});

/** A row as it will be read; or why it cannot be. */
function ReadCells({ read, heads }: { read: ReadRow | null; heads: readonly Head[] }) {
  if (read === null) return null;
  if (read.problem !== null) {
    return (
      <Table.Td colSpan={heads.length} c="red" style={{ ...CELL, whiteSpace: 'normal', minWidth: 200 }}>
        {read.problem}
      </Table.Td>
    );
  }
  return heads.map(({ label, of }) => (
    <Table.Td key={label} style={CELL} fw={500}>
      {read[of]}
    </Table.Td>
  ));
}

/** A column of what is read. */
interface Head {
  readonly label: string;
  readonly of: Exclude<keyof ReadRow, 'problem'>;
}

const USER: Head = { label: 'User', of: 'user' };
const SOURCE: Head = { label: 'Source items', of: 'item' };

/** What is read of a row; nothing where rows are no events. */
function readHeads(format: FileFormat): readonly Head[] {
  switch (format.format) {
    case 'long':
      return [USER, { label: 'Item', of: 'item' }, timeHead(format)];
    case 'labels':
      return [USER, { label: 'Label', of: 'item' }];
    case 'domains':
      return [USER, { label: 'Item', of: 'item' }, timeHead(format), { label: 'Domain', of: 'domain' }];
    case 'sequences':
      return [USER, { label: 'Items', of: 'item' }, { label: 'First time (UTC)', of: 'time' }];
    case 'pretraining-lines':
      return [USER, SOURCE];
    case 'fine-tuning-lines':
      return [USER, SOURCE, { label: 'Target items', of: 'targets' }];
    case 'names':
    case 'attributes':
      return [];
  }
}

/** What a line of the release's pair means, for who sees one for the first time. */
function lineWords({ format }: FileFormat): string | null {
  if (format !== 'pretraining-lines' && format !== 'fine-tuning-lines') return null;
  const user =
    ' Each line is a user, called by its number: their source items, oldest first, filled up with 0 where they are few';
  return format === 'pretraining-lines' ? `${user}.` : `${user}; after the double comma, their target items.`;
}

/** A number that only orders is in no zone. */
const timeHead = ({ timeUnit }: { readonly timeUnit: TimeUnit }): Head => ({
  label: timeUnit === 'number' ? 'Time' : 'Time (UTC)',
  of: 'time',
});

function headsOf({ format }: FileFormat, columns: readonly string[]): readonly string[] {
  return format === 'fine-tuning-lines' || format === 'sequences' || format === 'pretraining-lines' ? ['line'] : columns;
}

/** What a column is taken for; null if it is not used. */
function meaningOf(format: FileFormat, column: number): string | null {
  switch (format.format) {
    case 'pretraining-lines':
    case 'fine-tuning-lines':
    case 'sequences':
      return null;
    case 'names':
      return column === format.item ? 'item' : column === format.name ? 'name' : null;
    case 'attributes':
      return column === format.user ? 'user' : 'attribute';
    case 'long':
    case 'labels':
    case 'domains':
      if (column === format.user) return 'user';
      if (column === format.item) return format.format === 'labels' ? 'label' : 'item';
      if (format.format === 'domains' && column === format.domain) return 'domain';
      return column === format.time ? 'time' : null;
  }
}
