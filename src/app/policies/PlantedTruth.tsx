import { Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { EpochPanels } from '../../charts/EpochPanels.tsx';
import { count, withError } from '../format.ts';
import { Term } from '../shared/Term.tsx';
import { usePolicies } from '../shared/useAnswer.ts';
import { Problem } from './Problem.tsx';

interface PlantedTruthProps {
  readonly runId: number;
  /** The newest epoch: with each new one there is more to be told. */
  readonly newest: number;
  readonly shown: number;
}

/** How well the gates tell apart what the simulator planted, epoch by epoch. */
export const PlantedTruth = memo(function PlantedTruth({ runId, newest, shown }: PlantedTruthProps) {
  const { value: course, error } = usePolicies(`${runId} ${newest}`, (service) => service.recovery(runId));
  if (error !== null) return <Problem error={error} />;
  if (!course) return null;
  const at = Math.max(0, course.epochs.indexOf(shown));
  const [first, second] = course.users;
  const blocks = course.blocks.map((values, block) => ({ label: `block ${block + 1}`, values, note: 'this block’s gate alone' }));
  const best = course.blocks.reduce((found, values, block) => (values[at] > course.blocks[found][at] ? block : found), 0);
  // A difference that two digits do not show is none.
  const isBlockBetter = course.blocks[best][at] > course.overall[at] + 0.005;
  return (
    <Stack gap={4}>
      <Text size="sm" role="status" maw={720}>
        The truth, which the model was never told: {count(first)} users are {course.kinds[0]}, {count(second)} are{' '}
        {course.kinds[1]}. At epoch {course.epochs[at]} the number of fine-tuned blocks tells them apart with{' '}
        <Term of="auc">AUC</Term> {aucText(course.overall[at], course.errors[at])}
        {isBlockBetter ? `; block ${best + 1} alone with AUC ${course.blocks[best][at].toFixed(2)}` : ''}.
      </Text>
      <EpochPanels
        title="How well the planted kinds are told apart (AUC)"
        epochs={course.epochs}
        panels={[{ label: 'overall', values: course.overall, note: 'number of fine-tuned blocks' }, ...blocks]}
        range={[0.5, 1]}
        level={{ value: 0.5, label: '0.5, which is chance' }}
        shown={shown}
      />
      <Text size="xs" c="dimmed">
        1: whoever is of one kind has more fine-tuned blocks (or, always, fewer) than whoever is of the other.
      </Text>
    </Stack>
  );
});

/** All pairs in order leave no error to be estimated. */
const aucText = (auc: number, error: number): string =>
  error > 0 ? `${withError(auc, error)} (standard error)` : auc.toFixed(2);
