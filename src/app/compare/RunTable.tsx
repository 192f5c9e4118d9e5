import { Badge, Button, Checkbox, Table, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { describeMethod } from '../../configuration/methods.ts';
import { PRESET_NAMES, presetFor } from '../../configuration/presets.ts';
import { complete, differences } from '../../configuration/schema.ts';
import { metricOf, type Protocol } from '../../engine/evaluation/metrics.ts';
import type { RunRow } from '../../storage/database.ts';
import { duration, withError } from '../format.ts';
import { metricLabel } from '../shared/results.ts';
import { writeValue } from '../train/parameters.ts';
import { STATUS_COLOURS } from '../train/Queue.tsx';
import { WideTable } from './WideTable.tsx';

interface RunTableProps {
  readonly runs: readonly RunRow[];
  readonly metric: string;
  readonly protocol: Protocol;
  /** Trials of a search that is not decided, or that another trial has won: their test results are not shown. */
  readonly trials: ReadonlySet<number>;
  readonly chosen: readonly number[];
  readonly onChoose: (ids: readonly number[]) => void;
  readonly onDelete: (run: RunRow) => void;
}

interface Column {
  readonly title: string;
  /** What rows are sorted by; strings and numbers as themselves. */
  readonly key: (run: RunRow) => string | number;
  readonly cell: (run: RunRow) => React.ReactNode;
  readonly right?: boolean;
}

/** What is missing sorts last when the best come first. */
const MISSING = Number.NEGATIVE_INFINITY;

export function RunTable({ runs, metric, protocol, trials, chosen, onChoose, onDelete }: RunTableProps) {
  const [sorting, setSorting] = useState<{ readonly column: number; readonly falling: boolean }>({ column: 0, falling: true });
  const columns = columnsFor(metric, protocol, trials);
  const { key } = columns[sorting.column];
  const sorted = runs.toSorted((a, b) => compare(key(a), key(b)) * (sorting.falling ? -1 : 1));
  const toggle = (id: number) => onChoose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <WideTable label="Table of the runs" minWidth={880} maxHeight={420}>
      <Table verticalSpacing={4} fz="sm" stickyHeader highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>chosen</Table.Th>
            {columns.map(({ title, right }, c) => (
              <Table.Th
                key={title}
                ta={right ? 'right' : 'left'}
                aria-sort={c !== sorting.column ? 'none' : sorting.falling ? 'descending' : 'ascending'}
              >
                <UnstyledButton
                  fz="sm"
                  fw={600}
                  onClick={() => setSorting({ column: c, falling: c === sorting.column ? !sorting.falling : true })}
                >
                  {title}
                  {c === sorting.column ? (sorting.falling ? ' ↓' : ' ↑') : ''}
                </UnstyledButton>
              </Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={`Choose run ${run.id}`}
                  checked={chosen.includes(run.id)}
                  onChange={() => toggle(run.id)}
                />
              </Table.Td>
              {columns.map(({ title, cell, right }) => (
                <Table.Td key={title} ta={right ? 'right' : 'left'} style={{ whiteSpace: 'nowrap' }}>
                  {cell(run)}
                </Table.Td>
              ))}
              <Table.Td>
                {run.status !== 'running' && run.status !== 'paused' && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="red"
                    onClick={() => onDelete(run)}
                    aria-label={`Delete run ${run.id}`}
                  >
                    delete
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function columnsFor(metric: string, protocol: Protocol, trials: ReadonlySet<number>): readonly Column[] {
  const isTrial = ({ id }: RunRow) => trials.has(id);
  const shownOf = (run: RunRow) => (isTrial(run) ? run.result?.validation : run.result?.test) ?? null;
  const measured = (run: RunRow) => {
    const shown = shownOf(run);
    return shown === null ? undefined : metricOf(shown, metric, protocol);
  };
  return [
    { title: 'run', key: (run) => run.id, cell: (run) => run.id, right: true },
    {
      title: 'method',
      key: (run) => describeMethod(run.configuration.method).label,
      cell: (run) => (
        <span style={{ borderLeft: `4px solid ${describeMethod(run.configuration.method).colour}`, paddingLeft: 8 }}>
          {describeMethod(run.configuration.method).label}
          {run.search !== null && (isTrial(run) ? ` (trial, ${run.search})` : ` (best of ${run.search})`)}
        </span>
      ),
    },
    {
      title: metricLabel(metric),
      key: (run) => measured(run)?.value ?? MISSING,
      cell: (run) => {
        const own = measured(run);
        if (own !== undefined) return `${isTrial(run) ? 'validation ' : ''}${withError(own.value, own.error)}`;
        if (run.result !== null) return 'not measured';
        return (
          <Badge size="sm" variant="light" color={STATUS_COLOURS[run.status]} title={run.error?.message}>
            {run.status}
          </Badge>
        );
      },
      right: true,
    },
    { title: 'seed', key: (run) => run.configuration.seed, cell: (run) => run.configuration.seed, right: true },
    {
      title: 'N',
      key: (run) => shownOf(run)?.n ?? MISSING,
      cell: (run) => shownOf(run)?.n.toLocaleString('en') ?? '–',
      right: true,
    },
    {
      title: 'best epoch',
      key: (run) => run.result?.bestEpoch ?? MISSING,
      cell: (run) => run.result?.bestEpoch || '–',
      right: true,
    },
    {
      title: 'time',
      key: (run) => secondsOf(run) ?? MISSING,
      cell: (run) => (secondsOf(run) === null ? '–' : duration(secondsOf(run) ?? 0)),
      right: true,
    },
    { title: 'dataset', key: (run) => run.datasetName, cell: (run) => run.datasetName },
    {
      title: 'differs from its preset in',
      key: (run) => changesOf(run),
      cell: (run) => (
        <Text size="xs" c="dimmed" maw={220} truncate title={changesOf(run)}>
          {changesOf(run) || '–'} ({run.preset}
          {run.backend === null ? '' : `, ${run.backend.name}`})
        </Text>
      ),
    },
  ];
}

/** Without pre-training, which may have been shared. */
const secondsOf = ({ result }: RunRow): number | null =>
  result === null ? null : result.seconds.fineTuning + result.seconds.evaluation;

function changesOf({ configuration, preset, scenario, sourceItems }: RunRow): string {
  const name = PRESET_NAMES.find((known) => known === preset) ?? 'paper';
  // The dataset's own filters are no choice of the run.
  const { minimumTargetItemCount, maximumTargetsPerUser } = configuration.dataset;
  const base = complete(presetFor(name, { scenario, sourceItems }), {
    dataset: { minimumTargetItemCount, maximumTargetsPerUser },
  });
  return Object.entries(differences(configuration, { ...base, method: configuration.method, seed: configuration.seed }))
    .map(([key, value]) => `${key} ${writeValue(value)}`)
    .join(', ');
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
