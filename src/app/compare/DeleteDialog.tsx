import { Button, Group, Modal, Text } from '@mantine/core';
import { database } from '../../state/database.ts';
import { deleteRuns } from '../../storage/database.ts';

interface DeleteDialogProps {
  /** What would go; empty: nothing is asked. */
  readonly runs: readonly number[];
  readonly onDone: () => void;
}

/** Asks before runs are deleted. */
export function DeleteDialog({ runs, onDone }: DeleteDialogProps) {
  return (
    <Modal
      opened={runs.length > 0}
      onClose={onDone}
      title={runs.length > 1 ? `Delete ${runs.length} trials?` : `Delete run ${runs[0]}?`}
    >
      <Text mb="md">
        {runs.length > 1 &&
          'The trials of a search go together: if one went, another would become the best, and show a second test result. '}
        Epochs, results and policies go too. This cannot be undone.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Keep
        </Button>
        <Button color="red" onClick={() => deleteRuns(database, runs).then(onDone)}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
