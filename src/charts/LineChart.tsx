import { Text, useMantineTheme } from '@mantine/core';
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart as Chart,
  Label,
  LabelList,
  Line,
  ReferenceDot,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import {
  bandKey,
  downsample,
  heights,
  LABEL_HEIGHT,
  type LineChartProps,
  labelLines,
  levels,
  merge,
  niceDomain,
  placeLabels,
  TICKS,
} from './lines.ts';

/**
 * Lines over epochs, named at their ends, with bands, marked points and reference lines; beside the title what else there is to do.
 * Never animated.
 */
export default function LineChart(props: LineChartProps & { readonly children?: ReactNode }) {
  const { title, xLabel, yLabel, series, references = [], height = 240, digits = 3, children } = props;
  const theme = useMantineTheme();
  const lines = series
    .map((line) => ({ ...line, points: downsample(line.points, line.marked) }))
    .filter(({ points }) => points.length > 0);
  const drawn = [...lines, ...levels(references, lines)];
  const rows = merge(drawn);
  const [low, high] = niceDomain(heights(drawn));
  const labels = placeLabels(
    drawn.filter(({ faint }) => !faint),
    low,
    high,
    height,
    rows.map(({ x }) => x),
  );
  const axis = { stroke: 'var(--mantine-color-dimmed)', fontSize: 12, tickLine: false } as const;
  return (
    <figure style={{ margin: 0 }} aria-label={title}>
      <figcaption style={{ marginBottom: 4, display: 'flex', justifyContent: 'space-between', gap: 8 }}>
        <span style={{ fontWeight: 600, fontSize: theme.fontSizes.sm }}>{title}</span>
        {drawn.length > 0 && children}
      </figcaption>
      {drawn.length === 0 ? (
        <Text size="sm" c="dimmed" h={height} pt="xl" ta="center">
          Nothing yet: a point a finished epoch.
        </Text>
      ) : (
        <ResponsiveContainer width="100%" height={height}>
          <Chart data={rows} margin={{ top: 8, right: 136, bottom: 18, left: 8 }} accessibilityLayer>
            <CartesianGrid stroke="var(--mantine-color-default-border)" vertical={false} />
            <XAxis dataKey="x" type="number" domain={['dataMin', 'dataMax']} allowDecimals={false} {...axis}>
              <Label value={xLabel} position="insideBottom" offset={-12} fontSize={12} fill="var(--mantine-color-dimmed)" />
            </XAxis>
            <YAxis
              domain={[low, high]}
              ticks={scaleLinear().domain([low, high]).ticks(TICKS)}
              tickFormatter={(y: number) => y.toFixed(Math.min(digits, 2))}
              width={52}
              {...axis}
            >
              <Label
                value={yLabel}
                angle={-90}
                position="insideLeft"
                fontSize={12}
                fill="var(--mantine-color-dimmed)"
                style={{ textAnchor: 'middle' }}
              />
            </YAxis>
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(x) => `${xLabel} ${x}`}
              // All of it in the value: a name that is more than letters is left out.
              formatter={(value, name, { color }) => [
                // The colour of a line is too light for small letters.
                <>
                  <span style={{ color }}>■</span> {name}: {Number(value).toFixed(digits)}
                </>,
                undefined,
              ]}
              itemStyle={{ color: 'var(--mantine-color-text)' }}
              contentStyle={{
                background: 'var(--mantine-color-body)',
                border: '1px solid var(--mantine-color-default-border)',
                fontSize: 12,
              }}
            />
            {drawn
              .filter(({ points }) => points.some(({ low: end }) => end !== undefined))
              .map(({ key, label, colour }) => (
                <Area
                  key={bandKey(key)}
                  dataKey={bandKey(key)}
                  name={`${label}, ± sd`}
                  stroke="none"
                  fill={colour}
                  fillOpacity={0.15}
                  activeDot={false}
                  tooltipType="none"
                  isAnimationActive={false}
                />
              ))}
            {drawn.map(({ key, label, colour, dash, points, faint }) => (
              <Line
                key={key}
                dataKey={key}
                name={label}
                stroke={colour}
                strokeWidth={faint || key.startsWith('level') ? 1 : 2}
                strokeOpacity={faint ? 0.35 : 1}
                strokeDasharray={faint ? '' : dash}
                dot={points.length === 1}
                activeDot={!faint}
                tooltipType={faint ? 'none' : undefined}
                connectNulls
                isAnimationActive={false}
              >
                <LabelList
                  dataKey={key}
                  content={({ index, x }) =>
                    labels.get(key)?.index === index ? (
                      <text x={Number(x) + 6} y={labels.get(key)?.y} fontSize={12} fill={colour} dominantBaseline="middle">
                        {labelLines(label).map((line, i) => (
                          <tspan key={line} x={Number(x) + 6} dy={i === 0 ? 0 : LABEL_HEIGHT}>
                            {line}
                          </tspan>
                        ))}
                      </text>
                    ) : null
                  }
                />
              </Line>
            ))}
            {lines.map(({ key, colour, points, marked }) => {
              const at = points.find(({ x }) => x === marked);
              return (
                at && (
                  <ReferenceDot
                    key={`mark ${key}`}
                    x={at.x}
                    y={at.y}
                    r={4}
                    fill="var(--mantine-color-body)"
                    stroke={colour}
                    strokeWidth={2}
                  />
                )
              );
            })}
          </Chart>
        </ResponsiveContainer>
      )}
    </figure>
  );
}
