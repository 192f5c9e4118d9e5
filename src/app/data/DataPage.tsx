import { Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { database } from '../../state/database.ts';
import { DatasetCard } from './DatasetCard.tsx';
import { ImportPanel } from './ImportPanel.tsx';
import { SimulatorPanel } from './SimulatorPanel.tsx';
import { StorageMeter } from './StorageMeter.tsx';

/** The datasets there are, and how to get another. */
export function DataPage() {
  const datasets = useLiveQuery(() => database.datasets.toArray(), []);
  const [opened, setOpened] = useState<'import' | 'simulator' | null>(null);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h3">
          Data
        </Title>
        <Text c="dimmed" maw={720}>
          A dataset joins two domains: what users did in a source domain, where there is much to learn from, and what some of them
          did in a target domain, where there is little. Everything stays in this browser.
        </Text>
      </div>
      <Group>
        <Button
          variant={opened === 'import' ? 'filled' : 'default'}
          onClick={() => setOpened(opened === 'import' ? null : 'import')}
        >
          Import two files
        </Button>
        <Button
          variant={opened === 'simulator' ? 'filled' : 'default'}
          onClick={() => setOpened(opened === 'simulator' ? null : 'simulator')}
        >
          Simulate a dataset
        </Button>
        <StorageMeter />
      </Group>
      {opened === 'import' && <ImportPanel onDone={() => setOpened(null)} />}
      {opened === 'simulator' && <SimulatorPanel onDone={() => setOpened(null)} />}
      {datasets === undefined ? null : datasets.length === 0 ? (
        <Text>There is no dataset yet: import two files, or simulate one.</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {datasets.map((row) => (
            <DatasetCard key={row.id} row={row} />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  );
}
