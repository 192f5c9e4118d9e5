import { Card, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { gateColour, inkOn } from '../../charts/viridis.ts';
import { presetFor } from '../../configuration/presets.ts';
import { Formula } from '../shared/Formula.tsx';
import { useDatasetRow } from '../shared/useDataset.ts';
import { scenarioOf } from '../train/demo.ts';
import {
  detailsOf,
  fineTuningLayout,
  type Layout,
  type Part,
  type PartKind,
  type Place,
  pretrainingLayout,
  type Setting,
} from './network.ts';
import { Part as Pressable } from './Part.tsx';

/** Sizes of the demo dataset, for while no dataset is in use. */
const DEMO = { sourceItems: 132, targetItems: 120 };

/** Fig. 2: pre-training above, fine-tuning below; the part that is pointed at says its equation, shapes and parameters. */
export function NetworkFigure() {
  const dataset = useDatasetRow();
  const [preset, setPreset] = useState<'quick' | 'paper'>('quick');
  const [part, setPart] = useState<Part>({ kind: 'gate', block: 1 });
  const { ref, width } = useElementSize();
  const { sourceItems, targetItems } = dataset?.figures ?? DEMO;
  const scenario = dataset === undefined ? 'hidden' : scenarioOf(dataset);
  const setting: Setting = useMemo(
    () => ({ configuration: presetFor(preset, { scenario, sourceItems }), sourceItems, targetItems }),
    [preset, scenario, sourceItems, targetItems],
  );
  const { channels, sequenceLength, dilations } = setting.configuration;
  // A smaller preset may not have the block that was chosen.
  const shown = part.block > dilations.length ? { ...part, block: 1 } : part;
  const vertical = width > 0 && width < 700;
  return (
    <Stack gap="sm" ref={ref} component="figure" m={0} aria-label="Fig. 2: pre-training and fine-tuning">
      <Group gap="md">
        <SegmentedControl
          size="xs"
          aria-label="Settings of the figure"
          value={preset}
          onChange={(value) => setPreset(value === 'paper' ? 'paper' : 'quick')}
          data={['quick', 'paper'].map((name) => ({ value: name, label: `preset ${name}` }))}
        />
        <Text size="sm" c="dimmed">
          k = {channels}, n = {sequenceLength}, N = {dilations.length} blocks, dilations [{dilations.join(', ')}]; items of{' '}
          {dataset === undefined ? 'the demo dataset' : `“${dataset.name}”`}
        </Text>
      </Group>
      <Text fw={600} size="sm">
        Pre-training, on the source domain
      </Text>
      <Drawing title="Pre-training" layout={pretrainingLayout(dilations)} {...{ vertical, shown, setPart }} />
      <Text fw={600} size="sm">
        Fine-tuning, on the target domain
      </Text>
      <GateLegend what="the two options of each gate" />
      <Drawing title="Fine-tuning" layout={fineTuningLayout(dilations)} {...{ vertical, shown, setPart }} />
      <Details part={shown} setting={setting} />
    </Stack>
  );
}

const BOX = { width: 96, height: 42 } as const;
const WIDE = { along: 128, across: 84 } as const;
const TALL = { along: 74, across: 112 } as const;
const MARGIN = 4;
const GATE_RADIUS = 12;

interface DrawingProps {
  readonly title: string;
  readonly layout: Layout;
  /** Top to bottom in place of left to right. */
  readonly vertical: boolean;
  readonly shown: Part;
  readonly setPart: (part: Part) => void;
}

function Drawing({ title, layout: { columns, rows, boxes, gates, lines }, vertical, shown, setPart }: DrawingProps) {
  const pitch = vertical ? TALL : WIDE;
  const along = (columns - 1) * pitch.along;
  const across = (rows - 1) * pitch.across;
  const [width, height] = vertical ? [across, along] : [along, across];
  const place = ({ column, row }: Place) => {
    const [x, y] = vertical ? [row * pitch.across, column * pitch.along] : [column * pitch.along, row * pitch.across];
    return { x: x + BOX.width / 2 + MARGIN, y: y + BOX.height / 2 + MARGIN };
  };
  const view = { width: width + BOX.width + 2 * MARGIN, height: height + BOX.height + 2 * MARGIN };
  const isShown = ({ kind, block }: Part) => kind === shown.kind && block === shown.block;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing whose parts are buttons
    <svg
      className="drawing"
      viewBox={`0 0 ${view.width} ${view.height}`}
      style={{ maxWidth: view.width, width: '100%' }}
      role="group"
      aria-label={title}
    >
      {lines.map(({ through, dashed }) => {
        const d = through
          .map(place)
          .map(({ x, y }) => `${x} ${y}`)
          .join('L');
        return <path key={d} className="line" d={`M${d}`} strokeDasharray={dashed ? '3 4' : undefined} />;
      })}
      {boxes.map(({ label, note, column, row, kind, block }) => {
        const { x, y } = place({ column, row });
        const { fill, ink } = coloursOf(kind);
        const on = isShown({ kind, block });
        return (
          <Pressable
            key={`${column} ${row}`}
            label={`${label}, ${note}`}
            on={on}
            onPress={() => setPart({ kind, block })}
            onPoint={() => setPart({ kind, block })}
          >
            <rect
              x={x - BOX.width / 2}
              y={y - BOX.height / 2}
              width={BOX.width}
              height={BOX.height}
              rx={4}
              fill={fill}
              stroke={on ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-dimmed)'}
              strokeWidth={on ? 3 : 1}
            />
            <text x={x} y={y - 3} textAnchor="middle" fontSize={12} fontWeight={600} style={{ fill: ink }}>
              {label}
            </text>
            <text x={x} y={y + 12} textAnchor="middle" fontSize={11} style={{ fill: ink }}>
              {note}
            </text>
          </Pressable>
        );
      })}
      {gates.map(({ column, row, kind, block }) => {
        const { x, y } = place({ column, row });
        const on = isShown({ kind, block });
        return (
          <Pressable
            key={block}
            label={`gate of block ${block}`}
            on={on}
            onPress={() => setPart({ kind, block })}
            onPoint={() => setPart({ kind, block })}
          >
            <circle
              cx={x}
              cy={y}
              r={GATE_RADIUS}
              fill="var(--mantine-color-body)"
              stroke={on ? 'var(--mantine-primary-color-filled)' : 'var(--mantine-color-dimmed)'}
              strokeWidth={on ? 3 : 1}
            />
            <text x={x} y={y + 4} textAnchor="middle" fontSize={11}>
              I{block}
            </text>
          </Pressable>
        );
      })}
    </svg>
  );
}

/** viridis for what a gate chooses between, nothing but the page's colours for the rest. */
function coloursOf(kind: PartKind): { fill: string; ink: string } {
  if (kind === 'frozen') return { fill: gateColour(0), ink: inkOn(0) };
  if (kind === 'tuned') return { fill: gateColour(1), ink: inkOn(1) };
  return { fill: 'var(--mantine-color-body)', ink: 'var(--mantine-color-text)' };
}

function Details({ part, setting }: { part: Part; setting: Setting }) {
  const { title, words, formula, equation, shapes, parameters } = detailsOf(part, setting);
  return (
    <Card
      withBorder
      padding="sm"
      shadow="sm"
      className="details"
      component="section"
      aria-label="The part that is pointed at"
      aria-live="polite"
    >
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm">
          {title}
        </Text>
        <Text size="sm" c="dimmed" className="figures" ta="right">
          {parameters === 0 ? 'no parameters' : `${parameters.toLocaleString('en')} parameters`}
        </Text>
      </Group>
      <Text size="sm">{words}</Text>
      <Text size="sm" component="div" my={4}>
        <Formula {...formula} />{' '}
        <Text span size="sm" c="dimmed">
          ({equation})
        </Text>
      </Text>
      <Table
        w="auto"
        withRowBorders={false}
        verticalSpacing={0}
        horizontalSpacing="xs"
        aria-label="Shapes"
        style={{ alignSelf: 'flex-start' }}
      >
        <Table.Tbody>
          {shapes.map(({ name, shape }) => (
            <Table.Tr key={name}>
              <Table.Th fw={400} pl={0}>
                {name}
              </Table.Th>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{shape}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
