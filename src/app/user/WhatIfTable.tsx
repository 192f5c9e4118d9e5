import { Table, Text } from '@mantine/core';
import { useState } from 'react';
import { gatesOfPattern } from '../../engine/evaluation/policies.ts';
import type { WhatIfs } from '../../engine/inspection/inspect.ts';
import { patternWords, scoreText } from './words.ts';

interface WhatIfTableProps {
  readonly blocks: number;
  readonly whatIfs: WhatIfs;
}

/** The picture of what-ifs as a table to read; its rows are made when it is opened. */
export function WhatIfTable({ blocks, whatIfs: { rankAll, rankSampled, score } }: WhatIfTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <Text component="summary" size="xs" style={{ cursor: 'pointer' }}>
        As a table
      </Text>
      {isOpen && (
        <Table.ScrollContainer minWidth={0} maxHeight={280}>
          <Table fz="xs" verticalSpacing={2} className="figures" aria-label="What-ifs as a table">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>policy</Table.Th>
                {rankSampled !== null && <Table.Th ta="right">rank among candidates</Table.Th>}
                <Table.Th ta="right">rank among all</Table.Th>
                <Table.Th ta="right">score</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {Array.from(rankAll, (rank, pattern) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the index is the policy
                <Table.Tr key={pattern}>
                  <Table.Td style={{ whiteSpace: blocks <= 2 ? 'nowrap' : undefined }}>
                    {patternWords(gatesOfPattern(pattern, blocks))}
                  </Table.Td>
                  {rankSampled !== null && <Table.Td ta="right">{rankSampled[pattern]}</Table.Td>}
                  <Table.Td ta="right">{rank}</Table.Td>
                  <Table.Td ta="right">{scoreText(score[pattern])}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </details>
  );
}
