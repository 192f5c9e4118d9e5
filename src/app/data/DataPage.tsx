import { Button, Group, Loader, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { Term } from '../shared/Term.tsx';
import { scenarioOf } from '../train/demo.ts';
import { DatasetCard } from './DatasetCard.tsx';
import { DemoLead } from './DemoLead.tsx';
import { StorageSection } from './storage/StorageSection.tsx';

// Not part of the first view.
const ImportPanel = lazy(() => import('./ImportPanel.tsx').then((module) => ({ default: module.ImportPanel })));
const SimulatorPanel = lazy(() => import('./SimulatorPanel.tsx').then((module) => ({ default: module.SimulatorPanel })));

/** The datasets there are, and how to get another. */
export function DataPage() {
  const datasets = useLiveQuery(() => database.datasets.toArray(), []);
  const { chooseDataset } = usePreferences();
  const [, navigate] = useLocation();
  const demo = datasets?.find((row) => row.hasContents && scenarioOf(row) === 'hidden');
  const train = ({ id }: DatasetRow) => {
    chooseDataset(id);
    navigate('/train');
  };
  const [opened, setOpened] = useState<'import' | 'simulator' | null>(null);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h3">
          Data
        </Title>
        <Text size="lg" fw={600} maw={760} mt="xs">
          Which parts of a recommender should be re-learned, and for which user?
        </Text>
        <Text maw={760}>
          Here you can watch personalised transfer learning. A model learns from one domain, where there is much to learn from
          (the <Term of="sourceDomain">source</Term>), and is then fitted to another, where there is little (the{' '}
          <Term of="targetDomain">target</Term>). <Term of="uaf">UAF</Term>, user-specific adaptive fine-tuning, decides for each
          user which parts to keep and which to re-learn. Everything is computed, and stays, in this browser.
        </Text>
      </div>
      {demo !== undefined && <DemoLead key={demo.id} dataset={demo} onTrain={() => train(demo)} />}
      <Title order={2} size="h4">
        Datasets
      </Title>
      <Group>
        <Button
          variant={opened === 'import' ? 'filled' : 'default'}
          onClick={() => setOpened(opened === 'import' ? null : 'import')}
        >
          Import files
        </Button>
        <Button
          variant={opened === 'simulator' ? 'filled' : 'default'}
          onClick={() => setOpened(opened === 'simulator' ? null : 'simulator')}
        >
          Simulate a dataset
        </Button>
      </Group>
      <Suspense fallback={<Loader aria-label="Loading the panel" />}>
        {opened === 'import' && <ImportPanel onDone={() => setOpened(null)} />}
        {opened === 'simulator' && <SimulatorPanel onDone={() => setOpened(null)} />}
      </Suspense>
      {datasets === undefined ? null : datasets.length === 0 ? (
        <Text>There is no dataset yet: import files, or simulate one.</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {datasets.map((row) => (
            <DatasetCard key={row.id} row={row} onTrain={() => train(row)} />
          ))}
        </SimpleGrid>
      )}
      <StorageSection />
    </Stack>
  );
}
