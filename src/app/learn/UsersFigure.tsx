import { Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { GATE_EDGE, gateColour, inkOn } from '../../charts/viridis.ts';
import { Formula } from '../shared/Formula.tsx';
import { Term } from '../shared/Term.tsx';
import { Part } from './Part.tsx';

const USERS = ['Ada', 'Ben', 'Cleo'] as const;
const BLOCKS = 4;
const SUBSCRIPTS = '₀₁₂₃₄';

/** To begin with: one who keeps everything but the last block, one who keeps half, one who keeps next to nothing. */
const FIRST: readonly (readonly number[])[] = [
  [0, 0, 0, 1],
  [0, 1, 0, 1],
  [1, 1, 1, 0],
];

const EQUATION = {
  tex: 'E_l = I_l\\,\\hat F_l(E_{l-1}) + (1 - I_l)\\,F_l(E_{l-1}) + E_{l-1}',
  text: 'E_l = I_l F̂_l(E) + (1 − I_l) F_l(E) + E',
};

interface Flip {
  readonly user: number;
  readonly block: number;
}

/** Fig. 1: the same stack of blocks for three users, and for each another subset of it fine-tuned. Gates flip on a press. */
export function UsersFigure() {
  const [gates, setGates] = useState(FIRST);
  const [last, setLast] = useState<Flip>({ user: 1, block: 1 });
  const flip = (user: number, block: number) => {
    setGates(gates.map((own, u) => (u === user ? own.map((gate, l) => (l === block ? 1 - gate : gate)) : own)));
    setLast({ user, block });
  };
  const patterns = gates.map((own) => own.join(''));
  return (
    <Stack gap="sm" component="figure" m={0} aria-label="Fig. 1: three users, three policies">
      <GateLegend what="gate of a block; press a block to flip it" />
      <Group gap="xl" align="center">
        <Group wrap="nowrap" gap="xs" align="flex-start" flex="0 1 400px">
          {USERS.map((name, user) => (
            <UserStack key={name} name={name} gates={gates[user]} onFlip={(block) => flip(user, block)} />
          ))}
        </Group>
        <Text aria-live="polite" flex="1 1 280px" maw={480}>
          {wordsFor(USERS[last.user], last.block, gates[last.user][last.block])}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" component="figcaption">
        <Formula {...EQUATION} /> (Eq. 6). The <Term of="policy">policies</Term>, block 1 first, 1 for fine-tuned:{' '}
        {USERS.map((name, user) => `${name} ${patterns[user]}`).join(', ')}; {new Set(patterns).size} distinct of {2 ** BLOCKS}{' '}
        possible.
      </Text>
    </Stack>
  );
}

/** What a gate means, for one user and one block (numbered from 0). */
function wordsFor(name: string, block: number, gate: number): string {
  const number = block + 1;
  const below = SUBSCRIPTS[number];
  return gate === 1
    ? `${name}’s gate of block ${number} is 1: the fine-tuned copy F̂${below} computes what is added, and what pre-training knew there is not used for ${name}.`
    : `${name}’s gate of block ${number} is 0: the frozen block F${below} computes what is added, exactly as pre-training left it.`;
}

const WIDTH = 96;
const HEIGHT = 288;
const BLOCK = { width: 88, height: 36, gap: 14 } as const;
const BOTTOM = 230;

/** One user's stack, from their source sequence at the bottom to what is recommended at the top. */
function UserStack({ name, gates, onFlip }: { name: string; gates: readonly number[]; onFlip: (block: number) => void }) {
  const left = (WIDTH - BLOCK.width) / 2;
  return (
    <svg className="drawing" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ flex: 1, minWidth: 0, maxWidth: 132 }}>
      <title>{`${name}’s blocks`}</title>
      <path className="line" d={`M${WIDTH / 2} 244 V22`} />
      <text x={WIDTH / 2} y={14} textAnchor="middle" fontSize={11}>
        target items
      </text>
      {gates.map((gate, block) => {
        const y = BOTTOM - (block + 1) * (BLOCK.height + BLOCK.gap);
        return (
          <Part
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
            key={block}
            label={`${name}, block ${block + 1}: fine-tuned`}
            on={gate === 1}
            onPress={() => onFlip(block)}
          >
            <rect
              x={left}
              y={y}
              width={BLOCK.width}
              height={BLOCK.height}
              rx={4}
              fill={gateColour(gate)}
              style={{ stroke: GATE_EDGE }}
            />
            <text x={WIDTH / 2} y={y + 15} textAnchor="middle" fontSize={11} fontWeight={600} style={{ fill: inkOn(gate) }}>
              block {block + 1}
            </text>
            <text x={WIDTH / 2} y={y + 28} textAnchor="middle" fontSize={11} style={{ fill: inkOn(gate) }}>
              {gate === 1 ? 'fine-tuned' : 'frozen'}
            </text>
          </Part>
        );
      })}
      {[0, 1, 2, 3, 4].map((item) => (
        <rect
          key={item}
          x={left + item * 18}
          y={244}
          width={16}
          height={14}
          rx={2}
          fill="var(--mantine-color-default)"
          stroke="var(--mantine-color-dimmed)"
        />
      ))}
      <text x={WIDTH / 2} y={276} textAnchor="middle" fontSize={12} fontWeight={600}>
        {name}
      </text>
    </svg>
  );
}
