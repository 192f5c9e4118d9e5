import { Button, Card, Group, Modal, NativeSelect, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { metricNames, type Protocol } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import { deleteRuns, type EpochRow, type RunRow } from '../../storage/database.ts';
import { Curves } from '../shared/Curves.tsx';
import { metricLabel, metricValue } from '../shared/results.ts';
import { epochSeries, protocolWords, references, selectionNote } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { deletedWith, hiddenTrials } from '../shared/trials.ts';
import { Confusion } from './Confusion.tsx';
import { Exports } from './Exports.tsx';
import { groupBySeed } from './groups.ts';
import { RunTable } from './RunTable.tsx';
import { SeedTable } from './SeedTable.tsx';
import { Significance } from './Significance.tsx';

/** At most so many curves in full colour; more cannot be told apart. */
const MOST_CURVES = 8;

/** All runs as a table, and the curves of some laid over each other. */
export default function ComparePage() {
  const [, navigate] = useLocation();
  const runs = useLiveQuery(() => database.runs.toArray(), []);
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  const [asked, setAsked] = useState<readonly number[]>([]);
  const [chosenMetric, setMetric] = useState<string | null>(null);
  const [rows, setRows] = useState<'runs' | 'seeds'>('runs');
  const [protocol, setProtocol] = useState<Protocol>('sampled');
  const datasets = useLiveQuery(() => database.datasets.toArray(), []);
  const finished = runs?.filter(({ result }) => result !== null) ?? [];
  const trials = hiddenTrials(runs ?? []);
  const comparable = finished.filter(({ id }) => !trials.has(id));
  // Until the user chooses, everything of the newest dataset.
  const newest = comparable.at(-1)?.datasetId;
  const ids = chosen ?? comparable.filter(({ datasetId }) => datasetId === newest).map(({ id }) => id);
  const epochs =
    useLiveQuery(
      () =>
        database.epochs
          .where('runId')
          .anyOf([...ids])
          .toArray(),
      [ids.join(' ')],
    ) ?? [];
  if (runs === undefined) return null;
  const withCurves = runs.filter(({ id, result }) => ids.includes(id) && result?.bestEpoch !== 0);
  const drawn = withCurves.slice(-MOST_CURVES);
  const metrics = Array.from(new Set(finished.flatMap(({ result }) => (result === null ? [] : metricNames(result.test)))));
  const metric = chosenMetric !== null && metrics.includes(chosenMetric) ? chosenMetric : (metrics[0] ?? 'HR@5');
  const isRanking = metric.includes('@');
  const shown = ({ validation }: EpochRow) => metricValue(validation, metric, protocol);
  const groups = groupBySeed(comparable.filter(({ id }) => ids.includes(id)));
  const candidatesOf = ({ result, datasetId }: RunRow) =>
    protocol === 'sampled' ? result?.candidates : datasets?.find(({ id }) => id === datasetId)?.figures.targetItems;
  const protocolName = isRanking ? ` (${protocol === 'sampled' ? protocolWords(drawn) : 'all items'})` : '';
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h3">
          Compare
        </Title>
        <Text c="dimmed" maw={720}>
          Every run with its test results at its best validation epoch. <Term of="error">±</Term> is one standard error over the
          test instances. Choose runs to lay their curves over each other and to test their differences.
        </Text>
      </div>
      <Modal
        opened={asked.length > 0}
        onClose={() => setAsked([])}
        title={asked.length > 1 ? `Delete ${asked.length} trials?` : `Delete run ${asked[0]}?`}
      >
        <Text mb="md">
          {asked.length > 1 &&
            'The trials of a search go together: if one went, another would become the best, and show a second test result. '}
          Epochs, results and policies go too. This cannot be undone.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setAsked([])}>
            Keep
          </Button>
          <Button color="red" onClick={() => deleteRuns(database, asked).then(() => setAsked([]))}>
            Delete
          </Button>
        </Group>
      </Modal>
      {runs.length === 0 ? (
        <Group>
          <Text>There is no run yet.</Text>
          <Button onClick={() => navigate('/train')}>Train something</Button>
        </Group>
      ) : (
        <>
          <Group align="flex-end">
            <NativeSelect
              size="xs"
              label="Metric"
              data={(metrics.length > 0 ? metrics : ['HR@5']).map((value) => ({ value, label: metricLabel(value) }))}
              value={metric}
              onChange={(event) => setMetric(event.currentTarget.value)}
            />
            <SegmentedControl
              size="xs"
              aria-label="Rows"
              value={rows}
              onChange={setRows}
              data={[
                { value: 'runs', label: 'each run' },
                { value: 'seeds', label: 'mean over seeds' },
              ]}
            />
            {isRanking && (
              <SegmentedControl
                size="xs"
                aria-label="Protocol"
                value={protocol}
                onChange={setProtocol}
                data={[
                  { value: 'sampled', label: protocolWords(finished) },
                  { value: 'all', label: 'all items' },
                ]}
              />
            )}
            <Text size="xs" c="dimmed" maw={420}>
              {!isRanking
                ? 'Of a profile task: the share of right classes, or the mean F1 of the classes.'
                : protocol === 'sampled'
                  ? 'The target among random items, drawn once and shared by all methods; fewer where the catalogue is smaller.'
                  : 'The target among all target items: harder; not to be compared with the other numbers.'}
            </Text>
          </Group>
          {rows === 'seeds' ? (
            <SeedTable groups={groupBySeed(comparable)} metric={metric} protocol={protocol} />
          ) : (
            <RunTable
              runs={runs}
              metric={metric}
              protocol={protocol}
              trials={trials}
              chosen={ids}
              onChoose={setChosen}
              onDelete={(run) => setAsked(deletedWith(run, runs))}
            />
          )}
          {withCurves.length > drawn.length && (
            <Text size="sm">
              {drawn.length} of {withCurves.length} chosen curves are drawn, the newest: more cannot be told apart.
            </Text>
          )}
          {drawn.length > 0 && (
            <Card withBorder>
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                <Curves
                  title={`Validation ${metricLabel(metric)}${protocolName}`}
                  xLabel="epoch"
                  yLabel={metricLabel(metric)}
                  series={epochSeries(drawn, epochs, shown)}
                  references={references(drawn, runs, metric, protocol, candidatesOf)}
                  height={280}
                />
                <Curves
                  title="Fine-tuning loss"
                  xLabel="epoch"
                  yLabel="loss (nats)"
                  series={epochSeries(drawn, epochs, (epoch) => epoch.trainLoss)}
                  height={280}
                />
              </SimpleGrid>
              {selectionNote(drawn) !== null && <Text size="sm">{selectionNote(drawn)}</Text>}
            </Card>
          )}
          <Significance groups={groups} metric={metric} protocol={protocol} protocolName={protocolName} />
          <Confusion runs={comparable} />
        </>
      )}
      <Exports ids={ids} />
    </Stack>
  );
}
