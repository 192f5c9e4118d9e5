import { Anchor, Badge, Button, Group, Progress, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { Sparkline } from '../../charts/Sparkline.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import { headlines } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import { useFaults } from '../../state/faults.ts';
import { pauseRun, resumeRun, stopRun, useTraining } from '../../state/training.ts';
import { duration, speed } from '../format.ts';
import { metricLabel, metricValue } from '../shared/results.ts';
import { StopButton } from '../shared/StopButton.tsx';

/** How much of a stage is done, 0 to 1. */
function shareDone({ progress }: Pick<ReturnType<typeof useTraining.getState>, 'progress'>): number {
  if (progress === null) return 0;
  const { epoch, epochs, step, steps } = progress;
  return ((epoch - 1) * steps + step) / (epochs * steps);
}

/** On every page while something trains: where it stands, how long it takes, and how to hold or end it. */
export function RunBar() {
  const { runId, progress, stepsPerSecond, secondsLeft, paused, elsewhere } = useTraining();
  const unsaved = useFaults(({ faults }) => faults.some((fault) => fault.kind === 'not-saved' && fault.runId === runId));
  const run = useLiveQuery(() => database.runs.get(runId ?? -1), [runId]);
  const epochs = useLiveQuery(() => database.epochs.where({ runId: runId ?? -1 }).sortBy('epoch'), [runId]);
  const headline = epochs?.[0] === undefined ? 'HR@5' : headlines(epochs[0].validation)[0];
  const order = (command: (runId: number) => void) => () => runId !== null && command(runId);
  const done = shareDone({ progress });
  // Asked for at once, in effect when it is saved.
  const isAsked = run === undefined ? paused : run.status === 'paused';
  const label = run === undefined ? '' : describeMethod(run.configuration.method).label;
  useEffect(() => {
    const before = document.title;
    document.title = `${paused ? 'Paused' : `${Math.round(100 * done)} %`} · ${label} · UAF Studio`;
    return () => {
      document.title = before;
    };
  }, [done, label, paused]);
  return (
    <Group h="100%" px="md" gap="sm" wrap="nowrap" className="figures">
      <Anchor component={Link} href="/train" fw={600} size="sm" style={{ whiteSpace: 'nowrap' }}>
        {label}
      </Anchor>
      <Text size="sm" truncate miw={0}>
        {progress === null ? (
          'starting'
        ) : (
          <>
            <Text span inherit visibleFrom="sm">
              {progress.stage === 'pretraining' ? 'pre-training' : 'fine-tuning'},{' '}
            </Text>
            epoch {progress.epoch} of {progress.epochs}
          </>
        )}
      </Text>
      {unsaved && (
        <Badge color="red" size="sm" miw="max-content">
          not saved
        </Badge>
      )}
      {elsewhere && (
        <Badge color="gray" size="sm" miw="max-content" visibleFrom="sm">
          in another tab
        </Badge>
      )}
      <Progress
        value={100 * done}
        flex={1}
        miw={24}
        aria-label="Share of this stage that is done"
        color={paused ? 'gray' : undefined}
      />
      <Text size="sm" c="dimmed" visibleFrom="md" w={104} ta="right">
        {paused ? 'paused' : isAsked ? 'pausing…' : speed(stepsPerSecond)}
      </Text>
      <Text size="sm" c="dimmed" visibleFrom="md" w={180}>
        {paused || progress === null ? '' : `${duration(secondsLeft)} left of this stage`}
      </Text>
      {epochs !== undefined && epochs.length > 1 && (
        <Group gap={4} wrap="nowrap" visibleFrom="sm">
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {metricLabel(headline)} by epoch
          </Text>
          <Sparkline
            title={`Validation ${metricLabel(headline)} by epoch`}
            values={epochs.map(({ validation }) => metricValue(validation, headline))}
          />
        </Group>
      )}
      <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
        <Button size="xs" variant="default" onClick={order(isAsked ? resumeRun : pauseRun)}>
          {isAsked ? 'Resume' : 'Pause'}
        </Button>
        {runId !== null && (
          <StopButton
            key={runId}
            runId={runId}
            label={label}
            size="xs"
            onStop={order(stopRun)}
            onPause={isAsked ? null : order(pauseRun)}
          />
        )}
      </Group>
    </Group>
  );
}
