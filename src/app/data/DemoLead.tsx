import { Button, Group, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../state/database.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { DemoButton } from '../train/DemoButton.tsx';
import { isDemoDone } from '../train/demo.ts';

interface DemoLeadProps {
  readonly dataset: DatasetRow;
  /** Goes to the Train page with this dataset. */
  readonly onTrain: () => void;
}

/** Where a first visit begins; afterwards, the way back to what came out. */
export function DemoLead({ dataset, onTrain }: DemoLeadProps) {
  const runs = useLiveQuery(() => database.runs.where({ datasetId: dataset.id }).toArray(), [dataset.id]);
  if (runs === undefined) return null;
  const isDone = isDemoDone(dataset, runs);
  return (
    <Group gap="md" align="flex-start">
      {isDone && <Button onClick={onTrain}>See what happened</Button>}
      <DemoButton dataset={dataset} runs={runs} onStart={onTrain} />
      {!isDone && (
        <Text maw={480}>
          Begin here: simulated users, of whom it is known who needs what. The demo trains on them, and shows whether UAF finds it
          out.
        </Text>
      )}
    </Group>
  );
}
