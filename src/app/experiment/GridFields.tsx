import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { PARAMETER_GROUPS, writeValue } from '../../configuration/parameters.ts';
import { parseValues } from '../../configuration/search.ts';
import type { Experiment } from '../../experiments/experiment.ts';

/** A key with its values as they are typed. */
interface Draft {
  /** Stays the same while another key is chosen: the focus stays where it is. */
  readonly id: number;
  readonly key: string;
  readonly text: string;
}

/** Both stages have some of the same name: the groups tell them apart. */
const KEYS = PARAMETER_GROUPS.map(({ title, controls }) => ({
  group: title,
  items: controls.map(({ key, label }) => ({ value: key, label })),
}));

interface GridFieldsProps {
  readonly grid: Experiment['grid'];
  readonly onChange: (grid: Experiment['grid']) => void;
}

/** Keys with several values: every combination is run. */
export function GridFields({ grid, onChange }: GridFieldsProps) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    grid.map(({ key, values }, id) => ({ id, key, text: values.map((value) => writeValue(value)).join(', ') })),
  );
  const change = (next: readonly Draft[]) => {
    setDrafts(next);
    // A key without values is not a setting yet.
    onChange(next.flatMap(({ key, text }) => (text.trim() === '' ? [] : [{ key, values: parseValues(text) }])));
  };
  const free = KEYS.flatMap(({ items }) => items).find(({ value }) => drafts.every(({ key }) => key !== value));
  return (
    <Stack gap="xs" component="section" aria-label="Keys with several values">
      <div>
        <Text size="sm" fw={600}>
          Keys with several values
        </Text>
        <Text size="xs" c="dimmed">
          Every combination is run, by the methods that read the key: 0.1, 1, 10 or [1, 4], [1, 4, 1, 4].
        </Text>
      </div>
      {drafts.map(({ id, key, text }, i) => (
        <Group key={id} gap="xs" align="flex-end" wrap="nowrap">
          <NativeSelect
            size="xs"
            label="Key"
            flex="1 1 0"
            miw={0}
            value={key}
            onChange={(event) => change(drafts.with(i, { id, key: event.currentTarget.value, text: '' }))}
            data={KEYS.map(({ group, items }) => ({
              group,
              items: items.filter(({ value }) => value === key || drafts.every((draft) => draft.key !== value)),
            }))}
          />
          <TextInput
            size="xs"
            label="Values"
            flex="1 1 0"
            miw={0}
            value={text}
            onChange={(event) => change(drafts.with(i, { id, key, text: event.currentTarget.value }))}
          />
          <Button
            size="xs"
            variant="default"
            aria-label={`Remove the values of ${key}`}
            onClick={() => change(drafts.filter((_, j) => j !== i))}
          >
            Remove
          </Button>
        </Group>
      ))}
      {free !== undefined && (
        <Button
          size="xs"
          variant="default"
          w="fit-content"
          onClick={() =>
            change([
              ...drafts,
              {
                id: 1 + Math.max(-1, ...drafts.map(({ id }) => id)),
                key: drafts.length === 0 ? 'channels' : free.value,
                text: '',
              },
            ])
          }
        >
          Add a key
        </Button>
      )}
    </Stack>
  );
}
