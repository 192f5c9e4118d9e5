import { Text } from '@mantine/core';
import { MOST_TRIED_BLOCKS } from '../../engine/evaluation/policies.ts';
import type { Recommendation, WhatIfs } from '../../engine/inspection/inspect.ts';
import type { ModelInfo } from '../../services/protocol.ts';
import { count } from '../format.ts';
import { Problem } from '../shared/Problem.tsx';
import { Panel } from './Panel.tsx';
import { WhatIfPicture } from './WhatIfPicture.tsx';

interface WhatIfPanelProps {
  readonly model: ModelInfo;
  readonly whatIfs: {
    readonly value:
      | {
          readonly ranks: WhatIfs;
          readonly own: readonly number[];
          /** Where the target stands under the own policy. */
          readonly ownRank: Recommendation['target'];
        }
      | undefined;
    readonly error: Error | null;
  };
  /** Whether anything is looked for. */
  readonly isWanted: boolean;
  /** What is to be kept in mind about the target. */
  readonly caution: string | null;
  readonly byHand: readonly number[];
  readonly isHandSet: boolean;
  readonly onGates: (gates: readonly (0 | 1)[]) => void;
}

/** Where each policy that is possible would have ranked the target. */
export function WhatIfPanel({
  model,
  whatIfs: { value, error },
  isWanted,
  caution,
  byHand,
  isHandSet,
  onGates,
}: WhatIfPanelProps) {
  const { blocks, candidates, targetItems, task } = model;
  const policies = 2 ** blocks;
  const isSampled = value?.ranks.rankSampled != null;
  const among = task === 'profile' ? 'classes' : isSampled ? `${candidates} candidates` : `all ${count(targetItems)} items`;
  return (
    <Panel
      title={blocks <= MOST_TRIED_BLOCKS ? `All ${policies} what-ifs` : 'What-ifs'}
      words={
        blocks <= MOST_TRIED_BLOCKS
          ? 'Each cell is a policy this user could have: its colour is the rank that the target would get.'
          : 'Where each policy this user could have would rank the target.'
      }
    >
      {blocks > MOST_TRIED_BLOCKS ? (
        <Text size="sm">
          {blocks} blocks make {count(policies)} policies: too many for a picture, which goes up to {MOST_TRIED_BLOCKS} blocks.
          Flip the gates one by one instead.
        </Text>
      ) : !isWanted ? (
        <Text size="sm">
          Choose {task === 'profile' ? 'a class' : 'a target item'} to look for, in the field above the lists: then this shows
          where each policy ranks it.
        </Text>
      ) : error !== null ? (
        <Problem title="The what-ifs could not be computed" error={error} />
      ) : value === undefined ? (
        <Text size="sm" role="status" mih={160}>
          {policies} policies are being tried.
        </Text>
      ) : (
        <>
          {caution !== null && (
            <Text size="sm" fw={600}>
              {caution}
            </Text>
          )}
          <WhatIfPicture
            blocks={blocks}
            whatIfs={value.ranks}
            of={isSampled ? candidates : targetItems}
            among={among}
            own={value.own}
            ownRank={value.ownRank === null ? null : isSampled ? value.ownRank.rankSampled : value.ownRank.rankAll}
            byHand={byHand}
            isHandSet={isHandSet}
            onGates={onGates}
          />
        </>
      )}
    </Panel>
  );
}
