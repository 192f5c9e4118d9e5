import { Button, Card, Group, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { Protocol } from '../../engine/evaluation/metrics.ts';
import { digitsFor, pWords } from '../../results/digits.ts';
import type { TableModel } from '../../results/tables/table.ts';
import type { MatrixTest, Pairing, TestMatrix, Unpaired } from '../../results/tests.ts';
import { Problem } from '../shared/Problem.tsx';
import { metricLabel } from '../shared/results.ts';
import { SaveTable } from '../shared/SaveTable.tsx';
import { Term } from '../shared/Term.tsx';
import { useResults } from '../shared/useAnswer.ts';
import { inPaperOrder, type RunGroup, relabelled } from './groups.ts';
import { holmMatrix, testLines } from './testWords.ts';
import { WideTable } from './WideTable.tsx';

/** More do not fit side by side; */
const MOST_GROUPS = 10;
/** and more than that nobody reads. */
const MOST_ASKED = 20;
const SIGNIFICANT = 0.05;

interface SignificanceProps {
  readonly groups: readonly RunGroup[];
  /** See `versionOf`. */
  readonly version: string;
  readonly metric: string;
  readonly protocol: Protocol;
  readonly protocolName: string;
}

/** Paired t-tests between the chosen runs as a matrix: row − column. They are reckoned in a worker: instances may be many. */
export const Significance = memo(function Significance({
  groups: all,
  version,
  metric,
  protocol,
  protocolName,
}: SignificanceProps) {
  const [chosen, setOver] = useState<Pairing | null>(null);
  const [isAll, setIsAll] = useState(false);
  const most = isAll ? MOST_ASKED : MOST_GROUPS;
  const groups = useMemo(() => relabelled(inPaperOrder(all).slice(0, most)), [all, most]);
  // Instances alone know nothing of the chance of training: where seeds were repeated, both count until the user says otherwise.
  const isRepeated = groups.filter(({ runs }) => runs.length > 1).length > 1 && metric !== 'macroF1';
  const over = chosen ?? (isRepeated ? 'both' : 'instances');
  const showable = Math.min(all.length, MOST_ASKED);
  const ids = groups.map(({ runs }) => runs.map(({ id }) => id));
  const key = groups.length < 2 ? null : JSON.stringify(['tests', version, ids, metric, protocol, over]);
  const tests = useResults(key, (service) => service.tests(ids, metric, protocol, over));
  if (groups.length < 2) return null;
  const matrix = tests.key === key ? tests.value : undefined;
  const title = `Paired t-tests: ${metricLabel(metric)}${protocolName}, row − column`;
  const labels = groups.map(({ label }) => label);
  return (
    <Card withBorder component="section" aria-label="Significance" aria-busy={tests.waiting}>
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
              { value: 'both', label: 'over both' },
            ]}
          />
        </Group>
        <Problem error={tests.error} title="The tests could not be reckoned" />
        {matrix === undefined ? (
          tests.error === null && <Text size="sm">Testing …</Text>
        ) : matrix.flat().every((test) => test === null || 'reason' in test) ? (
          <Text size="sm">{whyNone(metric, over)}</Text>
        ) : (
          <>
            <Matrix labels={labels} matrix={matrix} />
            <SaveTable title={title} table={() => matrixTable(title, labels, matrix, over)} />
          </>
        )}
        <Text size="xs" c="dimmed">
          The difference ± its standard error, two-sided p, and p after Holm’s correction for all pairs shown; bold where that is
          below .05. {PAIRING_WORDS[over]}
          {all.length > groups.length &&
            ` ${groups.length} of ${all.length} are shown, the first in the paper’s order of methods: choose fewer runs to see others.`}
        </Text>
        {all.length > MOST_GROUPS && (
          <Button size="compact-xs" variant="default" w="fit-content" onClick={() => setIsAll(!isAll)}>
            {isAll ? `Show ${MOST_GROUPS}` : `Show ${showable === all.length ? 'all ' : ''}${showable}`}
          </Button>
        )}
      </Stack>
    </Card>
  );
});

const PAIRING_WORDS: Readonly<Record<Pairing, string>> = {
  instances: 'Seeds are averaged for each test instance: it is about other instances, for these trained models.',
  seeds: 'Each seed is one pair: it is about training again, on the same instances.',
  both: 'It is about training again and other instances at once.',
};

function whyNone(metric: string, over: Pairing): string {
  if (metric === 'macroF1' && over !== 'seeds') return 'Macro F1 is no mean over instances: it can be paired over seeds alone.';
  if (over === 'seeds') return 'No two of these methods ran with the same seeds.';
  return 'These runs are not of the same task: they differ in dataset, split or candidates, or their ranks were not kept.';
}

function Matrix({ labels, matrix }: { labels: readonly string[]; matrix: TestMatrix }) {
  const corrected = holmMatrix(matrix);
  return (
    <WideTable label="Table of the tests" minWidth={160 + 150 * labels.length}>
      <Table fz="sm" verticalSpacing={4} className="figures" withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>row − column</Table.Th>
            {labels.map((label) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {labels.map((label, a) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              {matrix[a].map((test, b) => (
                <Table.Td key={labels[b]}>{a === b ? '' : <Cell test={test} corrected={corrected[a][b]} />}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Cell({ test, corrected }: { test: MatrixTest | Unpaired | null; corrected: number | null }) {
  if (test === null) return '–';
  if ('reason' in test)
    return (
      <Text size="xs" c="dimmed">
        {test.reason}
      </Text>
    );
  const [difference, ...others] = testLines(test, corrected);
  return (
    <Text size="sm" fw={corrected !== null && corrected < SIGNIFICANT ? 700 : 400}>
      {difference}
      {others.map((line) => (
        <Text key={line} span size="xs" c="dimmed" display="block">
          {line}
        </Text>
      ))}
    </Text>
  );
}

/** The matrix to be saved: a line a pair. */
function matrixTable(title: string, labels: readonly string[], matrix: TestMatrix, over: Pairing): TableModel {
  const corrected = holmMatrix(matrix);
  const rows = labels.flatMap((first, a) =>
    labels.slice(0, a).flatMap((second, b) => {
      const test = matrix[a][b];
      if (test === null || 'reason' in test) return [];
      const p = (value: number | null) => (value === null ? { text: '–' } : { text: pWords(value), value });
      const digits = digitsFor(test.standardError);
      return [
        {
          cells: [
            { text: first },
            { text: second },
            { text: test.effect.toFixed(digits), value: test.effect },
            { text: test.standardError.toFixed(digits), value: test.standardError },
            p(test.p),
            p(corrected[a][b]),
            { text: test.n.toLocaleString('en'), value: test.n },
          ],
        },
      ];
    }),
  );
  const words = ['difference', 'standard error', 'p', 'p (Holm)', 'N'];
  return {
    id: 'significance',
    title,
    columns: [
      { title: 'first', align: 'left' },
      { title: 'second', align: 'left' },
      ...words.map((word) => ({ title: word, align: 'right' as const })),
    ],
    rows,
    notes: [`First − second, paired ${over === 'both' ? 'over instances and seeds' : `over ${over}`}. ${PAIRING_WORDS[over]}`],
  };
}
