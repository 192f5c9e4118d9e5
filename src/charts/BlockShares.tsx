import { Table } from '@mantine/core';
import { gateColour, inkOn } from './viridis.ts';

export interface ShareRow {
  readonly key: string;
  readonly label: string;
  readonly shares: readonly number[];
  readonly note?: string;
}

/** Fig. 3: rows × blocks, each cell the share of users on the fine-tuned block. The figures stand in it: it is its own table. */
export function BlockShares({ title, rows }: { title: string; rows: readonly ShareRow[] }) {
  const blocks = Math.max(0, ...rows.map(({ shares }) => shares.length));
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={2} w="auto" aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {Array.from({ length: blocks }, (_, l) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
              <Table.Th key={`block ${l + 1}`} ta="center" fw={400} fz="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                block {l + 1}
              </Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, label, shares, note }) => (
            <Table.Tr key={key}>
              <Table.Th fw={500} pr="sm" style={{ whiteSpace: 'nowrap' }}>
                {label}
              </Table.Th>
              {Array.from({ length: blocks }, (_, l) => {
                const value = shares[l];
                return value === undefined ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
                  <Table.Td key={l} />
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
                  <Table.Td key={l} ta="center" miw={56} w={72} style={{ background: gateColour(value), color: inkOn(value) }}>
                    {value.toFixed(2)}
                  </Table.Td>
                );
              })}
              <Table.Td pl="sm" c="dimmed" fz="sm" style={{ whiteSpace: 'nowrap' }}>
                {note}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
