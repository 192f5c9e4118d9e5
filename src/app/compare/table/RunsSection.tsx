import { Button, Group, Stack, Text } from '@mantine/core';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { parameterLabel } from '../../../configuration/parameters.ts';
import type { RunRow } from '../../../storage/database.ts';
import { differingAmong } from '../../shared/differing.ts';
import { runLabels } from '../../shared/series.ts';
import type { CompareAddress } from '../address.ts';
import { filterChoices, filtered } from '../filter.ts';
import type { KnownRun } from '../knownRuns.ts';
import { type ColumnContext, columnsOf, differingColumns, nameWidth, USUAL_COLUMNS } from './columns.ts';
import { entriesOfGroups, entriesOfRuns, isBusy } from './entries.ts';
import { KEYS } from './keys.ts';
import { RunTable } from './RunTable.tsx';
import { TableControls } from './TableControls.tsx';

interface RunsSectionProps {
  readonly runs: readonly KnownRun[];
  /** Trials of a search whose test results are not shown. */
  readonly hidden: ReadonlySet<number>;
  readonly address: CompareAddress;
  readonly metric: string;
  readonly metrics: readonly string[];
  readonly chosen: ReadonlySet<number>;
  readonly onChoose: (runs: readonly number[], isChosen: boolean) => void;
  /** Asks whether to delete runs, of which so many are not in sight. */
  readonly onDelete: (runs: readonly RunRow[], unseen: number) => void;
  /** Changes parts of the address. */
  readonly onChange: (parts: Readonly<Record<string, string | null>>) => void;
}

/** The runs as a table, and what narrows and arranges it. */
export const RunsSection = memo(function RunsSection(props: RunsSectionProps) {
  const { runs, hidden, address, metrics, chosen, onChoose, onDelete, onChange } = props;
  // The controls answer at once; the table follows when it is ready.
  const { method, dataset, status, experiment, rows, protocol, differs, columns: ofAddress } = useDeferredValue(address);
  const metric = useDeferredValue(props.metric);
  const [text, setText] = useState('');
  const sought = useDeferredValue(text);
  const choices = useMemo(() => filterChoices(runs), [runs]);
  const shown = useMemo(
    () => filtered(runs, { method, dataset, status, experiment, text: sought }),
    [runs, method, dataset, status, experiment, sought],
  );
  const grouped = rows === 'seeds';
  const entries = useMemo(
    () => (grouped ? entriesOfGroups(shown, hidden) : entriesOfRuns(shown, runLabels(shown.map(({ run }) => run)), hidden)),
    [shown, hidden, grouped],
  );
  const differing = useMemo(() => {
    const keys = differingAmong(shown.map(({ run }) => run.configuration));
    return grouped ? keys.filter((key) => key !== 'seed') : keys;
  }, [shown, grouped]);
  const chosenColumns = ofAddress ?? USUAL_COLUMNS;
  const wanted = (differs ? differingColumns(differing) : chosenColumns).join(',');
  const columns = useMemo(() => {
    const context: ColumnContext = { metric, protocol, hidden, grouped };
    return columnsOf(wanted.split(','), context, KEYS).map((column) =>
      column.id === 'name' ? { ...column, width: nameWidth(entries) } : column,
    );
  }, [wanted, metric, protocol, hidden, grouped, entries]);
  const deleteOne = useCallback((run: RunRow) => onDelete([run], 0), [onDelete]);
  const deleteChosen = () => {
    const own = runs.filter(({ run }) => chosen.has(run.id) && !isBusy(run));
    const inSight = new Set(shown);
    onDelete(
      own.map(({ run }) => run),
      own.filter((known) => !inSight.has(known)).length,
    );
  };
  return (
    <Stack gap="xs" component="section" aria-label="Runs">
      <TableControls
        address={address}
        columns={address.columns ?? USUAL_COLUMNS}
        metrics={metrics}
        choices={choices}
        text={text}
        onText={setText}
        onChange={onChange}
      />
      {differs && (
        <Text size="sm">
          {differing.length === 0
            ? 'The shown runs do not differ in any key.'
            : `The shown ${grouped ? 'groups' : 'runs'} differ in: ${differing.map(parameterLabel).join(', ')}.`}
        </Text>
      )}
      {entries.length === 0 ? (
        <Text size="sm">No run fits what is asked for above.</Text>
      ) : (
        <RunTable entries={entries} columns={columns} chosen={chosen} onChoose={onChoose} onDelete={grouped ? null : deleteOne} />
      )}
      <Group gap="sm">
        <Text size="sm" role="status" className="figures">
          {chosen.size.toLocaleString('en')} of {runs.length.toLocaleString('en')} runs chosen
          {shown.length < runs.length && `, ${shown.length.toLocaleString('en')} shown`}.
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => onChoose([...chosen], false)} disabled={chosen.size === 0}>
          Choose none
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          onClick={deleteChosen}
          disabled={!runs.some(({ run }) => chosen.has(run.id) && !isBusy(run))}
        >
          Delete chosen
        </Button>
      </Group>
    </Stack>
  );
});
