import { Group, SegmentedControl, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { Curves } from '../shared/Curves.tsx';
import { Formula } from '../shared/Formula.tsx';
import { Knob } from './GumbelGates.tsx';
import { rewardOf } from './reward.ts';

const FORMULAS = {
  paper: {
    tex: 'R = \\begin{cases} 1 - (\\text{share fine-tuned})^2 & \\text{if right} \\\\ -\\gamma & \\text{else} \\end{cases}',
    text: 'R = 1 − (share fine-tuned)² if right, else −γ',
  },
  released: {
    tex: 'R = \\begin{cases} 1 - \\gamma\\,(\\text{share frozen})^2 & \\text{if right} \\\\ -\\gamma & \\text{else} \\end{cases}',
    text: 'R = 1 − γ (share frozen)² if right, else −γ',
  },
} as const;

const HEIGHT = 220;
const { colour } = describeMethod('uaf-rl');

/** Eq. 13: what a policy of UAF-RL earns, by the number of blocks that it fine-tunes. */
export function RewardCurve() {
  const [gamma, setGamma] = useState(1);
  const [blocks, setBlocks] = useState(8);
  const [form, setForm] = useState<Configuration['rewardForm']>('paper');
  // The chart's library is large: it is loaded when somebody gets here.
  const { ref, inViewport } = useInViewport();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (inViewport) setSeen(true);
  }, [inViewport]);
  const rows = useMemo(
    () =>
      Array.from({ length: blocks + 1 }, (_, tuned) => ({
        tuned,
        right: rewardOf(tuned, blocks, true, gamma, form),
        wrong: rewardOf(tuned, blocks, false, gamma, form),
      })),
    [gamma, blocks, form],
  );
  const series = useMemo(
    () => [
      { key: 'right', label: 'right', colour, dash: '', points: rows.map(({ tuned, right }) => ({ x: tuned, y: right })) },
      { key: 'wrong', label: 'wrong', colour, dash: '4 3', points: rows.map(({ tuned, wrong }) => ({ x: tuned, y: wrong })) },
    ],
    [rows],
  );
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Stack gap="md">
          <Group gap="xs">
            <SegmentedControl
              size="xs"
              aria-label="Form of the reward"
              value={form}
              onChange={(value) => setForm(value === 'paper' ? 'paper' : 'released')}
              data={[
                { value: 'paper', label: 'the paper’s' },
                { value: 'released', label: 'the released code’s' },
              ]}
            />
          </Group>
          <Knob label="γ, what a wrong recommendation costs" value={gamma} onChange={setGamma} min={0} max={3} step={0.25} />
          <Knob label="N, blocks" value={blocks} onChange={setBlocks} min={2} max={12} step={1} />
          <Text component="div">
            <Formula {...FORMULAS[form]} />
          </Text>
          <Text size="sm">
            {form === 'paper'
              ? 'Being right with few fine-tuned blocks pays most, so the policy fine-tunes only where that makes recommendations right. All blocks fine-tuned and right earns 0.'
              : 'The published code has the sign of the blocks the other way round: fine-tuning many of them pays, and a policy that fine-tunes everything is never worse.'}
          </Text>
        </Stack>
        <div ref={ref} style={{ minHeight: HEIGHT + 24 }}>
          {seen && (
            <Curves
              title="Reward by fine-tuned blocks"
              xLabel="fine-tuned blocks"
              yLabel="reward"
              series={series}
              height={HEIGHT}
              digits={2}
            />
          )}
        </div>
      </SimpleGrid>
      <Table.ScrollContainer minWidth={0}>
        <Table
          w="auto"
          withRowBorders={false}
          verticalSpacing={2}
          horizontalSpacing="xs"
          aria-label="Reward by fine-tuned blocks"
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th fw={400} style={{ whiteSpace: 'nowrap' }}>
                fine-tuned blocks
              </Table.Th>
              {rows.map(({ tuned }) => (
                <Table.Th key={tuned} ta="right">
                  {tuned}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(['right', 'wrong'] as const).map((outcome) => (
              <Table.Tr key={outcome}>
                <Table.Th fw={400} style={{ whiteSpace: 'nowrap' }}>
                  reward if {outcome}
                </Table.Th>
                {rows.map((row) => (
                  <Table.Td key={row.tuned} ta="right">
                    {row[outcome].toFixed(2)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
