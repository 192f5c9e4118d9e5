import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { TableBehind } from './TableBehind.tsx';

interface LengthBarsProps {
  readonly title: string;
  /** The same with its terms explained. */
  readonly caption?: ReactNode;
  /** What is counted by length: “items of a source sequence”. */
  readonly xLabel: string;
  readonly bars: readonly { readonly label: string; readonly count: number; readonly before: number }[];
  /** Whether a state before filters is drawn, too. */
  readonly compared: boolean;
  /** The bars in words. */
  readonly summary: string;
}

const WIDTH = 290;
const HEIGHT = 150;
const MARGIN = { left: 48, right: 4, top: 8, bottom: 36 };

/** Users by a length. Bars are wider to the right in what they hold, not in how they are drawn. */
export function LengthBars({ title, caption, xLabel, bars, compared, summary }: LengthBarsProps) {
  const most = Math.max(1, ...bars.map(({ count, before }) => Math.max(count, compared ? before : 0)));
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const step = inner.width / Math.max(4, bars.length);
  const bottom = HEIGHT - MARGIN.bottom;
  // What is not empty can be seen.
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(1, (inner.height * count) / most));
  // Labels that would touch are left out; the table has all.
  const everyLabel = bars.length > 10 ? 3 : bars.length > 6 ? 2 : 1;
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
        <Words x={MARGIN.left - 6} y={MARGIN.top + 4} anchor="end">
          {most.toLocaleString('en')}
        </Words>
        <Words x={MARGIN.left - 6} y={bottom} anchor="end">
          0
        </Words>
        <g transform={`translate(12, ${MARGIN.top + inner.height / 2}) rotate(-90)`}>
          <Words x={0} y={0} anchor="middle">
            users
          </Words>
        </g>
        <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={bottom} y2={bottom} stroke="var(--mantine-color-dimmed)" />
        {bars.map(({ label, count, before }, i) => {
          const x = MARGIN.left + i * step;
          return (
            <g key={label}>
              <title>{`${label}: ${count.toLocaleString('en')} users${compared ? `, before ${before.toLocaleString('en')}` : ''}`}</title>
              {compared && (
                <rect
                  x={x + 2}
                  width={step - 4}
                  y={bottom - heightOf(before)}
                  height={heightOf(before)}
                  fill="none"
                  stroke="var(--mantine-color-dimmed)"
                  strokeDasharray="3 2"
                />
              )}
              <rect
                x={x + 2}
                width={step - 4}
                y={bottom - heightOf(count)}
                height={heightOf(count)}
                fill="var(--mantine-primary-color-filled)"
                opacity={compared ? 0.75 : 1}
              />
              {i % everyLabel === 0 && (
                <Words x={x + step / 2} y={bottom + 11} anchor="middle">
                  {label}
                </Words>
              )}
            </g>
          );
        })}
        <Words x={MARGIN.left + inner.width / 2} y={HEIGHT - 7} anchor="middle">
          {xLabel}
        </Words>
      </svg>
      <Text size="xs" c="dimmed">
        {summary}
        {compared && ' Dashed: before the filters.'}
      </Text>
      <TableBehind
        title={title}
        head={compared ? [xLabel, 'users', 'before'] : [xLabel, 'users']}
        rows={() =>
          bars.map(({ label, count, before }) => [
            label,
            ...(compared ? [count, before] : [count]).map((n) => n.toLocaleString('en')),
          ])
        }
      />
    </figure>
  );
}

interface WordsProps {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly children: string;
}

const Words = ({ x, y, anchor, children }: WordsProps) => (
  <text x={x} y={y} fontSize={11} fill="var(--mantine-color-dimmed)" textAnchor={anchor} dominantBaseline="middle">
    {children}
  </text>
);
