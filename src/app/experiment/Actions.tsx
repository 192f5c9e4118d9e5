import { ActionIcon, Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useLocation } from 'wouter';
import {
  deleteExperiment,
  holdExperiment,
  moveExperiment,
  releaseExperiment,
  removeWaiting,
  retryExperiment,
} from '../../state/experiments.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { experimentLink } from './address.ts';
import type { Standing } from './standing.ts';

interface ActionsProps {
  readonly id: number;
  readonly name: string;
  readonly standing: Standing;
}

/** What can be done with an experiment in the queue: each for all of its runs. */
export function Actions({ id, name, standing }: ActionsProps) {
  const { waiting, held, current, failed, ended } = standing;
  const [error, setError] = useState<Error | null>(null);
  const act = (what: () => Promise<unknown>) => () => {
    setError(null);
    what().catch((caught: unknown) => setError(asError(caught)));
  };
  const inQueue = waiting + held;
  const canPause = waiting > 0 || current?.status === 'running';
  const canGoOn = held > 0 || current?.status === 'paused';
  return (
    <>
      <Group gap="xs">
        {canPause && (
          <Button
            size="xs"
            variant="default"
            title="Nothing of it is trained until you let it go on; the queue goes on with others. The run that is being trained starts again then, with a finished pre-training kept."
            onClick={act(() => holdExperiment(id))}
          >
            Pause
          </Button>
        )}
        {canGoOn && (
          <Button size="xs" onClick={act(() => releaseExperiment(id))}>
            Go on
          </Button>
        )}
        {failed + ended > 0 && (
          <Button size="xs" variant="default" onClick={act(() => retryExperiment(id))}>
            Try {failed + ended} again
          </Button>
        )}
        {inQueue > 0 && (
          <>
            <Group gap={4}>
              <Text size="xs" c="dimmed">
                in the queue
              </Text>
              <ActionIcon variant="default" aria-label="Earlier in the queue" onClick={act(() => moveExperiment(id, -1))}>
                ↑
              </ActionIcon>
              <ActionIcon variant="default" aria-label="Later in the queue" onClick={act(() => moveExperiment(id, 1))}>
                ↓
              </ActionIcon>
            </Group>
            <Button size="xs" variant="default" onClick={act(() => removeWaiting(id))}>
              Remove the {inQueue} queued
            </Button>
          </>
        )}
        <Delete id={id} name={name} runs={standing.total} />
      </Group>
      <Problem error={error} />
    </>
  );
}

/** Deleting cannot be undone: the one thing that asks. */
function Delete({ id, name, runs }: { id: number; name: string; runs: number }) {
  const [, navigate] = useLocation();
  const [asked, { open, close }] = useDisclosure(false);
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const remove = async () => {
    setDeleting(true);
    setError(null);
    try {
      await deleteExperiment(id);
      navigate(experimentLink({ kind: 'list' }));
    } catch (caught) {
      setError(asError(caught));
      setDeleting(false);
    }
  };
  return (
    <>
      <Button size="xs" variant="subtle" color="red" onClick={open}>
        Delete
      </Button>
      <Modal opened={asked} onClose={close} title={`Delete “${name}”?`}>
        <Text>
          {runs === 0 ? 'It has no runs.' : `Its ${runs} run${runs === 1 ? '' : 's'}, with their results, go too.`} This cannot be
          undone.
        </Text>
        <Problem error={error} title="It could not be deleted" />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button color="red" onClick={remove} loading={deleting}>
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  );
}
