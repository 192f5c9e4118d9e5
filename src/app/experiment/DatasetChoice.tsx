import { Checkbox, Stack } from '@mantine/core';
import type { DatasetRow } from '../../storage/database.ts';
import { count } from '../format.ts';

interface DatasetChoiceProps {
  readonly label: string;
  readonly description?: string;
  readonly datasets: readonly DatasetRow[];
  readonly ids: readonly number[];
  readonly onChange: (ids: number[]) => void;
}

/** All datasets of the studio, of which several may be chosen. */
export function DatasetChoice({ label, description, datasets, ids, onChange }: DatasetChoiceProps) {
  return (
    <Checkbox.Group
      label={label}
      description={description}
      value={ids.map(String)}
      // In the order of the studio, whatever was checked first.
      onChange={(values) => onChange(datasets.map(({ id }) => id).filter((id) => values.includes(String(id))))}
    >
      <Stack gap={6} mt={6}>
        {datasets.map(({ id, name, task, figures }) => (
          <Checkbox
            key={id}
            size="xs"
            value={String(id)}
            label={name}
            description={`${count(figures.targetUsers)} users, ${count(figures.instances)} ${task === 'profile' ? 'labels' : 'instances'}`}
            styles={{ label: { overflowWrap: 'anywhere' } }}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
