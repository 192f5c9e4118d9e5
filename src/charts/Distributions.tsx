import { Group, Text } from '@mantine/core';
import { memo } from 'react';
import { TableBehind } from './TableBehind.tsx';
import { gateColour } from './viridis.ts';

interface DistributionsProps {
  readonly title: string;
  /** Users by their probability of fine-tuning, [blocks × bins]; bins are equal parts of 0 to 1. */
  readonly histogram: Int32Array;
  readonly blocks: number;
}

const WIDTH = 152;
const HEIGHT = 56;

/** One small histogram a block: how the users' probabilities of fine-tuning are spread between 0 and 1. */
export const Distributions = memo(function Distributions({ title, histogram, blocks }: DistributionsProps) {
  const bins = histogram.length / blocks;
  const users = histogram.subarray(0, bins).reduce((sum, n) => sum + n, 0);
  const of = (block: number) => histogram.subarray(block * bins, (block + 1) * bins);
  const span = (bin: number) => `${(bin / bins).toFixed(2)}–${((bin + 1) / bins).toFixed(2)}`;
  return (
    <figure style={{ margin: 0 }} aria-label={title}>
      <Text component="figcaption" size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Group gap="md" align="flex-start">
        {Array.from({ length: blocks }, (_, block) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
          <Histogram key={`block ${block + 1}`} label={`block ${block + 1}`} counts={of(block)} users={users} />
        ))}
      </Group>
      <TableBehind
        title={title}
        head={['probability', ...Array.from({ length: blocks }, (_, block) => `block ${block + 1}`)]}
        rows={() =>
          Array.from({ length: bins }, (_, bin) => [
            span(bin),
            ...Array.from({ length: blocks }, (_, block) => of(block)[bin].toLocaleString('en')),
          ])
        }
      />
    </figure>
  );
});

function Histogram({ label, counts, users }: { label: string; counts: Int32Array; users: number }) {
  const most = Math.max(1, ...counts);
  const bar = WIDTH / counts.length;
  const fullest = counts.indexOf(most);
  const percent = (100 * most) / Math.max(1, users);
  return (
    <div style={{ width: WIDTH }}>
      <Text size="xs" c="dimmed">
        {label}; tallest bar {percent.toFixed(0)} %
      </Text>
      <svg
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`${label}: the tallest bar, ${percent.toFixed(0)} % of the users, is between ${(fullest / counts.length).toFixed(2)} and ${((fullest + 1) / counts.length).toFixed(2)}`}
        style={{ display: 'block', borderBottom: '1px solid var(--mantine-color-dimmed)' }}
      >
        {Array.from(counts, (count, bin) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the bin
            key={bin}
            x={bin * bar}
            width={bar - 1}
            // What is not empty can be seen.
            y={HEIGHT - (count === 0 ? 0 : Math.max(1, (HEIGHT * count) / most))}
            height={count === 0 ? 0 : Math.max(1, (HEIGHT * count) / most)}
            fill={gateColour((bin + 0.5) / counts.length)}
            stroke="var(--mantine-color-dimmed)"
            strokeWidth={0.5}
          />
        ))}
      </svg>
      <Group justify="space-between">
        <Text size="xs">0</Text>
        <Text size="xs">1</Text>
      </Group>
    </div>
  );
}
