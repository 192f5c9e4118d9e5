import { ActionIcon, Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLiveQuery } from 'dexie-react-hooks';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { database } from '../../state/database.ts';
import {
  deleteExperiment,
  holdExperiment,
  moveExperiment,
  releaseExperiment,
  removeWaiting,
  retryExperiment,
} from '../../state/experiments.ts';
import { placeInQueue } from '../../storage/experiments.ts';
import { waitingRuns } from '../../storage/queue.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { experimentLink } from './address.ts';
import type { Standing } from './standing.ts';

interface ActionsProps {
  readonly id: number;
  readonly name: string;
  readonly standing: Standing;
  /** What else can be done with it, beside what is done with its queue. */
  readonly children: ReactNode;
}

/** What can be done with an experiment in the queue: each for all of its runs. */
export function Actions({ id, name, standing, children }: ActionsProps) {
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
            title="Nothing of it is trained until you resume it; the queue goes on with others. The run that is being trained resumes then where it stands now."
            onClick={act(() => holdExperiment(id))}
          >
            Pause
          </Button>
        )}
        {canGoOn && (
          <Button size="xs" onClick={act(() => releaseExperiment(id))}>
            Resume
          </Button>
        )}
        {failed + ended > 0 && (
          <Button size="xs" variant="default" onClick={act(() => retryExperiment(id))}>
            Try {failed + ended} again
          </Button>
        )}
        {children}
        {inQueue > 0 && (
          <>
            <Place id={id} onMove={(step) => act(() => moveExperiment(id, step))()} />
            <Button size="xs" variant="default" onClick={act(() => removeWaiting(id))}>
              Remove the {inQueue} that wait{inQueue === 1 ? 's' : ''}
            </Button>
          </>
        )}
        <Delete id={id} name={name} runs={standing.total} />
      </Group>
      <Problem error={error} />
    </>
  );
}

/** Its place in the queue, with the way to another one. */
function Place({ id, onMove }: { id: number; onMove: (step: -1 | 1) => void }) {
  const queue = useLiveQuery(() => waitingRuns(database), []);
  const found = queue === undefined ? null : placeInQueue(queue, id);
  if (found === null) return null;
  const { place, of } = found;
  return (
    <Group gap={4}>
      <Text size="xs" c="dimmed" role="status">
        {of === 1 ? 'nothing else in the queue' : `number ${place} of ${of} in the queue`}
      </Text>
      {of > 1 && (
        <>
          <ActionIcon variant="default" aria-label="Earlier in the queue" disabled={place === 1} onClick={() => onMove(-1)}>
            ↑
          </ActionIcon>
          <ActionIcon variant="default" aria-label="Later in the queue" disabled={place === of} onClick={() => onMove(1)}>
            ↓
          </ActionIcon>
        </>
      )}
    </Group>
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
