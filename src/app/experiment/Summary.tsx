import { Alert, Button, Card, List, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { queueExperiment } from '../../state/experiments.ts';
import { useTraining } from '../../state/training.ts';
import type { DatasetRow } from '../../storage/database.ts';
import type { DatasetRuns } from '../../storage/experiments.ts';
import { bytes } from '../format.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { RunsForecast } from '../shared/RunsForecast.tsx';
import { extent, stagesOf } from '../train/gpuSizes.ts';
import { useGpuPlan } from '../train/useGpuPlan.ts';
import { Warnings } from '../train/Warnings.tsx';
import { experimentLink } from './address.ts';
import { foresee, foreseenWords } from './foreseen.ts';
import type { Planned } from './planned.ts';
import { ShareButtons } from './ShareButtons.tsx';
import { useKnown } from './useKnown.ts';
import { contentsWords } from './words.ts';

interface SummaryProps {
  readonly experiment: Experiment;
  /** Null while it is planned for the first time. */
  readonly planned: Planned | null;
  /** Whether it is of what stands in the form. */
  readonly isReady: boolean;
  /** What of the form cannot be read, in a sentence; null where all can. */
  readonly unreadable: string | null;
}

/** What the plan comes to, before it starts; and the button that starts it. */
export function Summary({ experiment, planned, isReady, unreadable }: SummaryProps) {
  const { parts, problem, warnings } = planned ?? NOT_YET;
  const [, navigate] = useLocation();
  const [queueing, setQueueing] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const backend = useTraining((state) => state.backend);
  const known = useKnown(parts.map(({ dataset }) => dataset.id));
  const foreseen = useMemo(() => foresee(parts, known), [parts, known]);
  const largest = useMemo(() => largestPart(parts), [parts]);
  const gpu = useGpuPlan(largest?.configurations ?? [], largest?.dataset ?? NO_DATASET, backend?.name === 'webgpu');
  const binding = gpu.plan?.largestBinding ?? 0;
  const isTooLarge = backend !== null && backend.largestTable !== null && binding > backend.largestTable;
  const queue = async () => {
    setQueueing(true);
    try {
      navigate(experimentLink({ kind: 'one', id: await queueExperiment(experiment, parts) }));
    } catch (caught) {
      setError(asError(caught));
      setQueueing(false);
    }
  };
  return (
    <Card withBorder component="section" aria-label="What it will run" className="summary" style={{ overflow: 'visible' }}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          What it will run
        </Title>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {contentsWords(experiment)}
        </Text>
        {problem !== null ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : planned === null ? (
          <Text size="sm" mih={150}>
            Planning …
          </Text>
        ) : (
          // The button below does not move while one presses it.
          <List size="sm" spacing={4} className="figures" mih={150} aria-label="What it takes">
            {parts.length > 1 &&
              parts.map(({ dataset, configurations }) => (
                <List.Item key={dataset.id}>
                  {configurations.length} run{configurations.length === 1 ? '' : 's'} on {dataset.name}
                </List.Item>
              ))}
            {foreseenWords(foreseen, gpu.plan).map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
            {gpu.problem !== null && <List.Item>The GPU’s memory could not be foretold: {gpu.problem}</List.Item>}
          </List>
        )}
        {parts.length > 0 && <RunsForecast parts={parts} isSearch={false} />}
        <Warnings warnings={warnings} />
        {isTooLarge && (
          <Alert color="orange" title="This GPU cannot hold the model">
            Its largest table or activation has {bytes(binding)}; this GPU takes at most {bytes(backend.largestTable ?? 0)} in one
            piece. Choose fewer channels k or a smaller batch, or use WASM.
          </Alert>
        )}
        <Problem error={error} title="It could not be queued" />
        <div className="start">
          {unreadable !== null && (
            <Text size="sm" c={ERROR} role="alert" mb={4}>
              {unreadable}
            </Text>
          )}
          <Button fullWidth onClick={queue} disabled={unreadable !== null || problem !== null || !isReady} loading={queueing}>
            Queue the experiment
          </Button>
        </div>
        <ShareButtons experiment={experiment} />
      </Stack>
    </Card>
  );
}

/** The part whose models are the largest: of it the planner is asked. */
function largestPart(parts: readonly DatasetRuns[]): DatasetRuns | undefined {
  const size = ({ dataset, configurations }: DatasetRuns) =>
    Math.max(0, ...configurations.flatMap((configuration) => stagesOf(configuration, dataset).map(extent)));
  return parts.reduce<DatasetRuns | undefined>(
    (largest, part) => (largest === undefined || size(part) > size(largest) ? part : largest),
    undefined,
  );
}

/** With enough contrast for text. */
const ERROR = 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))';

const NOT_YET: Planned = { parts: [], problem: null, warnings: [] };

/** Nothing is planned on it. */
const NO_DATASET: Pick<DatasetRow, 'task' | 'figures'> = {
  task: 'ranking',
  figures: {
    sourceUsers: 0,
    sourceItems: 0,
    sourceInteractions: 0,
    targetUsers: 0,
    targetItems: 0,
    instances: 0,
    targetOnlyUsers: 0,
    droppedTargetItems: 0,
  },
};
