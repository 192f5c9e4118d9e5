import { Group, MultiSelect, NativeSelect, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { memo } from 'react';
import { parameterLabel } from '../../../configuration/parameters.ts';
import { metricLabel } from '../../shared/results.ts';
import type { CompareAddress } from '../address.ts';
import { type filterChoices, withAsked } from '../filter.ts';
import { MEASURES } from '../measures.ts';
import { PLAIN_COLUMNS } from './columns.ts';
import { KEYS } from './keys.ts';

interface TableControlsProps {
  readonly address: CompareAddress;
  readonly columns: readonly string[];
  readonly metrics: readonly string[];
  readonly choices: ReturnType<typeof filterChoices>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onChange: (parts: Readonly<Record<string, string | null>>) => void;
}

const FILTERS = ['method', 'dataset', 'status', 'experiment'] as const;

/** What the table shows: which runs, as what rows, in which columns. */
export const TableControls = memo(function TableControls({
  address,
  columns,
  metrics,
  choices,
  text,
  onText,
  onChange,
}: TableControlsProps) {
  return (
    <>
      <Group align="flex-end" gap="sm">
        <TextInput
          size="xs"
          w={200}
          label="Find"
          placeholder="any words"
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
        {FILTERS.map(
          (name) =>
            (choices[name].length > 1 || address[name] !== null) && (
              <NativeSelect
                key={name}
                size="xs"
                maw={180}
                label={`${name[0].toUpperCase()}${name.slice(1)}`}
                value={String(address[name] ?? '')}
                onChange={(event) => onChange({ [name]: event.currentTarget.value || null })}
                data={[{ value: '', label: 'all' }, ...withAsked(choices[name], address[name]?.toString() ?? null)]}
              />
            ),
        )}
      </Group>
      <Group align="flex-end" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Rows"
          value={address.rows}
          onChange={(rows) => onChange({ rows: rows === 'seeds' ? rows : null })}
          data={[
            { value: 'runs', label: 'each run' },
            { value: 'seeds', label: 'mean over seeds' },
          ]}
        />
        <MultiSelect
          size="xs"
          label="Columns"
          maw={640}
          miw={240}
          style={{ flex: '1 1 240px' }}
          searchable
          clearable
          disabled={address.differs}
          value={[...columns]}
          onChange={(chosen) => onChange({ columns: chosen.join(',') })}
          nothingFoundMessage="No such column"
          clearButtonProps={{ 'aria-label': 'No further columns' }}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          data={columnGroups(metrics)}
        />
        <Switch
          size="xs"
          mb={6}
          label="Only what differs"
          checked={address.differs}
          onChange={(event) => onChange({ differs: event.currentTarget.checked ? '1' : null })}
        />
      </Group>
    </>
  );
});

function columnGroups(metrics: readonly string[]) {
  const items = (choices: readonly (readonly [string, string])[]) => choices.map(([value, label]) => ({ value, label }));
  return [
    { group: 'Of the run', items: items(PLAIN_COLUMNS) },
    { group: 'Measured and counted', items: items(MEASURES.map(({ id, title }) => [`measure:${id}`, title] as const)) },
    { group: 'Metrics', items: items(metrics.map((metric) => [`metric:${metric}`, metricLabel(metric)] as const)) },
    {
      group: 'Configuration',
      items: items(
        KEYS.filter((key) => key !== 'method' && key !== 'seed').map(
          (key) => [`key:${key}`, `${parameterLabel(key)} (${key})`] as const,
        ),
      ),
    },
  ];
}
