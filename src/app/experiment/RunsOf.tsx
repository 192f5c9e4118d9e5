import { Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { memo, useMemo } from 'react';
import { headlines } from '../../engine/evaluation/metrics.ts';
import type { RunRow } from '../../storage/database.ts';
import { count } from '../format.ts';
import { measuredText, metricLabel } from '../shared/results.ts';
import { statusWord } from '../shared/statusWord.ts';
import { Term } from '../shared/Term.tsx';
import { bestOf, columnDigits, meanOf, meanWords } from './means.ts';
import { Reasons } from './Reasons.tsx';
import { runGrid } from './runGrid.ts';

interface RunsOfProps {
  /** Its name. */
  readonly dataset: string;
  readonly datasetId: number;
  /** Of the experiment, on all datasets. */
  readonly all: readonly RunRow[];
}

/** An experiment's runs on one dataset: configurations × seeds, each with its result or where it stands. */
export const RunsOf = memo(function RunsOf({ dataset, datasetId, all }: RunsOfProps) {
  const runs = useMemo(() => all.filter((run) => run.datasetId === datasetId), [all, datasetId]);
  const { seeds, rows, labels, unanswered } = useMemo(() => runGrid(runs), [runs]);
  const means = useMemo(() => rows.map((row) => meanOf(row.runs.values())), [rows]);
  const hasMeans = seeds.length > 1 && means.some((mean) => mean !== null);
  const [best, digits] = [bestOf(means), columnDigits(means)];
  const results = runs.flatMap(({ result }) => (result === null ? [] : [result]));
  return (
    <Stack gap={4} component="section" aria-label={`Runs on ${dataset}`}>
      <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
        {dataset}
      </Title>
      <Reasons labels={labels} unanswered={unanswered} />
      <Table.ScrollContainer minWidth={160 + 112 * (seeds.length + Number(hasMeans))} type="native" tabIndex={0}>
        <Table
          verticalSpacing={2}
          fz="sm"
          maw={400 + 136 * (seeds.length + Number(hasMeans))}
          className="figures"
          aria-label={`Runs on ${dataset}`}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>method</Table.Th>
              {hasMeans && <Table.Th>mean ± sd</Table.Th>}
              {seeds.map((seed) => (
                <Table.Th key={seed}>seed {seed}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, label, runs: own }, i) => (
              <Table.Tr key={key}>
                <Table.Th fw={400} scope="row">
                  {label}
                </Table.Th>
                {hasMeans && (
                  <Table.Td style={{ whiteSpace: 'nowrap' }} fw={best.includes(i) ? 700 : undefined}>
                    {means[i] && meanWords(means[i], digits, seeds.length)}
                    {best.includes(i) && <VisuallyHidden> (the best)</VisuallyHidden>}
                  </Table.Td>
                )}
                {seeds.map((seed) => (
                  <Table.Td key={seed} w={136} style={{ whiteSpace: 'nowrap' }}>
                    <Cell run={own.get(seed)} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {results.length > 0 && (
        <Text size="xs" c="dimmed">
          Test {metricLabel(headlines(results[0].test)[0])} <Term of="error">± standard error</Term> over{' '}
          {rangeWords(results.map(({ test }) => test.n))} test instances
          {results[0].classes === null && `, ranked among ${rangeWords(results.map(({ candidates }) => candidates))} candidates`}.
          {hasMeans &&
            ' The mean over the seeds comes with their standard deviation; the highest is bold. Whether it is more than chance is tested on the Compare page.'}
        </Text>
      )}
    </Stack>
  );
});

/** One number where all are the same, else from the least to the most. */
function rangeWords(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? count(least) : `${count(least)} to ${count(most)}`;
}

/** With enough contrast at the size of the table. */
const RED = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))';
const COLOURS: Partial<Record<RunRow['status'], string>> = { failed: RED, running: 'indigo', queued: 'dimmed', held: 'dimmed' };

function Cell({ run }: { run: RunRow | undefined }) {
  if (run === undefined) return null;
  if (run.result !== null) return measuredText(run.result.test, headlines(run.result.test)[0]);
  return (
    <Text size="sm" c={COLOURS[run.status]} span>
      {statusWord(run.status)}
    </Text>
  );
}
