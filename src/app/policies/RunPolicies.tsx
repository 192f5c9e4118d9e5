import { Card, Stack, Text, Title } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { RowHeight } from '../../charts/PolicyHeatmap.tsx';
import type { PolicyRun } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { Problem } from '../shared/Problem.tsx';
import { useAddress } from '../shared/useAddress.ts';
import { comparableRuns, orderNamed, visible } from './order.ts';
import { plantedIn } from './PlantedTruth.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunControls } from './RunControls.tsx';
import type { useHeld } from './useHeld.ts';

interface RunPoliciesProps {
  readonly run: RunRow;
  /** Finished runs with policies. */
  readonly runs: readonly RunRow[];
  /** All finished runs: what ranks can be set against. */
  readonly finished: readonly RunRow[];
  /** These and all that are not finished. */
  readonly known: readonly RunRow[];
  /** What was last known of a run; undefined before that. */
  readonly about: PolicyRun | undefined;
  /** Whether that is this run. */
  readonly isOfRun: boolean;
  /** Why nothing can be known of it. */
  readonly error: Error | null;
  readonly labels: ReadonlyMap<number, string>;
  readonly truth: boolean;
  /** The place of the charts: it stays as high as it was until the next run's are there. */
  readonly held: ReturnType<typeof useHeld>;
}

const heightNamed = (name: string | null): RowHeight => (name === '4' ? 4 : name === '12' ? 12 : 'fit');

/** All users × blocks of one run, at any of its epochs, and what can be said about them or about those who are chosen. */
export function RunPolicies(props: RunPoliciesProps) {
  const { run, runs, finished, known, about, isOfRun, error, labels, truth, held } = props;
  const { search, change } = useAddress();
  const others = useMemo(() => comparableRuns(run, finished), [run, finished]);
  const against = others.find(({ id }) => id === Number(search.get('against'))) ?? others[0];
  const order = useMemo(() => {
    const groupings = visible(about?.groupings ?? [], truth);
    // A link that shows the truth and names no order sorts by it.
    const name = search.get('order') ?? plantedIn(groupings)?.key ?? null;
    return orderNamed(name, groupings, against?.id ?? null);
  }, [search, about, truth, against]);
  const rowHeight = heightNamed(search.get('height'));
  const show = about?.kind === 'soft' || search.get('show') === 'probability' ? 'probability' : 'gate';

  const isEmpty = isOfRun && about?.epochs.length === 0;

  const { place, height, hold, letGo } = held;
  const changeFromControls = useCallback(
    (parts: Readonly<Record<string, string | null>>) => {
      if ('run' in parts) hold();
      change(parts);
    },
    [change, hold],
  );
  return (
    <Card withBorder component="section" aria-label="Users and blocks">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Users × blocks
        </Title>
        <Text size="sm" maw={720}>
          A row for each user with targets, a column for each block. Drag over rows to choose users: all charts follow. A click
          enlarges the rows; a click on a large row opens that user. By keyboard, on the framed row: arrows move it, Shift with
          arrows chooses, Escape lets go, Enter is a click.
        </Text>
        <RunControls
          run={run}
          runs={runs}
          labels={labels}
          others={others}
          about={about}
          order={order}
          rowHeight={rowHeight}
          show={show}
          truth={truth}
          change={changeFromControls}
        />
        <Problem error={error} />
        {isEmpty && <Text size="sm">No policies of this run are stored.</Text>}
        <div ref={place} style={{ minHeight: error === null && !isEmpty ? height : 0 }}>
          {error === null && !isEmpty && isOfRun && about !== undefined && (
            <RunCharts
              // A run that is started again has other policies.
              key={`${run.id} ${run.startedAt}`}
              run={run}
              about={about}
              known={known}
              labels={labels}
              order={order}
              rowHeight={rowHeight}
              show={show}
              truth={truth}
              onDrawn={letGo}
            />
          )}
        </div>
      </Stack>
    </Card>
  );
}
