import { Button, Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { POLICY_DILATIONS, receptiveField } from '../../configuration/receptiveField.ts';
import { Formula } from '../shared/Formula.tsx';
import { GLOSSARY } from '../shared/glossary.ts';
import { parseList } from '../train/parameters.ts';
import { receptiveTree } from './receptiveTree.ts';

interface Example {
  readonly name: string;
  readonly dilations: string;
  readonly kernelSize: number;
  readonly length: number;
  /** The oldest positions, which say who the user is. */
  readonly markers: number;
}

const EXAMPLES: readonly Example[] = [
  { name: 'the demo “hidden”', dilations: '1, 1', kernelSize: 3, length: 17, markers: 4 },
  { name: 'preset quick', dilations: '1, 4', kernelSize: 3, length: 17, markers: 0 },
  { name: 'preset paper', dilations: '1, 4, 1, 4, 1, 4, 1, 4', kernelSize: 3, length: 50, markers: 0 },
];

const MOST_BLOCKS = 8;
const LONGEST = 60;

/** What the last position of the trunk can see, drawn convolution by convolution, and beside it the policy network. */
export function ReceptiveFields() {
  const [example, setExample] = useState(EXAMPLES[0]);
  const [dilations, setDilations] = useState(example.dilations);
  const [kernelSize, setKernelSize] = useState(example.kernelSize);
  const [length, setLength] = useState(example.length);
  const choose = (next: Example) => {
    setExample(next);
    setDilations(next.dilations);
    setKernelSize(next.kernelSize);
    setLength(next.length);
  };
  const parsed = parseList(dilations);
  const valid = parsed !== null && parsed.length <= MOST_BLOCKS;
  const list = useMemo(() => (valid ? parsed : [1]), [valid, parsed]);
  const isDemo =
    example.markers > 0 && dilations === example.dilations && length === example.length && kernelSize === example.kernelSize;
  const number = (set: (value: number) => void) => (value: number | string) => {
    if (typeof value === 'number') set(value);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {EXAMPLES.map((choice) => (
          <Button key={choice.name} size="xs" variant="default" onClick={() => choose(choice)}>
            {choice.name}
          </Button>
        ))}
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 3 }} maw={640}>
        <TextInput
          label="Dilations of the trunk"
          value={dilations}
          onChange={(event) => setDilations(event.currentTarget.value)}
          error={valid ? null : `Whole numbers, at most ${MOST_BLOCKS}: 1, 4`}
        />
        <NumberInput
          label="Kernel size (taps)"
          value={kernelSize}
          onChange={number(setKernelSize)}
          min={1}
          max={5}
          clampBehavior="strict"
          allowDecimal={false}
        />
        <NumberInput
          label="Sequence length n"
          value={length}
          onChange={number(setLength)}
          min={1}
          max={LONGEST}
          clampBehavior="strict"
          allowDecimal={false}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Tree name="Trunk" dilations={list} kernelSize={kernelSize} length={length} markers={isDemo ? example.markers : 0} />
        <Tree
          name="Policy network"
          dilations={POLICY_DILATIONS}
          kernelSize={kernelSize}
          length={length}
          markers={isDemo ? example.markers : 0}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        <Formula {...GLOSSARY.receptive.formula} />: an entry d of the list is a block with dilations d and 2d, and each
        convolution of dilation d reaches (taps − 1) · d positions further back.
      </Text>
      {isDemo && (
        <Text size="sm">
          This is why the demo needs a policy: the first {example.markers} positions (outlined) say who is steady and who is
          nostalgic. The trunk’s last position sees 13 of 17 and none of them; the policy network could see 31, so it sees them
          all. Only a policy can treat the two kinds differently.
        </Text>
      )}
    </Stack>
  );
}

interface TreeProps {
  readonly name: string;
  readonly dilations: readonly number[];
  readonly kernelSize: number;
  readonly length: number;
  readonly markers: number;
}

const WIDTH = 480;
const TALLEST = 240;
const SIDE = 16;

function Tree({ name, dilations, kernelSize, length, markers }: TreeProps) {
  const { layers, seen } = useMemo(() => receptiveTree(dilations, kernelSize, length), [dilations, kernelSize, length]);
  const field = receptiveField(dilations, kernelSize);
  const row = Math.min(32, (TALLEST - 22) / layers.length);
  const height = layers.length * row + 22;
  const pitch = (WIDTH - 2 * SIDE) / Math.max(1, length - 1);
  const radius = Math.min(5, Math.max(2, pitch / 3));
  const x = (position: number) => (length === 1 ? WIDTH / 2 : SIDE + position * pitch);
  const y = (layer: number) => 10 + layer * row;
  const inSight = new Set(seen);
  const words = `The last position can see ${field} ${field === 1 ? 'position' : 'positions'}; of this sequence ${seen.length} of ${length}.`;
  return (
    <figure style={{ margin: 0 }}>
      <Text size="sm" fw={600}>
        {name}: dilations [{dilations.join(', ')}]
      </Text>
      <svg className="drawing" viewBox={`0 0 ${WIDTH} ${height}`} width="100%" role="img" aria-label={`${name}. ${words}`}>
        {layers.map(({ dilation, edges, outputs }, layer) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the convolution
          <g key={layer}>
            <path
              d={edges.map(({ from, to }) => `M${x(from)} ${y(layer)}L${x(to)} ${y(layer + 1)}`).join('')}
              stroke="var(--mantine-color-anchor)"
              strokeOpacity={0.6}
              fill="none"
            >
              <title>{`dilation ${dilation}`}</title>
            </path>
            {outputs.map((position) => (
              <circle key={position} cx={x(position)} cy={y(layer)} r={radius * 0.7} fill="var(--mantine-primary-color-filled)" />
            ))}
          </g>
        ))}
        {Array.from({ length }, (_, position) => (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the position
            key={position}
            cx={x(position)}
            cy={y(layers.length)}
            r={radius}
            fill={inSight.has(position) ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-body)'}
            stroke={inSight.has(position) ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-dimmed)'}
          />
        ))}
        {markers > 0 && (
          <rect
            x={x(0) - 9}
            y={y(layers.length) - 9}
            width={x(markers - 1) - x(0) + 18}
            height={18}
            rx={9}
            fill="none"
            stroke="var(--mantine-color-text)"
            strokeDasharray="3 2"
          />
        )}
      </svg>
      <Group justify="space-between" fz="xs" aria-hidden>
        <span>oldest</span>
        <span>position {length}, the last</span>
      </Group>
      <Text size="sm" component="figcaption" aria-live="polite">
        {words}
      </Text>
    </figure>
  );
}
