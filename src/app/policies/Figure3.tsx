import { Card, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { memo, useMemo } from 'react';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import type { KnownGrouping } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { Problem } from '../shared/Problem.tsx';
import { SaveFigure } from '../shared/SaveFigure.tsx';
import { Term } from '../shared/Term.tsx';
import { useAddress } from '../shared/useAddress.ts';
import { usePolicies } from '../shared/useAnswer.ts';
import { FIGURE_ROWS, type FigureRows, figureRows, unreadWords } from './figure3.ts';
import { groupingLabel } from './order.ts';
import { sharesFigure } from './policyFigures.ts';

interface Figure3Props {
  /** Finished runs with policies. */
  readonly runs: readonly RunRow[];
  /** What users can be split by; undefined until that is known. */
  readonly groupings: readonly KnownGrouping[] | undefined;
  /** Shows a run below. */
  readonly onShowRun: (run: number) => void;
}

const TITLE = 'Share of users on the fine-tuned block';

/** Earlier links know `seeds`. */
const rowsNamed = (name: string | null): FigureRows =>
  (Object.keys(FIGURE_ROWS) as FigureRows[]).find((key) => key === (name === 'seeds' ? 'methods' : name)) ?? 'runs';

/** Blocks × runs, methods or datasets: how many users are on the fine-tuned copy of each block. */
export const Figure3 = memo(function Figure3({ runs, groupings, onShowRun }: Figure3Props) {
  const { search, change } = useAddress();
  const by = rowsNamed(search.get('rows'));
  const wanted = search.get('split');
  const split = groupings?.find(({ key }) => key === wanted)?.key ?? null;
  const methods = Array.from(new Set(runs.map(({ configuration }) => configuration.method)));
  const method = methods.find((id) => id === search.get('of')) ?? null;
  const meant = useMemo(
    () => (method === null ? runs : runs.filter(({ configuration }) => configuration.method === method)),
    [runs, method],
  );
  const ids = meant.map(({ id }) => id);
  const isKnown = wanted === null || groupings !== undefined;
  const shares = usePolicies(isKnown ? JSON.stringify([ids, split]) : null, (service) => service.shares(ids, split));
  const rows = useMemo(
    () =>
      figureRows(
        meant.filter(({ id }) => shares.value?.shares.some(({ runId }) => runId === id)),
        shares.value?.shares ?? [],
        by,
      ).map(({ runId, ...row }) => ({ ...row, onOpen: runId === null ? undefined : () => onShowRun(runId) })),
    [meant, shares.value, by, onShowRun],
  );
  const isAnySoft = rows.some(({ isSoft }) => isSoft);
  return (
    <Card withBorder component="section" aria-label="Fig. 3">
      <Stack gap="xs">
        <Title order={2} size="h5">
          Share of users on the fine-tuned block (Fig. 3 of the paper)
        </Title>
        <Text size="sm" maw={720}>
          Each cell is the share of the users with a test <Term of="instance">target</Term> for whom this block was re-learned, at
          the best epoch of the run: dark blocks were kept for nearly everybody, yellow ones were re-learned for nearly everybody.
          {rows.some(({ onOpen }) => onOpen) ? ' Press a run to see its users below.' : ''}
          {isAnySoft ? ' Soft gates mix the two blocks: there it is the mean gate.' : ''}
          {by === 'runs' ? '' : ' A cell is the mean over the runs of its row; ± is their standard deviation.'}
        </Text>
        <Group align="flex-end">
          <NativeSelect
            size="xs"
            label="A row for each of"
            value={by}
            onChange={(event) => change({ rows: event.currentTarget.value })}
            data={Object.entries(FIGURE_ROWS).map(([value, label]) => ({ value, label }))}
          />
          <NativeSelect
            size="xs"
            label="Method"
            value={method ?? ''}
            onChange={(event) => change({ of: event.currentTarget.value || null })}
            data={[{ value: '', label: 'all' }, ...methods.map((id) => ({ value: id, label: describeMethod(id).label }))]}
          />
          <NativeSelect
            size="xs"
            label="Split users by"
            value={split ?? ''}
            onChange={(event) => change({ split: event.currentTarget.value || null })}
            data={[
              { value: '', label: 'nothing' },
              ...(groupings ?? []).map((grouping) => ({ value: grouping.key, label: groupingLabel(grouping) })),
            ]}
          />
        </Group>
        <GateLegend what={isAnySoft ? 'share of the users; of soft gates the mean' : 'share of the users'} />
        <Problem error={shares.error} />
        {unreadWords(shares.value?.unread ?? [], meant).map((words) => (
          <Text key={words} size="sm" c="red" role="alert">
            {words}
          </Text>
        ))}
        <BlockShares title={TITLE} rows={rows} />
        {rows.length > 0 && (
          <div>
            <SaveFigure title={TITLE} figure={() => sharesFigure(TITLE, rows)} />
          </div>
        )}
      </Stack>
    </Card>
  );
});
