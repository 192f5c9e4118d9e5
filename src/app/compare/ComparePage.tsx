import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { metricNames } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { differingAmong } from '../shared/differing.ts';
import { InTurn } from '../shared/InTurn.tsx';
import { protocolWords, runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { deletedWithAll, hiddenTrials } from '../shared/trials.ts';
import { useAddress } from '../shared/useAddress.ts';
import { readAddress, writeIds } from './address.ts';
import { Claims } from './Claims.tsx';
import { Confusion } from './Confusion.tsx';
import { usualChoice } from './choice.ts';
import { CurvesCard } from './curves/CurvesCard.tsx';
import type { Course } from './curves/courses.ts';
import { DeleteDialog, type Deletion } from './DeleteDialog.tsx';
import { Exports } from './Exports.tsx';
import { groupBySeed } from './groups.ts';
import { type KnownRun, knownRuns } from './knownRuns.ts';
import { MetricControls } from './MetricControls.tsx';
import { PaperTables } from './PaperTables.tsx';
import { Part, Parts } from './Parts.tsx';
import { Significance } from './Significance.tsx';
import { ScatterCard } from './scatter/ScatterCard.tsx';
import { RunsSection } from './table/RunsSection.tsx';
import { versionOf } from './versions.ts';

const NOBODY: readonly RunRow[] = [];

/** All runs as a table; the chosen ones drawn, tested and laid out as in the paper. What is chosen stands in the address. */
export default function ComparePage() {
  const [, navigate] = useLocation();
  const { search, change } = useAddress();
  const address = useMemo(() => readAddress(search), [search]);
  // Deferred: what follows from thousands of runs is drawn piece by piece, and a check box never waits for charts.
  const read = useRef<readonly KnownRun[]>([]);
  const now = useLiveQuery(async () => {
    read.current = await knownRuns(database, read.current);
    return read.current;
  }, []);
  const known = useDeferredValue(now);
  const ranked = useLiveQuery(() => database.outcomes.toCollection().primaryKeys(), []);
  const datasets = useLiveQuery(() => database.datasets.toArray(), []);
  const [asked, setAsked] = useState<Deletion | null>(null);
  const runs = useMemo(() => known?.map(({ run }) => run) ?? NOBODY, [known]);
  const hidden = useMemo(() => hiddenTrials(runs), [runs]);
  const comparable = useMemo(() => runs.filter(({ id, result }) => result !== null && !hidden.has(id)), [runs, hidden]);
  const { experiment } = address;
  const { rows, protocol } = useDeferredValue(address);
  const ids = useMemo(() => address.runs ?? usualChoice(comparable, experiment), [address.runs, comparable, experiment]);
  const chosen = useMemo(() => new Set(ids), [ids]);
  const latest = useRef(chosen);
  useEffect(() => {
    latest.current = chosen;
  }, [chosen]);
  // Stays the same function, so that the rows of the table are not drawn again for it.
  const choose = useCallback(
    (changed: readonly number[], isChosen: boolean) => {
      const next = new Set(latest.current);
      for (const id of changed) {
        if (isChosen) next.add(id);
        else next.delete(id);
      }
      change({ runs: writeIds(Array.from(next)) });
    },
    [change],
  );
  const askToDelete = useCallback(
    (wanted: readonly RunRow[], unseen: number) => {
      const going = deletedWithAll(wanted, runs);
      setAsked({ runs: going, along: going.length - wanted.length, unseen });
    },
    [runs],
  );
  const metrics = useMemo(() => metricsOfRuns(comparable), [comparable]);
  const metric = address.metric !== null && metrics.includes(address.metric) ? address.metric : metrics[0];
  const shownMetric = useDeferredValue(metric);
  const settled = useDeferredValue(chosen);
  const tested = useMemo(() => comparable.filter(({ id }) => settled.has(id)), [comparable, settled]);
  const testedIds = useMemo(() => tested.map(({ id }) => id), [tested]);
  const version = useMemo(() => versionOf(tested, new Set(ranked)), [tested, ranked]);
  const groups = useMemo(() => groupBySeed(tested), [tested]);
  const singles = useMemo(
    () =>
      singly(
        runs.filter(({ id }) => settled.has(id)),
        runs,
      ),
    [runs, settled],
  );
  const [drawnSingles, drawnGroups] = useMemo(() => [singles.filter(isTrained), groups.filter(isTrained)], [singles, groups]);
  const points = useMemo(() => (rows === 'seeds' ? groups : singly(tested, runs)), [rows, groups, tested, runs]);
  const differing = useMemo(() => differingAmong(tested.map(({ configuration }) => configuration)), [tested]);
  const candidatesOf = useCallback(
    ({ result, datasetId }: RunRow) =>
      protocol === 'sampled' ? result?.candidates : datasets?.find(({ id }) => id === datasetId)?.figures.targetItems,
    [protocol, datasets],
  );
  if (known === undefined || ranked === undefined) return null;
  const sampledWords = protocolWords(tested.length > 0 ? tested : comparable);
  const protocolName = shownMetric.includes('@') ? ` (${protocol === 'sampled' ? sampledWords : 'all items'})` : '';
  const ofMetric = { metric: shownMetric, protocol, protocolName };
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h3">
          Compare
        </Title>
        <Text c="dimmed" maw={720}>
          Every run with its test results at its best validation epoch. <Term of="error">±</Term> is one standard{' '}
          {address.rows === 'seeds' ? 'deviation over seeds' : 'error over the test instances'}. Choose runs to lay their curves
          over each other, and to test them and the paper’s claims.
        </Text>
      </div>
      <DeleteDialog
        asked={asked}
        onDone={(deleted) => {
          setAsked(null);
          // Else the link would go on naming them.
          if (deleted.length > 0 && address.runs !== null) choose(deleted, false);
        }}
      />
      {runs.length === 0 ? (
        <Group>
          <Text>There is no run yet.</Text>
          <Button onClick={() => navigate('/train')}>Train something</Button>
        </Group>
      ) : (
        <>
          <Parts />
          <MetricControls
            metric={metric}
            metrics={metrics}
            protocol={address.protocol}
            // It is of the table, too, which has all runs.
            sampledWords={protocolWords(comparable)}
            onChange={change}
          />
          <RunsSection
            runs={known}
            hidden={hidden}
            address={address}
            metric={metric}
            metrics={metrics}
            chosen={chosen}
            onChoose={choose}
            onDelete={askToDelete}
            onChange={change}
          />
          <Part id="curves">
            <InTurn turn={1}>
              <CurvesCard
                singles={drawnSingles}
                groups={drawnGroups}
                bySeeds={rows === 'seeds'}
                runs={runs}
                candidatesOf={candidatesOf}
                {...ofMetric}
              />
            </InTurn>
          </Part>
          <Part id="claims">
            <InTurn turn={3}>
              <Claims
                runs={testedIds}
                isSingle={groups.every((group) => group.runs.length === 1)}
                version={version}
                sampledWords={sampledWords}
              />
            </InTurn>
          </Part>
          <Part id="scatter">
            <InTurn turn={4}>
              <ScatterCard points={points} differing={differing} metrics={metrics} {...ofMetric} />
            </InTurn>
          </Part>
          <Part id="tests">
            <InTurn turn={5}>
              <Significance groups={groups} version={version} {...ofMetric} />
            </InTurn>
          </Part>
          <Part id="tables">
            <InTurn turn={6}>
              <PaperTables runs={testedIds} version={version} sampledWords={sampledWords} />
              <Confusion runs={tested} />
            </InTurn>
          </Part>
        </>
      )}
      <Part id="files">
        <Exports ids={ids} />
      </Part>
    </Stack>
  );
}

/** The metrics that were measured, with ranking metrics to choose from while there are none. */
function metricsOfRuns(runs: readonly RunRow[]): string[] {
  const names = new Set(runs.flatMap(({ result }) => (result === null ? [] : metricNames(result.test))));
  return names.size === 0 ? ['HR@5'] : Array.from(names);
}

/** Whether there are epochs to be drawn. */
const isTrained = (course: Course): boolean => course.runs.every(({ result }) => result?.bestEpoch !== 0);

/** Each run for itself. @param among see `runLabels` */
function singly(runs: readonly RunRow[], among: readonly RunRow[]): Course[] {
  const labels = runLabels(runs, among);
  return runs.map((run) => ({ key: `run ${run.id}`, label: labels.get(run.id) ?? '', runs: [run] }));
}
