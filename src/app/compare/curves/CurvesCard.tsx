import { Box, Button, Card, Group, List, RangeSlider, SimpleGrid, Slider, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { type Protocol, selectionMetric } from '../../../engine/evaluation/metrics.ts';
import { database } from '../../../state/database.ts';
import type { RunRow } from '../../../storage/database.ts';
import { Curves } from '../../shared/Curves.tsx';
import { InTurn } from '../../shared/InTurn.tsx';
import { metricLabel, metricValue } from '../../shared/results.ts';
import { references, runLabels, selectionNote } from '../../shared/series.ts';
import { relabelled } from '../groups.ts';
import { type Course, courseSeries, epochsByRun, lastEpoch, peaks } from './courses.ts';

interface CurvesCardProps {
  /** The chosen runs, each for itself, oldest first. */
  readonly singles: readonly Course[];
  /** The same where they differ in their seed alone. */
  readonly groups: readonly Course[];
  /** Whether means over seeds are asked for. */
  readonly bySeeds: boolean;
  /** All runs, among which MostPop is looked for. */
  readonly runs: readonly RunRow[];
  readonly metric: string;
  readonly protocol: Protocol;
  readonly protocolName: string;
  /** How many a target is ranked among. */
  readonly candidatesOf: (run: RunRow) => number | undefined;
}

/** At most so many curves; more cannot be told apart. */
const MOST_CURVES = 8;
/** Runs whose curves are told in words. */
const MOST_TOLD = 12;
const MOST_SMOOTHING = 0.95;
const CHART_HEIGHT = 280;

/** Validation and training loss side by side, over each other: where the one falls while the other goes on, a run over-fits (Fig. 4). */
export const CurvesCard = memo(function CurvesCard({
  singles,
  groups,
  bySeeds,
  runs,
  metric,
  protocol,
  protocolName,
  candidatesOf,
}: CurvesCardProps) {
  const [beta, setBeta] = useState(0);
  const [chosenRange, setRange] = useState<readonly [number, number] | null>(null);
  const [each, setEach] = useState(false);
  // Of more than can be drawn, means over seeds lose less than leaving runs out.
  const isChoice = !bySeeds && singles.length > MOST_CURVES && groups.some((course) => course.runs.length > 1);
  const courses = bySeeds || (isChoice && !each) ? groups : singles;
  const drawn = useMemo(() => shortlyNamed(courses.slice(-MOST_CURVES), runs), [courses, runs]);
  const drawnRuns = useMemo(() => drawn.flatMap((course) => course.runs), [drawn]);
  const ids = drawnRuns.map(({ id }) => id);
  const rows = useDeferredValue(useLiveQuery(() => database.epochs.where('runId').anyOf(ids).toArray(), [ids.join(' ')]));
  const epochs = useMemo(() => epochsByRun(rows ?? []), [rows]);
  const last = lastEpoch(epochs);
  const range: readonly [number, number] = [
    Math.min(chosenRange?.[0] ?? 1, last),
    Math.min(chosenRange?.[1] ?? Number.POSITIVE_INFINITY, last),
  ];
  const [from, to] = range;
  const lines = useMemo(() => {
    const view = { beta, range: [from, to] as const };
    return {
      validation: courseSeries(drawn, epochs, ({ validation }) => metricValue(validation, metric, protocol), view),
      loss: courseSeries(ofOneLoss(drawn), epochs, ({ trainLoss }) => trainLoss, view),
    };
  }, [drawn, epochs, metric, protocol, beta, from, to]);
  const levels = useMemo(
    () => references(drawnRuns, runs, metric, protocol, candidatesOf),
    [drawnRuns, runs, metric, protocol, candidatesOf],
  );
  const told = useMemo(
    () => peaks(drawnRuns, epochs, metric, protocol).slice(0, MOST_TOLD),
    [drawnRuns, epochs, metric, protocol],
  );
  const names = useMemo(() => namesOfRuns(drawn), [drawn]);
  if (drawn.length === 0) return null;
  const grouped = drawn.some((course) => course.runs.length > 1);
  const test = drawnRuns.find(({ result }) => result !== null)?.result?.test;
  const note = selectionNote(drawnRuns);
  return (
    <Card withBorder component="section" aria-label="Curves">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Epoch by epoch
        </Title>
        <Group gap="xl" align="flex-start">
          <div style={{ width: 200 }}>
            <Text size="xs" component="div" fw={500}>
              Smoothing {beta === 0 ? '(none)' : beta.toFixed(2)}
            </Text>
            <Slider
              size="sm"
              min={0}
              max={MOST_SMOOTHING}
              step={0.05}
              value={beta}
              onChange={setBeta}
              label={null}
              thumbLabel="Smoothing"
            />
          </div>
          {last > 2 && (
            <div style={{ width: 240 }}>
              <Text size="xs" component="div" fw={500}>
                Epochs {from} to {to}
              </Text>
              <RangeSlider
                size="sm"
                min={1}
                max={last}
                minRange={1}
                value={[from, to]}
                onChange={setRange}
                label={null}
                thumbFromLabel="First epoch"
                thumbToLabel="Last epoch"
              />
            </div>
          )}
        </Group>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Curves
            title={`Validation ${metricLabel(metric)}${protocolName}`}
            xLabel="epoch"
            yLabel={metricLabel(metric)}
            series={lines.validation}
            references={levels}
            height={CHART_HEIGHT}
          />
          <Box mih={CHART_HEIGHT}>
            <InTurn turn={1}>
              <Curves title="Fine-tuning loss" xLabel="epoch" yLabel="loss (nats)" series={lines.loss} height={CHART_HEIGHT} />
            </InTurn>
          </Box>
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          {grouped
            ? 'Lines are means over seeds, as far as all of them went; bands are one standard deviation on either side.'
            : `A ring marks the best epoch${test === undefined ? '' : `, by validation ${selectionMetric(test)}`}: its model was tested.`}
          {ofOneLoss(drawn).length < drawn.length &&
            ' MTL is left out of the loss: its own is the sum of both domains’, many times as high, and would flatten the others.'}
          {beta > 0 && ' The faint lines are not smoothed.'}
          {courses.length > drawn.length &&
            ` ${drawn.length} of ${courses.length} chosen curves are drawn, the newest: more cannot be told apart.`}
          {note !== null && ` ${note}`}
        </Text>
        {isChoice && (
          <Group gap="sm">
            <Text size="sm">
              {singles.length} trained runs are chosen, of several seeds{each ? '.' : ': their means are drawn.'}
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => setEach(!each)}>
              {each ? 'Draw means over seeds' : 'Draw each run'}
            </Button>
          </Group>
        )}
        {told.length > 0 && (
          <div>
            <Text size="sm" fw={600}>
              Over-fitting, in words, by {metric}
            </Text>
            <List size="sm" className="figures">
              {told.map(({ id, words }) => (
                <List.Item key={id}>
                  {names.get(id)} {words}
                </List.Item>
              ))}
            </List>
            {told.length < drawnRuns.length && told.length === MOST_TOLD && (
              <Text size="xs" c="dimmed">
                The first {MOST_TOLD} of {drawnRuns.length}.
              </Text>
            )}
          </div>
        )}
      </Stack>
    </Card>
  );
});

/** What is drawn of the loss: the losses of multi-task learning are of both domains, and of another size. */
function ofOneLoss(courses: readonly Course[]): readonly Course[] {
  const others = courses.filter(({ runs: [{ configuration }] }) => configuration.method !== 'mtl');
  return others.length === 0 ? courses : others;
}

/** Named by what tells them from those beside them, not from all that are chosen; the seed is told where `runs` have several. */
function shortlyNamed(courses: readonly Course[], runs: readonly RunRow[]): Course[] {
  const labels = runLabels(
    courses.flatMap((course) => course.runs),
    runs,
  );
  const ofGroups = new Map(relabelled(courses).map(({ key, label }) => [key, label]));
  const isMean = courses.some((course) => course.runs.length > 1);
  return courses.map((course) => {
    const [{ id, configuration }] = course.runs;
    const label = ofGroups.get(course.key) ?? labels.get(id) ?? '';
    return { ...course, label: isMean && course.runs.length === 1 ? `${label}, seed ${configuration.seed}` : label };
  });
}

const namesOfRuns = (courses: readonly Course[]): Map<number, string> =>
  new Map(
    courses.flatMap(({ label, runs }) =>
      runs.map(({ id, configuration: { seed } }) => [id, runs.length > 1 ? `${label}, seed ${seed}` : label] as const),
    ),
  );
