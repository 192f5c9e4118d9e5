import { TableBehind } from '../../charts/TableBehind.tsx';
import { gatesOfPattern } from '../../engine/evaluation/policies.ts';
import type { WhatIfs } from '../../engine/inspection/inspect.ts';
import { patternWords, scoreText } from './words.ts';

interface WhatIfTableProps {
  readonly blocks: number;
  readonly whatIfs: WhatIfs;
}

/** The picture of what-ifs as a table to read. */
export function WhatIfTable({ blocks, whatIfs: { rankAll, rankSampled, score } }: WhatIfTableProps) {
  return (
    <TableBehind
      title="What-ifs"
      head={['policy', ...(rankSampled === null ? [] : ['rank among candidates']), 'rank among all', 'score']}
      rows={() =>
        Array.from(rankAll, (rank, pattern) => [
          patternWords(gatesOfPattern(pattern, blocks)),
          ...(rankSampled === null ? [] : [String(rankSampled[pattern])]),
          String(rank),
          scoreText(score[pattern]),
        ])
      }
    />
  );
}
