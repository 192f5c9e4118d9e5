import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { gateColour, inkOn } from '../../charts/viridis.ts';
import { Term } from '../shared/Term.tsx';
import { flip, gatesByHand, type Hand } from './hand.ts';
import { Panel } from './Panel.tsx';
import { gateWord } from './words.ts';

interface GatesProps {
  readonly kind: 'hard' | 'soft';
  /** Whether a coin decides, and no network. */
  readonly isDrawn: boolean;
  readonly own: readonly number[];
  readonly probability: readonly number[];
  readonly hand: Hand;
  readonly onHand: (hand: Hand) => void;
}

/** More toggles are narrower, so that they stand in one row. */
const MOST_WIDE = 6;

/** The gates of all blocks as large toggles; what the policy itself decided stands below each. */
export function Gates({ kind, isDrawn, own, probability, hand, onHand }: GatesProps) {
  const gates = gatesByHand(hand, own);
  const word = (gate: number) => (Number.isInteger(gate) ? gateWord(gate) : `${gate.toFixed(2)} fine-tuned`);
  return (
    <Panel
      title="Gates"
      words={
        <>
          Each <Term of="block">block</Term> is there twice, and its <Term of="gate">gate</Term> takes one of the two
          {kind === 'soft' && ', or mixes them'}. Click a block to flip it by hand: the list “by hand” answers.
        </>
      }
      action={
        <Button size="compact-xs" variant="default" disabled={hand.length === 0} onClick={() => onHand([])}>
          Back to the own policy
        </Button>
      }
    >
      <GateLegend
        what={`gate; dashed: by hand${kind === 'soft' ? '' : isDrawn ? '; probability: of the coin that decides' : '; probability: how sure the policy network was of fine-tuning'}`}
      />
      <Group gap={gates.length > MOST_WIDE ? 10 : 'sm'} align="flex-start">
        {gates.map((gate, l) => {
          const isByHand = hand[l] !== null && hand[l] !== undefined;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
            <Stack key={l} gap={6} align="center">
              <UnstyledButton
                className="gate"
                role="switch"
                aria-checked={gate >= 0.5}
                aria-label={`Block ${l + 1} fine-tuned`}
                aria-description={`Now ${word(gate)}${isByHand ? ', by hand' : ''}`}
                data-by-hand={isByHand}
                data-narrow={gates.length > MOST_WIDE}
                style={{ background: gateColour(gate), color: inkOn(gate) }}
                onClick={() => onHand(flip(hand, own, l))}
              >
                <Text size="xs" component="span" display="block">
                  block {l + 1}
                </Text>
                <Text size="sm" fw={600} component="span" display="block">
                  {word(gate)}
                </Text>
              </UnstyledButton>
              <Text size="xs" c="dimmed" ta="center" className="figures">
                own: {word(own[l])}
                {kind === 'hard' && (
                  <>
                    <br />
                    probability {probability[l].toFixed(2)}
                  </>
                )}
              </Text>
            </Stack>
          );
        })}
      </Group>
    </Panel>
  );
}
