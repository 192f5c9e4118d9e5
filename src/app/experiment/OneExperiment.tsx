import { Alert, Anchor, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { TEMPLATES } from '../../experiments/templates.ts';
import { database } from '../../state/database.ts';
import { renameExperiment } from '../../state/experiments.ts';
import { asError } from '../shared/asError.ts';
import { NameInPlace } from '../shared/NameInPlace.tsx';
import { Problem } from '../shared/Problem.tsx';
import { Actions } from './Actions.tsx';
import { experimentLink } from './address.ts';
import { Missing } from './Missing.tsx';
import { RunsOf } from './RunsOf.tsx';
import { ShareButtons } from './ShareButtons.tsx';
import { standingOf, standingWords } from './standing.ts';
import { TimeLeft } from './TimeLeft.tsx';
import { usePlan } from './usePlan.ts';
import { useRunsOf } from './useRunsOf.ts';
import { contentsWords } from './words.ts';

/** An experiment that is in the queue, going on, or done. */
export function OneExperiment({ id }: { id: number }) {
  const [, navigate] = useLocation();
  const row = useLiveQuery(async () => (await database.experiments.get(id)) ?? null, [id]);
  const runs = useRunsOf(id);
  const plan = usePlan();
  const [error, setError] = useState<Error | null>(null);
  if (row === undefined || runs === undefined) return <Loader aria-label="Loading the experiment" />;
  if (row === null) {
    return (
      <Stack gap="md">
        <Title order={1} size="h3">
          Experiment {id}
        </Title>
        <Alert color="orange" title={`There is no experiment ${id} in this browser`} role="alert">
          Experiments stay in the browser that made them; a share link brings the plan elsewhere.
        </Alert>
        <Button w="fit-content" onClick={() => navigate(experimentLink({ kind: 'list' }))}>
          All experiments
        </Button>
      </Stack>
    );
  }
  const { experiment } = row;
  const standing = standingOf(runs);
  const datasets = new Map(runs.map(({ datasetId, datasetName }) => [datasetId, datasetName]));
  const withPolicy = runs.findLast(({ result }) => result?.policy);
  const isDone = standing.total > 0 && standing.finished === standing.total;
  const planAgain = () => {
    setError(null);
    plan(experiment, 'here', Array.from(datasets.keys())).catch((caught: unknown) => setError(asError(caught)));
  };
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end" gap="md">
        <div style={{ flex: '1 1 360px' }}>
          <Anchor component={Link} href={experimentLink({ kind: 'list' })} size="sm">
            ← All experiments
          </Anchor>
          <NameInPlace
            name={experiment.name}
            order={1}
            size="h3"
            label="Name of the experiment"
            onSave={(name) => renameExperiment(id, name)}
          />
          <Text c="dimmed">{TEMPLATES.find((template) => template.id === experiment.question)?.question}</Text>
        </div>
        <ShareButtons experiment={experiment} />
      </Group>
      <Group gap="lg" align="baseline">
        <Text fw={600} className="figures" role="status">
          {standingWords(standing)}
        </Text>
        <TimeLeft runs={runs} />
      </Group>
      {standing.total === 0 && (
        <Alert color="gray" p="xs">
          <Text size="sm" mb="xs">
            It has no runs: it came as a plan, or they were taken out.
          </Text>
          <Button size="xs" onClick={planAgain}>
            Choose datasets and queue it
          </Button>
        </Alert>
      )}
      <Actions id={id} name={experiment.name} standing={standing}>
        {standing.finished > 0 && (
          <Button size="xs" variant={isDone ? 'filled' : 'default'} component={Link} href={`/compare?experiment=${id}`}>
            Compare
          </Button>
        )}
        {withPolicy !== undefined && (
          <Button size="xs" variant="default" component={Link} href={`/policies?experiment=${id}&run=${withPolicy.id}`}>
            Policies
          </Button>
        )}
        <Missing id={id} experiment={experiment} runs={runs} />
        <Button size="xs" variant="default" onClick={planAgain}>
          Plan another one like it
        </Button>
      </Actions>
      <Problem error={error} />
      {Array.from(datasets, ([datasetId, name]) => (
        <RunsOf key={datasetId} dataset={name} datasetId={datasetId} all={runs} />
      ))}
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {contentsWords(experiment)}
      </Text>
    </Stack>
  );
}
