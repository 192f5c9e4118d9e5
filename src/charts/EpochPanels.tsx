import { Group, Text } from '@mantine/core';
import { TableBehind } from './TableBehind.tsx';

interface EpochPanel {
  readonly label: string;
  /** A value an epoch. */
  readonly values: readonly number[];
  /** What there is to say of it. */
  readonly note: string;
}

interface EpochPanelsProps {
  readonly title: string;
  readonly epochs: readonly number[];
  readonly panels: readonly EpochPanel[];
  /** The values that the axes go from and to. */
  readonly range: readonly [number, number];
  /** A level to compare with, such as a threshold. */
  readonly level: { readonly value: number; readonly label: string };
  /** The epoch that is marked. */
  readonly shown: number;
}

const WIDTH = 124;
const HEIGHT = 56;
const EDGE = 4;

/** One small line chart each, on the same axes: blocks can be compared without telling many colours apart. */
export function EpochPanels({ title, epochs, panels, range, level, shown }: EpochPanelsProps) {
  return (
    <figure style={{ margin: 0 }} aria-label={title}>
      <Text component="figcaption" size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Group gap="md" align="flex-start">
        {panels.map((panel) => (
          <Panel key={panel.label} panel={panel} epochs={epochs} range={range} level={level.value} shown={shown} />
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        Across: epochs {epochs[0]} to {epochs.at(-1)}; upright line and dot: epoch {shown}. Dashed: {level.label}.
      </Text>
      <TableBehind
        title={title}
        head={['epoch', ...panels.map(({ label }) => label)]}
        rows={() => epochs.map((epoch, i) => [String(epoch), ...panels.map(({ values }) => values[i]?.toFixed(2) ?? '')])}
      />
    </figure>
  );
}

interface PanelProps {
  readonly panel: EpochPanel;
  readonly epochs: readonly number[];
  readonly range: readonly [number, number];
  readonly level: number;
  readonly shown: number;
}

function Panel({ panel: { label, values, note }, epochs, range: [low, high], level, shown }: PanelProps) {
  const x = (i: number) => EDGE + (i / Math.max(1, epochs.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const at = epochs.indexOf(shown);
  const value = values[at];
  const known = values.flatMap((v, i) => (Number.isFinite(v) ? [`${x(i).toFixed(1)},${y(v).toFixed(1)}`] : []));
  return (
    <div style={{ width: WIDTH + 28 }}>
      <Text size="xs">
        {label}
        {value !== undefined && Number.isFinite(value) ? `: ${value.toFixed(2)}` : ''}
      </Text>
      <Group gap={4} align="stretch" wrap="nowrap" aria-hidden>
        <div style={{ width: 24, display: 'flex', flexDirection: 'column', justifyContent: 'space-between', textAlign: 'right' }}>
          <Text size="xs" c="dimmed" lh={1}>
            {high}
          </Text>
          <Text size="xs" c="dimmed" lh={1}>
            {low}
          </Text>
        </div>
        <svg width={WIDTH} height={HEIGHT} style={{ display: 'block', border: '1px solid var(--mantine-color-default-border)' }}>
          <title>{note}</title>
          <line x1={0} x2={WIDTH} y1={y(level)} y2={y(level)} stroke="var(--mantine-color-dimmed)" strokeDasharray="3 3" />
          <polyline points={known.join(' ')} fill="none" stroke="var(--mantine-color-text)" strokeWidth={1.5} />
          {at >= 0 && (
            <line x1={x(at)} x2={x(at)} y1={0} y2={HEIGHT} stroke="var(--mantine-primary-color-filled)" strokeWidth={1.5} />
          )}
          {value !== undefined && Number.isFinite(value) && (
            <circle cx={x(at)} cy={y(value)} r={3} fill="var(--mantine-primary-color-filled)" />
          )}
        </svg>
      </Group>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </div>
  );
}
