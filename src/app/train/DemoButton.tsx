import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTraining } from '../../state/training.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { type DemoStand, runDemo } from './demo.ts';

interface DemoButtonProps extends DemoStand {
  readonly dataset: DatasetRow;
  /** Before its runs are queued. */
  readonly onStart?: () => void;
}

/** Starts the demo, and says what to expect of it: the first time, and any other. */
export function DemoButton({ dataset, isDone, isWaiting, onStart }: DemoButtonProps) {
  const running = useTraining((state) => state.runId !== null);
  const [starting, setStarting] = useState(false);
  const start = () => {
    setStarting(true);
    onStart?.();
    runDemo(dataset).finally(() => setStarting(false));
  };
  return (
    <Stack gap={2} w="fit-content">
      <Button variant={isDone ? 'default' : 'filled'} onClick={start} disabled={running || isWaiting} loading={starting}>
        {isDone ? 'Run the demo again' : 'Run the demo'}
      </Button>
      <Text size="xs" c="dimmed" ta="center">
        {isDone ? 'On the same backend the same numbers come out.' : 'Mostly under a minute.'}
      </Text>
    </Stack>
  );
}
