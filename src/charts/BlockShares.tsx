import { Anchor, Table, Text } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { type Spread, shareWords } from './shareWords.ts';
import { GATE_EDGE, gateColour, inkOn } from './viridis.ts';

export interface ShareRow {
  readonly key: string;
  readonly label: string;
  /** Of each block the share of users on its fine-tuned copy; of soft gates, which mix the two, their mean. */
  readonly shares: readonly Spread[];
  readonly isSoft: boolean;
  /** Of what, and of how many: “3 runs, 1,200 users”. */
  readonly note: string;
  /** What a click on the row, or Enter on one of its cells, leads to. */
  readonly onOpen?: () => void;
}

interface BlockSharesProps {
  readonly title: string;
  readonly rows: readonly ShareRow[];
  /** What the deviations are of. */
  readonly deviationOf?: 'the runs' | 'the users’ probabilities';
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * Fig. 3: rows × blocks, each cell the share of users on the fine-tuned block (the mean gate), in figures and as a colour: it is its own table.
 * The cell pointed at, or reached with the arrow keys, is told in words below.
 */
export function BlockShares({ title, rows, deviationOf = 'the runs' }: BlockSharesProps) {
  const blocks = Math.max(0, ...rows.map(({ shares }) => shares.length));
  const [told, setTold] = useState<readonly [number, number] | null>(null);
  const [at, block] = told ?? [0, 0];
  const cell = told === null ? undefined : rows[at]?.shares[block];
  const walk = (event: KeyboardEvent<HTMLTableElement>) => {
    const isCell = event.target instanceof HTMLElement && event.target.dataset.cell !== undefined;
    if (event.key === 'Enter' && isCell) rows[at]?.onOpen?.();
    const step = ARROWS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [row, column] = [at + step[0], block + step[1]];
    const next = event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`);
    next?.focus();
  };
  return (
    <div>
      <Table.ScrollContainer minWidth={0}>
        <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={2} w="auto" aria-label={title} onKeyDown={walk}>
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
          <Table.Tbody onPointerLeave={() => setTold(null)}>
            {rows.map(({ key, label, shares, note, onOpen }, row) => (
              <Table.Tr key={key} onClick={onOpen} style={{ cursor: onOpen && 'pointer' }}>
                <Table.Th scope="row" fw={500} pr="sm" miw={88}>
                  <div style={{ maxWidth: 'min(320px, 26vw)' }}>
                    {onOpen === undefined ? (
                      label
                    ) : (
                      // The click goes on to the row.
                      <Anchor component="button" type="button" fz="inherit" fw="inherit" underline="always" ta="left">
                        {label}
                      </Anchor>
                    )}
                  </div>
                </Table.Th>
                {Array.from({ length: blocks }, (_, l) => {
                  const share = shares[l];
                  return share === undefined ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
                    <Table.Td key={l} />
                  ) : (
                    <Table.Td
                      // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
                      key={l}
                      data-cell={`${row} ${l}`}
                      tabIndex={row === at && l === block ? 0 : -1}
                      onFocus={() => setTold([row, l])}
                      onBlur={() => setTold(null)}
                      onPointerEnter={() => setTold([row, l])}
                      ta="center"
                      miw={52}
                      w={72}
                      lh={1.2}
                      style={{
                        background: gateColour(share.mean),
                        color: inkOn(share.mean),
                        boxShadow: `inset 0 0 0 1px ${GATE_EDGE}`,
                      }}
                    >
                      {share.mean.toFixed(2)}
                      {share.deviation !== null && (
                        <Text span fz={11} display="block" inherit={false}>
                          ± {share.deviation.toFixed(2)}
                        </Text>
                      )}
                    </Table.Td>
                  );
                })}
                <Table.Td pl="sm" c="dimmed" fz="sm" miw={88}>
                  {note}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed" mih={20} mt={4} aria-live="polite">
        {cell === undefined
          ? 'Point at a cell, or walk over the cells with the arrow keys, to read it in words.'
          : `${rows[at].label}, block ${block + 1}: ${shareWords(cell, rows[at].isSoft, deviationOf)} (${rows[at].note}).`}
      </Text>
    </div>
  );
}
