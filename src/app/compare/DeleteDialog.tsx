import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { counted } from '../../results/digits.ts';
import { database } from '../../state/database.ts';
import { deleteRuns } from '../../storage/database.ts';

/** Runs that are asked about. */
export interface Deletion {
  /** All that would go. */
  readonly runs: readonly number[];
  /** How many of them were not chosen, but go along: trials of a search. */
  readonly along: number;
  /** How many of the chosen ones the table does not show now. */
  readonly unseen: number;
}

interface DeleteDialogProps {
  /** Null: nothing is asked. */
  readonly asked: Deletion | null;
  /** Told what was deleted; nothing where it was thought better of. */
  readonly onDone: (deleted: readonly number[]) => void;
}

/** Asks before runs are deleted. */
export function DeleteDialog({ asked, onDone }: DeleteDialogProps) {
  const { runs, along, unseen } = asked ?? { runs: [], along: 0, unseen: 0 };
  return (
    <Modal
      opened={asked !== null}
      onClose={() => onDone([])}
      title={runs.length > 1 ? `Delete ${counted(runs.length, 'run')}?` : `Delete run ${runs[0]}?`}
    >
      <Stack gap="sm">
        {unseen > 0 && (
          <Text>
            {unseen === 1 ? 'One of them is chosen but' : `${unseen} of them are chosen but`} not shown in the table now.
          </Text>
        )}
        {along > 0 && (
          <Text>
            {counted(along, 'trial')} of a search {along === 1 ? 'goes' : 'go'} along: if one went alone, another would become the
            best, and show a second test result.
          </Text>
        )}
        <Text>Epochs, results, policies and models go too. This cannot be undone.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onDone([])}>
            Keep
          </Button>
          <Button color="red" onClick={() => deleteRuns(database, runs).then(() => onDone(runs))}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
