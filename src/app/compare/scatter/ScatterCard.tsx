import { Card, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { Scatter } from '../../../charts/Scatter.tsx';
import { isLogarithmic } from '../../../charts/scatter.ts';
import type { Protocol } from '../../../engine/evaluation/metrics.ts';
import type { ScatterFigure } from '../../../results/figures/figure.ts';
import { SaveFigure } from '../../shared/SaveFigure.tsx';
import { type AxisChoice, keyAxes, measureAxes, metricAxes, type PointOf, scatterSeries, variedAxis } from './points.ts';

interface ScatterCardProps {
  /** Finished runs, or groups of them. */
  readonly points: readonly PointOf[];
  /** Keys in which these runs differ: they are offered first. */
  readonly differing: readonly string[];
  readonly metrics: readonly string[];
  readonly metric: string;
  readonly protocol: Protocol;
  readonly protocolName: string;
}

/** More points are a cloud: those of the newest runs are drawn. */
const MOST_POINTS = 400;

/** What is drawn across where no key was varied: the first of which the runs have several values. */
const USUAL_MEASURES = ['measure:fineTunedShare', 'measure:operations'].flatMap((wanted) =>
  measureAxes.filter(({ id }) => id === wanted),
);

/** Any number against any metric. */
export const ScatterCard = memo(function ScatterCard(props: ScatterCardProps) {
  const { points, differing, metrics, metric, protocol, protocolName } = props;
  const [across, setAcross] = useState<string | null>(null);
  const [up, setUp] = useState<string | null>(null);
  const ofMetrics = useMemo(() => metricAxes(metrics, protocol), [metrics, protocol]);
  const varied = useMemo(
    () => keyAxes.filter(({ id }) => differing.some((key) => id === `key:${key}` && key !== 'seed')),
    [differing],
  );
  const others = keyAxes.filter((axis) => !varied.includes(axis));
  const all = [...varied, ...measureAxes, ...ofMetrics, ...others];
  const usual = useMemo(() => {
    const runs = points.flatMap((point) => point.runs);
    const differs = ({ of }: AxisChoice) => new Set(runs.map(of).filter((value) => value !== null)).size > 1;
    return variedAxis(runs, varied) ?? USUAL_MEASURES.find(differs) ?? measureAxes[0];
  }, [points, varied]);
  const x = all.find(({ id }) => id === across) ?? usual;
  const y = all.find(({ id }) => id === up) ?? all.find(({ id }) => id === `metric:${metric}`) ?? all[0];
  const shown = useMemo(() => points.slice(-MOST_POINTS), [points]);
  const series = useMemo(() => scatterSeries(shown, x, y), [shown, x, y]);
  if (points.length < 2) return null;
  const group = (label: string, axes: readonly AxisChoice[]) =>
    axes.length === 0 ? [] : [{ group: label, items: axes.map(({ id, title }) => ({ value: id, label: title })) }];
  const [varying, fixed] = [group('Keys in which these runs differ', varied), group('Other keys', others)];
  const [of, metricsOf] = [group('Measured and counted', measureAxes), group('Metrics', ofMetrics)];
  const nameOf = ({ id, title }: AxisChoice) => (id.startsWith('metric:') ? `${title}${protocolName}` : title);
  const title = `${nameOf(y)} against ${x.title}`;
  const drawn = series.flatMap((one) => one.points);
  const grouped = drawn.some(({ error }) => error !== null);
  const notes = [
    grouped ? 'Points are means over seeds, bars one standard deviation.' : 'One point a run.',
    ...(points.length > shown.length ? [`${shown.length} of ${points.length} are drawn, the newest.`] : []),
    ...(drawn.length < shown.length ? [`${shown.length - drawn.length} do not have both values.`] : []),
  ];
  const figure = (): ScatterFigure => ({
    id: 'scatter',
    kind: 'scatter',
    title,
    notes,
    x: { title: x.title, logarithmic: isLogarithmic(drawn.map((point) => point.x)) },
    y: { title: y.title, logarithmic: isLogarithmic(drawn.map((point) => point.y)) },
    series: series.map(({ label, colour, points: own }) => ({
      label,
      colour,
      dash: '',
      points: own.map((point) => ({ x: point.x, y: point.y, error: point.error ?? undefined, label: point.label })),
    })),
  });
  return (
    <Card withBorder component="section" aria-label="Scatter">
      <Stack gap="xs">
        <Title order={2} size="h5">
          What goes with what
        </Title>
        <Group align="flex-end">
          <NativeSelect
            size="xs"
            label="Across"
            value={x.id}
            onChange={(event) => setAcross(event.currentTarget.value)}
            data={[...varying, ...of, ...metricsOf, ...fixed]}
          />
          <NativeSelect
            size="xs"
            label="Up"
            value={y.id}
            onChange={(event) => setUp(event.currentTarget.value)}
            data={[...metricsOf, ...of]}
          />
          <SaveFigure title={title} figure={figure} />
        </Group>
        <Scatter
          title={title}
          xLabel={x.title}
          yLabel={y.title}
          series={series}
          writeX={x.write}
          writeY={y.write}
          tickX={x.tick}
          tickY={y.tick}
        />
        <Text size="xs" c="dimmed">
          {notes.join(' ')}
        </Text>
      </Stack>
    </Card>
  );
});
