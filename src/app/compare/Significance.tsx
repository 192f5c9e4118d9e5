import { Card, Group, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import type { Protocol } from '../../engine/evaluation/metrics.ts';
import type { PairedTest } from '../../engine/evaluation/significance.ts';
import { database } from '../../state/database.ts';
import { digitsFor } from '../format.ts';
import { metricLabel } from '../shared/results.ts';
import { Term } from '../shared/Term.tsx';
import { type RunGroup, testsBetween, type Unpaired } from './groups.ts';
import { WideTable } from './WideTable.tsx';

/** More do not fit side by side. */
const MOST_GROUPS = 10;
const SIGNIFICANT = 0.05;

interface SignificanceProps {
  readonly groups: readonly RunGroup[];
  readonly metric: string;
  readonly protocol: Protocol;
  readonly protocolName: string;
}

/** Paired t-tests between the chosen runs as a matrix: row − column. */
export function Significance({ groups: all, metric, protocol, protocolName }: SignificanceProps) {
  const [over, setOver] = useState<'instances' | 'seeds'>('instances');
  const shown = all.slice(-MOST_GROUPS);
  // Finished runs never change: the same runs in the same groups are the same groups.
  const identity = JSON.stringify(shown.map(({ key, runs }) => [key, runs.map(({ id }) => id)]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above; a new array each time would test everything again
  const groups = useMemo(() => shown, [identity]);
  const ids = groups.flatMap(({ runs }) => runs.map(({ id }) => id));
  const outcomes = useLiveQuery(() => database.outcomes.bulkGet(ids), [ids.join(' ')]);
  const tests = useMemo(() => {
    const rows = new Map((outcomes ?? []).flatMap((row) => (row === undefined ? [] : [[row.runId, row] as const])));
    return testsBetween(groups, rows, metric, protocol, over);
  }, [groups, outcomes, metric, protocol, over]);
  if (groups.length < 2) return null;
  return (
    <Card withBorder component="section" aria-label="Significance">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            <Term of="significance">Paired t-tests</Term>: {metricLabel(metric)}
            {protocolName}, row − column
          </Title>
          <SegmentedControl
            size="xs"
            aria-label="Pairs"
            value={over}
            onChange={setOver}
            data={[
              { value: 'instances', label: 'over test instances' },
              { value: 'seeds', label: 'over seeds' },
            ]}
          />
        </Group>
        {tests.flat().every((test) => test === null || 'reason' in test) ? (
          <Text size="sm">
            {metric === 'macroF1' && over === 'instances'
              ? 'Macro F1 is no mean over instances: it can be paired over seeds alone.'
              : over === 'seeds'
                ? 'No two of these methods ran with the same seeds.'
                : 'These runs are not of the same task: they differ in dataset, split or candidates, or their ranks were not kept.'}
          </Text>
        ) : (
          <WideTable label="Table of the tests" minWidth={160 + 130 * groups.length}>
            <Table fz="sm" verticalSpacing={4} className="figures" withColumnBorders>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>row − column</Table.Th>
                  {groups.map(({ key, label }) => (
                    <Table.Th key={key}>{label}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {groups.map(({ key, label }, a) => (
                  <Table.Tr key={key}>
                    <Table.Th>{label}</Table.Th>
                    {tests[a].map((test, b) => (
                      <Table.Td key={groups[b].key}>{a === b ? '' : <Cell test={test} />}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
        <Text size="xs" c="dimmed">
          Two-sided p of the difference, its standard error after ±; bold below .05. Of many pairs one in twenty is bold by
          chance.
          {all.length > groups.length && ` ${groups.length} of ${all.length} are shown, the newest.`}
        </Text>
      </Stack>
    </Card>
  );
}

function Cell({ test }: { test: PairedTest | Unpaired | null }) {
  if (test === null) return '–';
  if ('reason' in test)
    return (
      <Text size="xs" c="dimmed">
        {test.reason}
      </Text>
    );
  const { effect, standardError, p, n } = test;
  const digits = digitsFor(standardError);
  return (
    <Text size="sm" fw={p !== null && p < SIGNIFICANT ? 700 : 400} title={`N = ${n.toLocaleString('en')} pairs`}>
      {effect < 0 ? '−' : '+'}
      {Math.abs(effect).toFixed(digits)} ± {standardError.toFixed(digits)}
      <br />
      <Text span size="xs" c="dimmed">
        {p === null ? (n < 2 ? 'one pair only' : 'no spread') : p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3)}`}, N ={' '}
        {n.toLocaleString('en')}
      </Text>
    </Text>
  );
}
