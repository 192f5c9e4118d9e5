import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { type ExperimentAddress, experimentLink } from './address.ts';
import { Builder } from './Builder.tsx';
import { DatasetChoice } from './DatasetChoice.tsx';
import { Decoded } from './Decoded.tsx';
import { contentsWords } from './words.ts';

interface SharedProps {
  readonly address: Extract<ExperimentAddress, { kind: 'shared' }>;
  readonly datasets: readonly DatasetRow[];
  /** The dataset that is in use: it is the first guess. */
  readonly inUse: number | null;
}

/** An experiment that a link or a file brought: it asks which datasets to use, then it can be changed and queued. */
export function Shared({ address, datasets, inUse }: SharedProps) {
  // The builder writes what becomes of it into the address.
  const [{ link, on, from }] = useState(address);
  const ids = on.filter((wanted) => datasets.some(({ id }) => id === wanted));
  return (
    <Decoded link={link}>
      {(experiment) =>
        ids.length > 0 ? (
          <Builder
            initial={experiment}
            initialDatasets={ids}
            datasets={datasets}
            placeOf={(changed, wanted) => ({ kind: 'shared', link: changed, on: wanted, from })}
          />
        ) : (
          <Where experiment={experiment} address={{ kind: 'shared', link, on, from }} datasets={datasets} inUse={inUse} />
        )
      }
    </Decoded>
  );
}

/** Asks for the datasets: a link or file names none. */
function Where({ experiment, address, datasets, inUse }: SharedProps & { experiment: Experiment }) {
  const [ids, setIds] = useState<readonly number[]>(datasets.flatMap(({ id }) => (id === inUse ? [id] : [])));
  const [, navigate] = useLocation();
  const carries = `${address.from === 'file' ? 'A file' : 'A link'} carries the plan, and never data.`;
  return (
    <Stack gap="md" maw={560}>
      <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
        {experiment.name}
      </Title>
      <Text>{contentsWords(experiment)}</Text>
      {datasets.length === 0 ? (
        <Alert color="orange">Import a dataset first: {carries}</Alert>
      ) : (
        <>
          <DatasetChoice
            label="On which datasets?"
            description={`${carries} Choose from those in this browser.`}
            datasets={datasets}
            ids={ids}
            onChange={setIds}
          />
          <Group>
            <Button disabled={ids.length === 0} onClick={() => navigate(experimentLink({ ...address, on: ids }))}>
              Look at it
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
