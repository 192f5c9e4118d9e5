import { Box, Group, Table, Text } from '@mantine/core';
import { headings } from '../../results/tables/headings.ts';
import type { Cell, Column, TableModel } from '../../results/tables/table.ts';
import { SaveTable } from './SaveTable.tsx';

interface TableViewProps {
  readonly table: TableModel;
}

const RULE = { borderTop: '2px solid var(--mantine-color-dimmed)' };

/** A table as the paper sets it: headings over groups of columns, rules between groups of rows, the best in bold, notes below. */
export function TableView({ table }: TableViewProps) {
  const { title, columns, rows, notes } = table;
  const upper = headings(columns);
  return (
    <Box component="figure" m={0} aria-label={title}>
      <Group component="figcaption" justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <SaveTable title={title} table={table} />
      </Group>
      <Table.ScrollContainer minWidth={0} type="native" tabIndex={0} role="group" aria-label={`Table: ${title}`}>
        <Table fz="sm" w="auto" verticalSpacing={4} className="figures" aria-label={title}>
          <Table.Thead>
            {upper.length > 0 && (
              <Table.Tr>
                {upper.map(({ group, from, span }) =>
                  group === null ? (
                    <Table.Td key={from} colSpan={span} />
                  ) : (
                    <Table.Th key={from} scope="colgroup" colSpan={span} ta="center">
                      {group}
                    </Table.Th>
                  ),
                )}
              </Table.Tr>
            )}
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={keyOf(column)} scope="col" ta={column.align}>
                  {column.title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ cells, ruleAbove }, r) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a model stay where they are
              <Table.Tr key={r} style={ruleAbove ? RULE : undefined}>
                {cells.map((cell, c) => (
                  <Written key={keyOf(columns[c])} cell={cell} column={columns[c]} isFirst={c === 0} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed" mt={4} maw={900}>
          {note}
        </Text>
      ))}
    </Box>
  );
}

const keyOf = ({ group = '', title }: Column): string => `${group} ${title}`;

function Written({ cell: { text, best, title }, column: { align }, isFirst }: { cell: Cell; column: Column; isFirst: boolean }) {
  const content = best ? <strong>{text}</strong> : text;
  return isFirst ? (
    <Table.Th scope="row" fw={400} ta={align} title={title}>
      {content}
    </Table.Th>
  ) : (
    <Table.Td ta={align} title={title} style={{ whiteSpace: 'nowrap' }}>
      {content}
    </Table.Td>
  );
}
