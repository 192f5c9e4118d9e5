import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { TableBehind } from './TableBehind.tsx';

interface PopularityCurveProps {
  readonly title: string;
  readonly caption?: ReactNode;
  readonly lines: readonly {
    readonly label: string;
    /** The share of the interactions of the most popular i % of the items, i = 0 … 100. */
    readonly shares: ArrayLike<number>;
    readonly dashed: boolean;
  }[];
  /** The curves in words. */
  readonly summary: string;
}

const WIDTH = 290;
const HEIGHT = 170;
const MARGIN = { left: 48, right: 20, top: 8, bottom: 36 };
/** Rows of the table. */
const TOLD = [1, 5, 10, 20, 50];

/** The most popular items first: how soon most of the interactions are reached. */
export function PopularityCurve({ title, caption, lines, summary }: PopularityCurveProps) {
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const x = (percent: number) => MARGIN.left + (percent / 100) * inner.width;
  const y = (share: number) => MARGIN.top + (1 - share) * inner.height;
  const path = (shares: ArrayLike<number>) =>
    Array.from(shares, (share, percent) => `${percent === 0 ? 'M' : 'L'}${x(percent).toFixed(1)},${y(share).toFixed(1)}`).join(
      '',
    );
  return (
    <figure style={{ margin: 0 }} aria-label={title}>
      <Text component="figcaption" size="sm" fw={600}>
        {caption ?? title}
      </Text>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        style={{ maxWidth: 460, display: 'block' }}
        role="img"
        aria-label={summary}
      >
        {[0, 50, 100].map((tick) => (
          <g key={tick} fontSize={11} fill="var(--mantine-color-dimmed)" dominantBaseline="middle">
            <text x={MARGIN.left - 6} y={y(tick / 100)} textAnchor="end">
              {tick} %
            </text>
            <text x={x(tick)} y={HEIGHT - MARGIN.bottom + 11} textAnchor="middle">
              {tick} %
            </text>
          </g>
        ))}
        <text
          transform={`translate(9, ${MARGIN.top + inner.height / 2}) rotate(-90)`}
          fontSize={11}
          fill="var(--mantine-color-dimmed)"
          textAnchor="middle"
          dominantBaseline="middle"
        >
          interactions
        </text>
        <text
          x={MARGIN.left + inner.width / 2}
          y={HEIGHT - 7}
          fontSize={11}
          fill="var(--mantine-color-dimmed)"
          textAnchor="middle"
          dominantBaseline="middle"
        >
          items, the most popular first
        </text>
        <path d={`M${x(0)},${y(1)}V${y(0)}H${x(100)}`} fill="none" stroke="var(--mantine-color-dimmed)" />
        <line x1={x(0)} y1={y(0)} x2={x(100)} y2={y(1)} stroke="var(--mantine-color-dimmed)" strokeWidth={0.5} />
        {lines.map(({ label, shares, dashed }, i) => {
          const colour = dashed ? 'var(--mantine-color-dimmed)' : 'var(--mantine-primary-color-filled)';
          // Where the label meets its line; those of several lines stand apart.
          const at = 30 + 25 * i;
          return (
            <g key={label}>
              <path d={path(shares)} fill="none" stroke={colour} strokeWidth={1.5} strokeDasharray={dashed ? '5 3' : undefined} />
              <circle cx={x(at)} cy={y(shares[at])} r={2} fill={colour} />
              <text x={x(at) + 4} y={y(shares[at]) + 11} fontSize={11} fill="var(--mantine-color-text)">
                {label}
              </text>
            </g>
          );
        })}
      </svg>
      <Text size="xs" c="dimmed">
        {summary}
      </Text>
      <TableBehind
        title={title}
        head={['items', ...lines.map(({ label }) => label)]}
        rows={() =>
          TOLD.map((percent) => [`${percent} %`, ...lines.map(({ shares }) => `${(100 * shares[percent]).toFixed(1)} %`)])
        }
      />
    </figure>
  );
}
