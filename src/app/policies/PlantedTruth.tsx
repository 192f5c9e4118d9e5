import { Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { EpochPanels } from '../../charts/EpochPanels.tsx';
import type { KnownGrouping, RecoveryCourse } from '../../services/protocol.ts';
import { count, withError } from '../format.ts';
import { Term } from '../shared/Term.tsx';
import { usePolicies } from '../shared/useAnswer.ts';

interface TruthProps {
  readonly course: RecoveryCourse;
  readonly shown: number;
}

/** What was planted of two kinds, by which users can be sorted; undefined where nothing was. */
export const plantedIn = (groupings: readonly KnownGrouping[]): KnownGrouping | undefined =>
  groupings.find(({ planted, groups }) => planted && groups.length === 2);

/**
 * How well the gates tell the planted kinds apart, epoch by epoch; nothing is asked before somebody wants to see it.
 *
 * @param newest the newest epoch: with each new one there is more to be told
 */
export const useRecovery = (runId: number, newest: number, truth: boolean) =>
  usePolicies(truth ? `${runId} ${newest}` : null, (service) => service.recovery(runId));

/** The truth, and how well it was found, in a sentence. */
export const TruthSentence = memo(function TruthSentence({ course, shown }: TruthProps) {
  // The course may be an epoch behind while a run goes on.
  const at = Math.max(
    0,
    course.epochs.findLastIndex((epoch) => epoch <= shown),
  );
  const [first, second] = course.users;
  const best = course.blocks.reduce((found, values, block) => (values[at] > course.blocks[found][at] ? block : found), 0);
  // A difference that two digits do not show is none.
  const isBlockBetter = course.blocks[best][at] > course.overall[at] + 0.005;
  return (
    <Text size="sm" role="status" maw={720}>
      The truth, which the model was never told: {count(first)} users are {course.kinds[0]}, {count(second)} are {course.kinds[1]}
      . At epoch {course.epochs[at]} the number of fine-tuned blocks tells them apart with <Term of="auc">AUC</Term>{' '}
      {aucText(course.overall[at], course.errors[at])}
      {isBlockBetter ? `; block ${best + 1} alone with AUC ${course.blocks[best][at].toFixed(2)}` : ''}.
    </Text>
  );
});

/** How well the gates tell the planted kinds apart, drawn over the epochs. */
export const TruthPanels = memo(function TruthPanels({ course, shown }: TruthProps) {
  const blocks = course.blocks.map((values, block) => ({ label: `block ${block + 1}`, values, note: 'this block’s gate alone' }));
  return (
    <Stack gap={4}>
      <EpochPanels
        title="How well the planted kinds are told apart (AUC)"
        epochs={course.epochs}
        panels={[{ label: 'overall', values: course.overall, note: 'number of fine-tuned blocks' }, ...blocks]}
        range={[0.5, 1]}
        level={{ value: 0.5, label: '0.5, which is chance' }}
        shown={shown}
      />
      <Text size="xs" c="dimmed" maw={720}>
        1: whoever is of one kind has more fine-tuned blocks (or, always, fewer) than whoever is of the other. Only the order
        counts: a difference that is small, but there for nearly everybody, gives a high AUC though the separation is low.
      </Text>
    </Stack>
  );
});

/** All pairs in order leave no error to be estimated. */
const aucText = (auc: number, error: number): string =>
  error > 0 ? `${withError(auc, error)} (standard error)` : auc.toFixed(2);
