import { Group, SimpleGrid, Slider, Stack, Table, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { gateColour } from '../../charts/viridis.ts';
import { Formula } from '../shared/Formula.tsx';
import { Term } from '../shared/Term.tsx';
import { drawGates, histogram, sigmoid } from './gumbelGate.ts';

const DRAWS = 2000;
const BINS = 20;
const SEED = 1;
/** Of the table: one that saturates, one between, the paper's. */
const TEMPERATURES = [1, 3, 10];

/** τ and what it does to the gates: many draws of one gate, and the gradient that is left of them. */
export function GumbelGates() {
  const [temperature, setTemperature] = useState(10);
  const [difference, setDifference] = useState(9);
  const [logit, setLogit] = useState(0);
  const { relaxed, fineTuned, gradient } = useMemo(
    () => drawGates(difference, temperature, DRAWS, SEED),
    [difference, temperature],
  );
  const rows = useMemo(() => TEMPERATURES.map((t) => ({ t, ...drawGates(difference, t, DRAWS, SEED) })), [difference]);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Stack gap="lg">
          <Knob label="Temperature τ" value={temperature} onChange={setTemperature} min={0.5} max={20} step={0.5} />
          <Knob
            label="log π(fine-tune) − log π(freeze): how sure the policy is"
            value={difference}
            onChange={setDifference}
            min={-10}
            max={10}
            step={0.5}
          />
          <Text size="sm" className="figures" aria-live="polite">
            The policy says fine-tune with probability {sigmoid(difference).toFixed(4)}. Of {DRAWS.toLocaleString('en')} draws{' '}
            {(100 * fineTuned).toFixed(1)} % took the fine-tuned block. Gradient that is left: {gradient.toPrecision(2)} on
            average.
          </Text>
        </Stack>
        <Histogram counts={histogram(relaxed, BINS)} />
      </SimpleGrid>
      <Text size="sm">
        At τ = 1 a confident gate leaves next to no gradient: whatever the policy network settled on early, it keeps, and the
        policy <Term of="collapsed">collapses</Term>. At the paper’s τ = 10 the same gate still learns. How often a block is taken
        does not depend on τ.
      </Text>
      <Table
        w="auto"
        withRowBorders={false}
        verticalSpacing={2}
        aria-label="Gradient by temperature"
        style={{ alignSelf: 'flex-start' }}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>at this difference</Table.Th>
            {rows.map(({ t }) => (
              <Table.Th key={t} ta="right">
                τ = {t}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Th fw={400}>gradient, mean</Table.Th>
            {rows.map(({ t, gradient: left }) => (
              <Table.Td key={t} ta="right">
                {left.toPrecision(2)}
              </Table.Td>
            ))}
          </Table.Tr>
          <Table.Tr>
            <Table.Th fw={400}>share fine-tuned</Table.Th>
            {rows.map(({ t, fineTuned: share }) => (
              <Table.Td key={t} ta="right">
                {share.toFixed(2)}
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Knob
          label="UAF-Soft has no noise and no τ: v, what the policy network gives"
          value={logit}
          onChange={setLogit}
          min={-6}
          max={6}
          step={0.25}
        />
        <Stack gap={4}>
          <Text size="sm" className="figures">
            <Formula tex={'I = \\sigma(v)'} text="I = σ(v)" /> = {sigmoid(logit).toFixed(2)} (Eqs. 11-12): so much of the
            fine-tuned block, {(1 - sigmoid(logit)).toFixed(2)} of the frozen one.
          </Text>
          <div style={{ height: 12, borderRadius: 2, background: gateColour(sigmoid(logit)) }} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

interface KnobProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A slider with its label and value above it. */
export function Knob({ label, value, onChange, min, max, step }: KnobProps) {
  return (
    <div>
      <Text size="sm" className="figures">
        {label}: <b>{value}</b>
      </Text>
      <Slider value={value} onChange={onChange} min={min} max={max} step={step} label={null} thumbLabel={label} />
    </div>
  );
}

const WIDTH = 360;
const HEIGHT = 120;
const BASE = 118;

/** The relaxed gates of all draws, in bins of their own colour. */
function Histogram({ counts }: { counts: readonly number[] }) {
  const most = Math.max(...counts);
  const width = WIDTH / counts.length;
  const middle = counts.indexOf(most);
  const words = `The tallest bar: ${most} of ${DRAWS.toLocaleString('en')} draws, between ${(middle / counts.length).toFixed(2)} and ${((middle + 1) / counts.length).toFixed(2)}.`;
  return (
    <figure style={{ margin: 0, maxWidth: 480 }}>
      <Text size="sm" fw={600} mb={4}>
        Relaxed gate of {DRAWS.toLocaleString('en')} draws
      </Text>
      <GateLegend what="relaxed gate" />
      <svg className="drawing" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" role="img" aria-label={`Histogram. ${words}`}>
        {counts.map((count, bin) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the bin
            key={bin}
            x={bin * width + 1}
            width={width - 2}
            y={BASE - (count / most) * (BASE - 8)}
            height={(count / most) * (BASE - 8)}
            fill={gateColour((bin + 0.5) / counts.length)}
            stroke="var(--mantine-color-dimmed)"
            strokeWidth={0.5}
          />
        ))}
        <path className="line" d={`M0 ${BASE}H${WIDTH}`} />
      </svg>
      <Group justify="space-between" fz="xs" aria-hidden>
        <span>0</span>
        <span>0.5</span>
        <span>1</span>
      </Group>
      <Text size="xs" component="figcaption">
        Across: the relaxed gate, σ((difference + noise) / τ); up: draws. {words}
      </Text>
    </figure>
  );
}
