import { Button, Group, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useRef } from 'react';
import { database } from '../../state/database.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { DemoButton } from '../train/DemoButton.tsx';
import { demoStand } from '../train/demo.ts';

interface DemoLeadProps {
  readonly dataset: DatasetRow;
  /** Goes to the Train page with this dataset. */
  readonly onTrain: () => void;
}

/** Where a first visit begins; afterwards, the way back to what came out. */
export function DemoLead({ dataset, onTrain }: DemoLeadProps) {
  const read = useRef(new Map<number, RunRow | null>());
  const stand = useLiveQuery(() => demoStand(database, dataset, read.current), [dataset]);
  if (stand === undefined) return null;
  const { isDone } = stand;
  return (
    <Group gap="md" align="flex-start">
      {isDone && <Button onClick={onTrain}>See what happened</Button>}
      <DemoButton dataset={dataset} {...stand} onStart={onTrain} />
      {!isDone && (
        <Text maw={480}>
          Begin here: simulated users, of whom it is known who needs what. The demo trains on them, and shows whether UAF finds it
          out.
        </Text>
      )}
    </Group>
  );
}
