import { Alert, Anchor, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link, useLocation } from 'wouter';
import { TEMPLATES } from '../../experiments/templates.ts';
import { database } from '../../state/database.ts';
import { renameExperiment } from '../../state/experiments.ts';
import { NameInPlace } from '../shared/NameInPlace.tsx';
import { policiesLink } from '../user/address.ts';
import { Actions } from './Actions.tsx';
import { experimentLink } from './address.ts';
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
  const planAgain = usePlan();
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
            It came as a plan, without runs.
          </Text>
          <Button size="xs" onClick={() => planAgain(experiment)}>
            Choose datasets and queue it
          </Button>
        </Alert>
      )}
      <Actions id={id} name={experiment.name} standing={standing} />
      <Group gap="md">
        {standing.finished > 0 && (
          <Anchor component={Link} href={`/compare?experiment=${id}`}>
            Compare
          </Anchor>
        )}
        {withPolicy !== undefined && (
          <Anchor component={Link} href={policiesLink(withPolicy.id, false)}>
            Policies
          </Anchor>
        )}
        <Anchor component="button" type="button" onClick={() => planAgain(experiment)}>
          Plan another one like it
        </Anchor>
      </Group>
      {Array.from(datasets, ([datasetId, name]) => (
        <RunsOf key={datasetId} dataset={name} datasetId={datasetId} all={runs} />
      ))}
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {contentsWords(experiment)}
      </Text>
    </Stack>
  );
}
