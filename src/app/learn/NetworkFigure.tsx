import { Card, CloseButton, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
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

/** A part may occur in both drawings. */
interface Shown extends Part {
  readonly drawing: 'pretraining' | 'fineTuning';
}

/** Fig. 2: pre-training above, fine-tuning below; the part that is pointed at says its equation, shapes and parameters. */
export function NetworkFigure() {
  const dataset = useDatasetRow();
  const [preset, setPreset] = useState<'quick' | 'paper'>('quick');
  const [part, setPart] = useState<Shown>({ drawing: 'fineTuning', kind: 'gate', block: 1 });
  // On a phone what is said would cover parts until one has asked for it.
  const [opened, setOpened] = useState(false);
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
  const [above, below] = [pretrainingLayout(dilations), fineTuningLayout(dilations)];
  const isBeside = !vertical && width - sizeOf(below, WIDE.along, WIDE.across).width >= BESIDE;
  const drawing = (name: Shown['drawing'], title: string, layout: Layout) => (
    <Drawing
      title={title}
      layout={layout}
      vertical={vertical}
      width={width}
      shown={shown.drawing === name && (!vertical || opened) ? shown : null}
      setPart={(pressed) => {
        setPart({ ...pressed, drawing: name });
        setOpened(true);
      }}
      details={vertical && <Details part={shown} setting={setting} onClose={() => setOpened(false)} />}
    />
  );
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
      <div className="network" data-beside={isBeside}>
        <Stack gap="sm" miw={0}>
          <Text fw={600} size="sm">
            Pre-training, on the source domain
          </Text>
          {drawing('pretraining', 'Pre-training', above)}
          <Text fw={600} size="sm">
            Fine-tuning, on the target domain
          </Text>
          <GateLegend what="the two options of each gate" />
          {drawing('fineTuning', 'Fine-tuning', below)}
        </Stack>
        {!vertical && (
          <div>
            <Details part={shown} setting={setting} />
          </div>
        )}
      </div>
    </Stack>
  );
}

const BOX = { width: 96, height: 42 } as const;
const WIDE = { along: 128, across: 84 } as const;
const TALL = { along: 74, across: 112 } as const;
const MARGIN = 4;
const GATE_RADIUS = 12;
/** Pixels that what is said takes beside the drawings, with the gap. */
const BESIDE = 280;

const sizeOf = ({ columns, rows }: Pick<Layout, 'columns' | 'rows'>, along: number, across: number) => ({
  width: (columns - 1) * along + BOX.width + 2 * MARGIN,
  height: (rows - 1) * across + BOX.height + 2 * MARGIN,
});

interface DrawingProps {
  readonly title: string;
  readonly layout: Layout;
  /** Top to bottom in place of left to right. */
  readonly vertical: boolean;
  /** Pixels that there are. */
  readonly width: number;
  /** Null where it is in no part of this drawing. */
  readonly shown: Part | null;
  readonly setPart: (part: Part) => void;
  /** What is said about the part, to stand directly under it; false where it stands elsewhere. */
  readonly details: ReactNode;
}

function Drawing({ title, layout, vertical, width: available, shown, setPart, details }: DrawingProps) {
  const { columns, rows, boxes, gates, lines } = layout;
  const pitch = vertical ? TALL : WIDE;
  const place = ({ column, row }: Place) => {
    const [x, y] = vertical ? [row * pitch.across, column * pitch.along] : [column * pitch.along, row * pitch.across];
    return { x: x + BOX.width / 2 + MARGIN, y: y + BOX.height / 2 + MARGIN };
  };
  const view = vertical
    ? sizeOf({ columns: rows, rows: columns }, pitch.across, pitch.along)
    : sizeOf({ columns, rows }, pitch.along, pitch.across);
  const isShown = ({ kind, block }: Part) => kind === shown?.kind && block === shown.block;
  const tapped = [...boxes, ...gates].find(isShown);
  const under = tapped && (place(tapped).y + BOX.height / 2 + MARGIN) * Math.min(1, available / view.width);
  // A touch points before it presses, and may become a scroll.
  const point = (part: Part) => (vertical ? undefined : () => setPart(part));
  return (
    <div className="drawing-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose parts are buttons */}
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
              onPoint={point({ kind, block })}
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
              onPoint={point({ kind, block })}
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
      {details && under !== undefined && (
        <div className="details-under" style={{ top: under }}>
          {details}
        </div>
      )}
    </div>
  );
}

/** viridis for what a gate chooses between, nothing but the page's colours for the rest. */
function coloursOf(kind: PartKind): { fill: string; ink: string } {
  if (kind === 'frozen') return { fill: gateColour(0), ink: inkOn(0) };
  if (kind === 'tuned') return { fill: gateColour(1), ink: inkOn(1) };
  return { fill: 'var(--mantine-color-body)', ink: 'var(--mantine-color-text)' };
}

interface DetailsProps {
  readonly part: Part;
  readonly setting: Setting;
  /** Where it covers other parts. */
  readonly onClose?: () => void;
}

function Details({ part, setting, onClose }: DetailsProps) {
  const { title, words, formula, equation, shapes, parameters } = detailsOf(part, setting);
  return (
    <Card
      withBorder
      padding="sm"
      shadow={onClose && 'md'}
      className="details"
      component="section"
      aria-label="The part that is pointed at"
      aria-live="polite"
    >
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm">
          {title}
        </Text>
        {onClose !== undefined && <CloseButton size="sm" aria-label="Close" onClick={onClose} />}
      </Group>
      <Text size="sm" c="dimmed" className="figures">
        {parameters === 0 ? 'no parameters' : `${parameters.toLocaleString('en')} parameters`}
      </Text>
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
