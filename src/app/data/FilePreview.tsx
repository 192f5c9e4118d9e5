import { Badge, ScrollArea, Table } from '@mantine/core';
import { memo } from 'react';
import type { FileFormat, Recognition } from '../../data/import/recognise.ts';

interface FilePreviewProps {
  readonly recognition: Recognition;
  /** Columns of a file that is not used mean nothing. */
  readonly isUsed: boolean;
  /** Pixels. */
  readonly height: number;
}

/** The first rows of a file, with what its columns are taken for. Not drawn anew with each message of progress. */
export const FilePreview = memo(function FilePreview({
  recognition: { format, columns, preview },
  isUsed,
  height,
}: FilePreviewProps) {
  return (
    <ScrollArea.Autosize
      mah={height}
      type="auto"
      viewportProps={{ tabIndex: 0, 'aria-label': 'First rows of the file', role: 'region' }}
    >
      <Table fz="xs" verticalSpacing={2} striped>
        <Table.Thead>
          <Table.Tr>
            {headsOf(format, columns).map((head, c) => {
              const meaning = isUsed ? meaningOf(format, c) : null;
              return (
                <Table.Th
                  // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                  key={c}
                  style={{ whiteSpace: 'nowrap' }}
                  c={meaning === null && 'separator' in format ? 'dimmed' : undefined}
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
              {row.map((field, c) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <Table.Td key={c} style={{ whiteSpace: 'nowrap', maxWidth: 480, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  {field}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
});

function headsOf({ format }: FileFormat, columns: readonly string[]): readonly string[] {
  if (format === 'fine-tuning-lines') return ['source items', 'target items'];
  return format === 'pretraining-lines' ? ['source items'] : columns;
}

/** What a column is taken for; null if it is not used. */
function meaningOf(format: FileFormat, column: number): string | null {
  switch (format.format) {
    case 'pretraining-lines':
    case 'fine-tuning-lines':
      return null;
    case 'names':
      return column === format.item ? 'item' : column === format.name ? 'name' : null;
    case 'attributes':
      return column === format.user ? 'user' : 'attribute';
    case 'long':
    case 'labels':
      if (column === format.user) return 'user';
      if (column === format.item) return format.format === 'labels' ? 'label' : 'item';
      return column === format.time ? 'time' : null;
  }
}
