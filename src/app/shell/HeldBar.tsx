import { Anchor, Button, Group, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link } from 'wouter';
import { describeMethod } from '../../configuration/methods.ts';
import { database } from '../../state/database.ts';
import { letGo } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import { StopButton } from '../shared/StopButton.tsx';
import { resumeWords } from '../train/savedWords.ts';

/** On every page while the queue waits for a run that was paused when its tab was closed, on whatever dataset. */
export function HeldBar({ run }: { run: RunRow }) {
  const checkpoint = useLiveQuery(() => database.checkpoints.get(run.id), [run.id]);
  return (
    <Group h="100%" px="md" gap="sm" wrap="nowrap" role="status">
      <Anchor component={Link} href="/train" fw={600} size="sm" style={{ whiteSpace: 'nowrap' }}>
        {describeMethod(run.configuration.method).label}
      </Anchor>
      <Text size="sm" lh={1.3} lineClamp={2} flex={1} miw={0}>
        paused; its tab was closed or reloaded
        <Text span inherit visibleFrom="sm">
          . The queue waits for it. Dataset: {run.datasetName}
        </Text>
      </Text>
      <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
        <Button size="xs" onClick={() => letGo(run.id, 'resume')}>
          <Text span inherit hiddenFrom="sm">
            Resume
          </Text>
          <Text span inherit visibleFrom="sm">
            {checkpoint === undefined ? 'Resume' : resumeWords(checkpoint)}
          </Text>
        </Button>
        <StopButton
          key={run.id}
          runId={run.id}
          label={describeMethod(run.configuration.method).label}
          size="xs"
          onStop={() => letGo(run.id, 'stop')}
          onPause={null}
        />
      </Group>
    </Group>
  );
}
