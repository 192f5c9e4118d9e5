import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { decodeExperiment } from '../../experiments/share.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { Problem } from '../shared/Problem.tsx';
import { experimentLink } from './address.ts';
import { Builder } from './Builder.tsx';
import { DatasetChoice } from './DatasetChoice.tsx';
import { contentsWords } from './words.ts';

/** An experiment that a link or a file brought: it asks which datasets to use, then it can be changed and queued. */
export function Shared({ link, datasets }: { link: string; datasets: readonly DatasetRow[] }) {
  const [read, setRead] = useState<{ readonly experiment?: Experiment; readonly error?: Error }>({});
  const [ids, setIds] = useState<readonly number[]>([]);
  const [isChosen, setChosen] = useState(false);
  const [, navigate] = useLocation();
  useEffect(() => {
    decodeExperiment(link).then(
      (experiment) => setRead({ experiment }),
      (error: unknown) => setRead({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
  }, [link]);
  const { experiment, error } = read;
  if (error !== undefined) {
    return (
      <Problem error={error} title="This link cannot be opened">
        <Button variant="default" onClick={() => navigate(experimentLink({ kind: 'list' }))}>
          All experiments
        </Button>
      </Problem>
    );
  }
  if (experiment === undefined) return <Loader aria-label="Loading the experiment" />;
  if (isChosen) return <Builder initial={experiment} initialDatasets={ids} datasets={datasets} />;
  return (
    <Stack gap="md" maw={560}>
      <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
        {experiment.name}
      </Title>
      <Text>{contentsWords(experiment)}</Text>
      {datasets.length === 0 ? (
        <Alert color="orange">Import a dataset first: a link carries the plan, and never data.</Alert>
      ) : (
        <>
          <DatasetChoice
            label="On which datasets?"
            description="A link carries the plan, and never data: choose from those in this browser."
            datasets={datasets}
            ids={ids}
            onChange={setIds}
          />
          <Group>
            <Button disabled={ids.length === 0} onClick={() => setChosen(true)}>
              Look at it
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
