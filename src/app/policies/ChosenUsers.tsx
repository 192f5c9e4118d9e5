import { Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { DistinctPolicies } from '../../charts/DistinctPolicies.tsx';
import type { PolicyFigures } from '../../services/protocol.ts';
import { count } from '../format.ts';
import { SaveFigure } from '../shared/SaveFigure.tsx';
import { Term } from '../shared/Term.tsx';
import { ofWhom } from './choice.ts';
import { distinctFigure, sharesFigure } from './policyFigures.ts';

interface ChosenUsersProps {
  readonly figures: PolicyFigures;
  /** Users in all. */
  readonly all: number;
  /** Those of them with a test target, whom Fig. 3 is about; null where that is not known. */
  readonly tested: number | null;
  readonly blocks: number;
  readonly kind: 'hard' | 'soft';
  readonly onChoosePolicy: (pattern: string) => void;
}

/** What the policies of the chosen users look like at an epoch. */
export const ChosenUsers = memo(function ChosenUsers({ figures, all, tested, blocks, kind, onChoosePolicy }: ChosenUsersProps) {
  const { epoch, users, shares, separation, distinct, largest } = figures;
  const whose = ofWhom(users, all);
  const what = kind === 'soft' ? 'Mean gates' : 'Shares';
  const possible = 2 ** blocks;
  const rows = [
    {
      key: 'chosen',
      label: kind === 'soft' ? 'mean gate' : 'share',
      isSoft: kind === 'soft',
      shares: shares.map((mean, block) => ({ mean, deviation: separation[block] })),
      note: `${count(users)} users`,
    },
  ];
  const [sharesTitle, policiesTitle] = [`${what} of ${whose}`, `Distinct policies of ${whose}`];
  return (
    <Stack gap="md" role="region" aria-label="Chosen users">
      <div>
        <Title order={3} size="h6">
          {what}, of {whose}
        </Title>
        <Text size="xs" c="dimmed">
          At epoch {epoch}.
          {tested === null || tested === all
            ? ''
            : ` Fig. 3 counts only the ${count(tested)} of ${count(all)} users who have a test target.`}{' '}
          ± is the standard deviation of the probability between users (0: all alike, 0.5: split in half).
        </Text>
        <BlockShares title={sharesTitle} deviationOf="the users’ probabilities" rows={rows} />
        <SaveFigure title={sharesTitle} figure={() => sharesFigure(sharesTitle, rows)} />
      </div>
      <div>
        <Title order={3} size="h6">
          {count(distinct)} distinct {distinct === 1 ? 'policy' : 'policies'} of {count(possible)} possible
        </Title>
        <Text size="xs" c="dimmed">
          At epoch {epoch}. A <Term of="policy">policy</Term> as figures: 1 fine-tuned, 0 frozen, block 1 first
          {distinct > 1 ? ', the commonest on top' : ''}. Press one to choose its users.
        </Text>
        <DistinctPolicies title={policiesTitle} users={users} distinct={distinct} largest={largest} onChoose={onChoosePolicy} />
        <SaveFigure title={policiesTitle} figure={() => distinctFigure(policiesTitle, users, distinct, largest)} />
      </div>
    </Stack>
  );
});
