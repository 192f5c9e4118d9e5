import { Anchor, Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useRef } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import { withoutContents } from '../../storage/database.ts';
import { useDatasetRow } from '../shared/useDataset.ts';
import { askedRun } from './asked.ts';
import { DemoButton } from './DemoButton.tsx';
import { isDemoDone, scenarioOf } from './demo.ts';
import { LiveRuns } from './LiveRuns.tsx';
import { NewRuns } from './NewRuns.tsx';

/** Asks for runs, and watches them. */
export default function TrainPage() {
  const dataset = useDatasetRow();
  const [, navigate] = useLocation();
  const form = useRef<HTMLDivElement>(null);
  const search = useSearch();
  const asked = askedRun(new URLSearchParams(search));
  const askedDataset = asked?.datasetId;
  useEffect(() => {
    if (askedDataset === undefined) return;
    // A link may ask for a dataset that another browser has.
    database.datasets.get(askedDataset).then((row) => row && usePreferences.getState().chooseDataset(row.id));
  }, [askedDataset]);
  const runs = useLiveQuery(() => database.runs.where({ datasetId: dataset?.id ?? -1 }).toArray(), [dataset?.id]);
  if (dataset === undefined || runs === undefined || !dataset.hasContents) {
    return (
      <Stack>
        <Title order={1} size="h3">
          Train
        </Title>
        <Text>{dataset?.hasContents === false ? withoutContents(dataset.name) : 'Training needs a dataset.'}</Text>
        <Button w="fit-content" onClick={() => navigate('/data')}>
          Choose or import one
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h3">
            Train
          </Title>
          <Text c="dimmed" maw={720}>
            NextItNet is pre-trained on the source domain once, then fine-tuned on the target domain by each method. It goes on
            when you look at another page or tab.
          </Text>
          <Anchor component={Link} href="/experiment" size="sm">
            Plan an experiment: the paper’s tables on this dataset
          </Anchor>
        </div>
        <Group gap="sm" align="flex-start">
          {scenarioOf(dataset) !== null && (
            <DemoButton
              dataset={dataset}
              isDone={isDemoDone(dataset, runs)}
              isWaiting={runs.some(({ status }) => status === 'queued')}
            />
          )}
          {/* On a phone the form stands below all that runs show. */}
          <Button variant="default" hiddenFrom="md" onClick={() => form.current?.scrollIntoView()}>
            New runs
          </Button>
        </Group>
      </Group>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }} order={{ base: 2, md: 1 }} ref={form} style={{ scrollMarginTop: 64 }}>
          <NewRuns key={`${dataset.id} ${search}`} dataset={dataset} asked={asked?.datasetId === dataset.id ? asked : null} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }} order={{ base: 1, md: 2 }}>
          <LiveRuns dataset={dataset} runs={runs} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
