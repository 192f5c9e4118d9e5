import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { database } from '../../state/database.ts';
import { tellError } from '../../state/faults.ts';
import { isBegun } from '../../storage/trained.ts';

interface StopButtonProps {
  readonly runId: number;
  /** What the run is called. */
  readonly label: string;
  readonly size: 'xs' | 'compact-xs';
  readonly onStop: () => void;
  /** Null where it is paused already. */
  readonly onPause: (() => void) | null;
}

/** Ends a run for good. Asks where something would be lost by that. To be keyed by its run: what is asked is asked of one. */
export function StopButton({ runId, label, size, onStop, onPause }: StopButtonProps) {
  const [asked, { open, close }] = useDisclosure(false);
  const ask = async () => {
    if (await isBegun(database, runId)) open();
    else onStop();
  };
  const and = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <>
      <Button size={size} variant="default" onClick={() => ask().catch(tellError)}>
        Stop
      </Button>
      <Modal opened={asked} onClose={close} title={`Stop ${label} for good?`}>
        <Text mb="md">
          Its checkpoint is thrown away: it cannot be resumed then, only started anew. Curves and policies up to now stay.{' '}
          {onPause === null
            ? 'Paused, as it is now, it keeps everything, also when this page is closed.'
            : 'Paused it keeps everything, also when this page is closed; but the queue waits for it.'}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {onPause === null ? 'Keep it' : 'Keep training'}
          </Button>
          {onPause !== null && (
            <Button variant="default" onClick={and(onPause)}>
              Pause instead
            </Button>
          )}
          <Button color="red" onClick={and(onStop)}>
            Stop it
          </Button>
        </Group>
      </Modal>
    </>
  );
}
