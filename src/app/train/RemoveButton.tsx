import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { database } from '../../state/database.ts';
import { tellError } from '../../state/faults.ts';
import { deleteRuns } from '../../storage/database.ts';
import { isBegun } from '../../storage/trained.ts';

/** Takes a run out of the queue. Asks where it has been trained before, as stopping it does: all of that goes with it. */
export function RemoveButton({ runId, label }: { runId: number; label: string }) {
  const [asked, { open, close }] = useDisclosure(false);
  const remove = () => {
    close();
    deleteRuns(database, [runId]).catch(tellError);
  };
  const ask = async () => {
    if (await isBegun(database, runId)) open();
    else remove();
  };
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => ask().catch(tellError)}>
        Remove
      </Button>
      <Modal opened={asked} onClose={close} title={`Remove ${label} from the queue?`}>
        <Text mb="md">
          It has been trained before: its epochs and what it would resume from are deleted. This cannot be undone.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button color="red" onClick={remove}>
            Remove it
          </Button>
        </Group>
      </Modal>
    </>
  );
}
