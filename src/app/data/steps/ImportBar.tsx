import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { ImportProgress } from '../../../services/protocol.ts';
import { duration } from '../../format.ts';

const STAGES: Record<ImportProgress['stage'], string> = {
  reading: 'Reading the files',
  preparing: 'Putting sequences and targets together',
  storing: 'Storing the dataset',
};

interface ImportBarProps {
  /** Null before anything was told. */
  readonly progress: ImportProgress | null;
  readonly onCancel: () => void;
}

/** How far an import is, how long it will take, and the way out. */
export function ImportBar({ progress, onCancel }: ImportBarProps) {
  const stage = STAGES[progress?.stage ?? 'reading'];
  const share = progress?.share ?? 0;
  const left = progress?.secondsLeft ?? null;
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="figures">
          {stage}: {Math.round(100 * share)} %{left === null ? '' : `, about ${duration(left)} left`}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
      <Progress value={100 * share} aria-label={`${stage}: share that is done`} />
    </Stack>
  );
}
