import { Accordion, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { database } from '../../state/database.ts';
import { useTraining } from '../../state/training.ts';
import type { DatasetRow, EpochRow, RunRow } from '../../storage/database.ts';
import { count, duration, speed } from '../format.ts';
import { Curves } from '../shared/Curves.tsx';
import { metricLabel, metricValue } from '../shared/results.ts';
import { epochSeries, protocolWords, references, runLabels, selectionNote } from '../shared/series.ts';
import { LivePolicies } from './LivePolicies.tsx';
import { Queue } from './Queue.tsx';
import { Story } from './Story.tsx';
import { shownRun } from './shown.ts';

/** Runs whose curves are drawn: more cannot be told apart. */
const DRAWN_RUNS = 8;

/** What is going on: where it stands, its curves beside those of the runs before, its policies, its log. */
export function LiveRuns({ dataset, runs }: { dataset: DatasetRow; runs: readonly RunRow[] }) {
  const runId = useTraining((state) => state.runId);
  const drawn = useMemo(() => {
    const started = runs.filter(({ status, pretraining }) => !['queued', 'held'].includes(status) || pretraining.length > 0);
    return started.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0)).slice(-DRAWN_RUNS);
  }, [runs]);
  const ids = drawn.map(({ id }) => id);
  const epochs = useLiveQuery(() => database.epochs.where('runId').anyOf(ids).toArray(), [ids.join(' ')]);
  const labels = useMemo(() => runLabels(runs), [runs]);
  const lines = useMemo(() => linesOf(drawn, runs, epochs ?? [], dataset, labels), [drawn, runs, epochs, dataset, labels]);
  const isOver = runs.every(({ status }) => status !== 'queued');
  const shown = useMemo(() => shownRun(drawn, dataset, isOver), [drawn, dataset, isOver]);
  return (
    <Stack gap="md">
      <Story dataset={dataset} runs={runs} />
      {runId !== null && labels.has(runId) && <Standing label={labels.get(runId) ?? ''} />}
      {shown !== undefined && (
        <LivePolicies
          key={`${shown.id} ${shown.startedAt}`}
          run={shown}
          label={labels.get(shown.id) ?? ''}
          epochs={epochs?.filter(({ runId: of }) => of === shown.id) ?? []}
        />
      )}
      {drawn.length === 0 ? (
        <Text c="dimmed">
          No run yet on this dataset. Choose methods, then start; curves and policies appear here while they train.
        </Text>
      ) : (
        <Card withBorder>
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Curves title="Pre-training loss" xLabel="epoch" yLabel="cross-entropy (nats)" series={lines.pretraining} />
            <Curves title="Fine-tuning loss" xLabel="epoch" yLabel="loss (nats)" series={lines.loss} />
            <Curves
              title={`Validation ${lines.first.label}${lines.protocol}`}
              xLabel="epoch"
              yLabel={lines.first.label}
              series={lines.first.series}
              references={lines.first.levels}
            />
            <Curves
              title={`Validation ${lines.second.label}${lines.protocol}`}
              xLabel="epoch"
              yLabel={lines.second.label}
              series={lines.second.series}
              references={lines.second.levels}
            />
          </SimpleGrid>
          {selectionNote(drawn) !== null && <Text size="sm">{selectionNote(drawn)}</Text>}
        </Card>
      )}
      <Queue runs={runs} labels={labels} />
      <Log labels={labels} />
    </Stack>
  );
}

/** All lines of the page, and what stands beside them. */
function linesOf(
  runs: readonly RunRow[],
  all: readonly RunRow[],
  epochs: readonly EpochRow[],
  { task, figures }: DatasetRow,
  labels: ReadonlyMap<number, string>,
) {
  const candidatesOf = ({ configuration }: RunRow) =>
    task === 'profile' ? figures.targetItems : Math.min(configuration.evaluation.candidates, figures.targetItems);
  const [first, second] = task === 'profile' ? ['accuracy', 'macroF1'] : ['HR@5', 'MRR@5'];
  const of = (metric: string) => ({
    label: metricLabel(metric),
    series: epochSeries(runs, epochs, ({ validation }) => metricValue(validation, metric), labels),
    levels: references(runs, all, metric, 'sampled', candidatesOf),
  });
  const pretrained = runs.findLast(({ pretraining }) => pretraining.length > 0);
  return {
    protocol: task === 'profile' ? '' : ` (${protocolWords(runs)})`,
    pretraining:
      pretrained === undefined
        ? []
        : [
            {
              key: `run ${pretrained.id}`,
              label: 'NextItNet',
              colour: 'light-dark(#7048e8, #b197fc)',
              dash: '',
              points: pretrained.pretraining.map(({ epoch, loss }) => ({ x: epoch, y: loss })),
            },
          ],
    loss: epochSeries(runs, epochs, (epoch) => epoch.trainLoss, labels),
    first: of(first),
    second: of(second),
  };
}

/** Stage, epoch, step, speed and time left of the current run. */
function Standing({ label }: { label: string }) {
  const { progress, stepsPerSecond, secondsLeft, paused } = useTraining();
  const stage = progress === null ? 'starting' : progress.stage === 'pretraining' ? 'pre-training' : 'fine-tuning';
  return (
    <Group gap="lg" className="figures" role="status">
      <Text fw={600}>
        {label}: {paused ? 'paused' : stage}
      </Text>
      {progress !== null && (
        <>
          <Text size="sm">
            epoch {progress.epoch} of {progress.epochs}, step {count(progress.step)} of {count(progress.steps)}
          </Text>
          <Text size="sm">loss {progress.loss.toFixed(4)}</Text>
          <Text size="sm">{paused ? '' : `${speed(stepsPerSecond)}, ${duration(secondsLeft)} left of this stage`}</Text>
        </>
      )}
    </Group>
  );
}

function Log({ labels }: { labels: ReadonlyMap<number, string> }) {
  const log = useTraining((state) => state.log);
  if (log.length === 0) return null;
  return (
    <Accordion variant="contained">
      <Accordion.Item value="log">
        <Accordion.Control>
          <Text size="sm">Log</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Text
            component="pre"
            size="xs"
            style={{ whiteSpace: 'pre-wrap', margin: 0, maxHeight: 240, overflow: 'auto' }}
            tabIndex={0}
          >
            {log.map(({ runId, text }) => `${labels.get(runId) ?? `run ${runId}`}  ${text}`).join('\n')}
          </Text>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
