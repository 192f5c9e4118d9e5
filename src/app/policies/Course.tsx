import { Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { SEPARATED } from '../../analysis/blocks.ts';
import { EpochPanels } from '../../charts/EpochPanels.tsx';
import { Problem } from '../shared/Problem.tsx';
import { usePolicies } from '../shared/useAnswer.ts';
import { type Choice, ofWhom } from './choice.ts';
import { separationWords } from './separationWords.ts';

interface CourseProps {
  readonly runId: number;
  readonly epochs: readonly number[];
  readonly shown: number;
  readonly choice: Choice | null;
  /** Users in all. */
  readonly users: number;
}

/** When the gates of each block began to tell users apart. */
export const Course = memo(function Course({ runId, epochs, shown, choice, users }: CourseProps) {
  const separation = usePolicies(`${runId} ${epochs.length} ${choice?.key}`, (service) =>
    service.separation(runId, choice?.mask ?? null),
  );
  if (separation.error !== null) return <Problem error={separation.error} />;
  if (separation.value === undefined) return null;
  const course = separation.value;
  // Users who were chosen because they are alike are not separated: that says nothing of the block.
  const isOfAll = course.users === users;
  const panels = course.blocks.map((values, block) => ({
    label: `block ${block + 1}`,
    values,
    note: isOfAll ? separationWords(course.epochs, values) : 'among the chosen users',
  }));
  return (
    <Stack gap={4}>
      <EpochPanels
        title={`Separation over the epochs, ${ofWhom(course.users, users)}`}
        epochs={course.epochs}
        panels={panels}
        range={[0, 0.5]}
        level={{ value: SEPARATED, label: `${SEPARATED}, from which on a block is called separated` }}
        shown={shown}
      />
      <Text size="xs" c="dimmed" maw={720}>
        Separation is the standard deviation, between users, of a block’s probability of fine-tuning: 0 where the block treats all
        alike, 0.5 where it is surely kept for one half of the users and surely re-learned for the other.
        {isOfAll ? '' : ' Chosen users who are alike lie low here, whether or not the block tells all users apart.'}
      </Text>
    </Stack>
  );
});
