import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { memo } from 'react';
import { type Marker, markerOf, type ScatterSeries, scatterAxis } from './scatter.ts';
import { TableBehind } from './TableBehind.tsx';

interface ScatterProps {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly ScatterSeries[];
  /** Values in words; those on the axes may need fewer digits. */
  readonly writeX: (value: number) => string;
  readonly writeY: (value: number) => string;
  readonly tickX: (value: number) => string;
  readonly tickY: (value: number) => string;
}

const HEIGHT = 300;
const WIDEST = 720;
const MARGIN = { top: 12, right: 16, bottom: 44, left: 64 };

/** One point a run, or a mean over seeds with its deviation as a bar; an axis of positive values that span much is logarithmic. */
export const Scatter = memo(function Scatter({ title, xLabel, yLabel, series, writeX, writeY, tickX, tickY }: ScatterProps) {
  const { ref, width: measured } = useElementSize();
  const width = Math.min(WIDEST, measured);
  const points = series.flatMap((one) => one.points);
  const xs = points.map(({ x }) => x);
  const ys = points.flatMap(({ y, error }) => (error === null ? [y] : [y - error, y + error]));
  const x = scatterAxis(xs, MARGIN.left, width - MARGIN.right, width < 480 ? 4 : 7);
  const y = scatterAxis(ys, HEIGHT - MARGIN.bottom, MARGIN.top, 5);
  const axisTitle = (label: string, logarithmic: boolean) => (logarithmic ? `${label} (logarithmic)` : label);
  return (
    <figure style={{ margin: 0 }} aria-label={title} ref={ref}>
      <Text component="figcaption" size="sm" fw={600} mb={4}>
        {title}
      </Text>
      {points.length === 0 ? (
        <Text size="sm" c="dimmed" py="xl">
          No chosen run has both of these.
        </Text>
      ) : (
        width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`${title}: ${points.length} points`} className="figures">
            {y.ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={MARGIN.left}
                  x2={width - MARGIN.right}
                  y1={y.at(tick)}
                  y2={y.at(tick)}
                  stroke="var(--mantine-color-default-border)"
                />
                <AxisText x={MARGIN.left - 8} y={y.at(tick)} anchor="end">
                  {tickY(tick)}
                </AxisText>
              </g>
            ))}
            {x.ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={x.at(tick)}
                  x2={x.at(tick)}
                  y1={HEIGHT - MARGIN.bottom}
                  y2={HEIGHT - MARGIN.bottom + 4}
                  stroke="var(--mantine-color-dimmed)"
                />
                <AxisText x={x.at(tick)} y={HEIGHT - MARGIN.bottom + 14} anchor="middle">
                  {tickX(tick)}
                </AxisText>
              </g>
            ))}
            <AxisText x={(MARGIN.left + width - MARGIN.right) / 2} y={HEIGHT - 8} anchor="middle">
              {axisTitle(xLabel, x.logarithmic)}
            </AxisText>
            <g transform={`translate(12, ${(HEIGHT - MARGIN.bottom) / 2}) rotate(-90)`}>
              <AxisText x={0} y={0} anchor="middle">
                {axisTitle(yLabel, y.logarithmic)}
              </AxisText>
            </g>
            {series.map(({ key, colour, marker, points: own }) =>
              own.map((point) => (
                <g key={`${key} ${point.key}`} transform={`translate(${x.at(point.x)}, ${y.at(point.y)})`}>
                  <title>{`${point.label}: ${writeX(point.x)}, ${writeY(point.y)}`}</title>
                  {point.error !== null && (
                    <line
                      y1={y.at(point.y + point.error) - y.at(point.y)}
                      y2={y.at(point.y - point.error) - y.at(point.y)}
                      stroke={colour}
                    />
                  )}
                  <Mark marker={markerOf(marker)} colour={colour} />
                </g>
              )),
            )}
          </svg>
        )
      )}
      <Group gap="md" mt={4}>
        {series.map(({ key, label, colour, marker }) => (
          <Group key={key} gap={6} wrap="nowrap">
            <svg width={14} height={14} viewBox="-7 -7 14 14" aria-hidden>
              <Mark marker={markerOf(marker)} colour={colour} />
            </svg>
            <Text size="xs">{label}</Text>
          </Group>
        ))}
      </Group>
      {points.length > 0 && (
        <TableBehind
          title={title}
          head={['run', xLabel, yLabel]}
          rows={() =>
            points.map(({ label, x: across, y: up, error }) => [
              label,
              writeX(across),
              error === null ? writeY(up) : `${writeY(up)} ± ${writeY(error)}`,
            ])
          }
        />
      )}
    </figure>
  );
});

interface AxisTextProps {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly children: string;
}

const AxisText = ({ x, y, anchor, children }: AxisTextProps) => (
  <text x={x} y={y} fontSize={12} fill="var(--mantine-color-dimmed)" textAnchor={anchor} dominantBaseline="middle">
    {children}
  </text>
);

const Mark = ({ marker: { path, filled }, colour }: { marker: Marker; colour: string }) => (
  <path d={path} fill={filled ? colour : 'var(--mantine-color-body)'} stroke={colour} strokeWidth={1.5} />
);
