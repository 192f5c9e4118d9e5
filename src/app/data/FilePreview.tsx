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
  recognition: { format, columns, preview },
  isUsed,
  height,
}: FilePreviewProps) {
  const read = preview.map((fields, r) => (isUsed ? readRow(fields, format, r + 1) : null));
  const heads = isUsed ? readHeads(format) : [];
  const bad = read.filter((row) => row !== null && row.problem !== null).length;
  return (
    <>
      {heads.length > 0 && (
        <Text size="xs" c="dimmed">
          First rows ({preview.length}): as they will be read, then in grey as they stand in the file.
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
              {heads.map((head) => (
                <Table.Th key={head} style={{ whiteSpace: 'nowrap' }}>
                  {head}
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
                {fieldsOf(format, row).map((field, c) => (
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
function ReadCells({ read, heads }: { read: ReadRow | null; heads: readonly string[] }) {
  if (read === null) return null;
  if (read.problem !== null) {
    return (
      <Table.Td colSpan={heads.length} c="red" style={{ ...CELL, whiteSpace: 'normal', minWidth: 200 }}>
        {read.problem}
      </Table.Td>
    );
  }
  const cells = [read.user, read.item, read.time, read.domain ?? ''];
  return heads.map((head, c) => (
    <Table.Td key={head} style={CELL} fw={500}>
      {cells[c]}
    </Table.Td>
  ));
}

/** What is read of a row; nothing where rows are no events. */
function readHeads(format: FileFormat): readonly string[] {
  switch (format.format) {
    case 'long':
      return ['User', 'Item', timeHead(format)];
    case 'labels':
      return ['User', 'Label'];
    case 'domains':
      return ['User', 'Item', timeHead(format), 'Domain'];
    case 'sequences':
      return ['User', 'Items', 'First time (UTC)'];
    default:
      return [];
  }
}

/** A number that only orders is in no zone. */
const timeHead = ({ timeUnit }: { readonly timeUnit: TimeUnit }): string => (timeUnit === 'number' ? 'Time' : 'Time (UTC)');

function headsOf({ format }: FileFormat, columns: readonly string[]): readonly string[] {
  if (format === 'fine-tuning-lines') return ['source items', 'target items'];
  if (format === 'sequences') return ['line'];
  return format === 'pretraining-lines' ? ['source items'] : columns;
}

const fieldsOf = ({ format }: FileFormat, row: readonly string[]): readonly string[] =>
  format === 'fine-tuning-lines' ? row.flatMap((line) => line.split(',,')) : row;

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
