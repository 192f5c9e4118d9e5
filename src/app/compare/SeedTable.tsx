import { Table } from '@mantine/core';
import { describeMethod } from '../../configuration/methods.ts';
import type { Protocol } from '../../engine/evaluation/metrics.ts';
import { digitsFor } from '../format.ts';
import { metricLabel } from '../shared/results.ts';
import { groupMean, type RunGroup } from './groups.ts';
import { WideTable } from './WideTable.tsx';

interface SeedTableProps {
  readonly groups: readonly RunGroup[];
  readonly metric: string;
  readonly protocol: Protocol;
}

/** Runs that differ in nothing but their seed, as one row: mean ± standard deviation. */
export function SeedTable({ groups, metric, protocol }: SeedTableProps) {
  return (
    <WideTable label="Table of the means over seeds" minWidth={560} maxHeight={420}>
      <Table verticalSpacing={4} fz="sm" stickyHeader className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>method</Table.Th>
            <Table.Th ta="right">{metricLabel(metric)}, mean ± sd over seeds</Table.Th>
            <Table.Th ta="right">seeds</Table.Th>
            <Table.Th>which</Table.Th>
            <Table.Th>dataset</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <Table.Tr key={group.key}>
              <Table.Td>
                <span
                  style={{
                    borderLeft: `4px solid ${describeMethod(group.runs[0].configuration.method).colour}`,
                    paddingLeft: 8,
                  }}
                >
                  {group.label}
                </span>
              </Table.Td>
              <Table.Td ta="right">{meanText(group, metric, protocol)}</Table.Td>
              <Table.Td ta="right">{group.runs.length}</Table.Td>
              <Table.Td>{group.runs.map(({ configuration }) => configuration.seed).join(', ')}</Table.Td>
              <Table.Td>{group.runs[0].datasetName}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function meanText(group: RunGroup, metric: string, protocol: Protocol): string {
  const mean = groupMean(group, metric, protocol);
  if (mean === undefined) return 'not measured';
  if (mean.n < 2) return `${mean.value.toFixed(3)} (one seed)`;
  const digits = digitsFor(mean.error);
  return `${mean.value.toFixed(digits)} ± ${mean.deviation.toFixed(digits)}`;
}
