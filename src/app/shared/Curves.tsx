import { Loader } from '@mantine/core';
import { lazy, memo, Suspense } from 'react';
import type { LineChartProps } from '../../charts/lines.ts';
import { curveFigure } from './curveFigure.ts';
import { SaveFigure } from './SaveFigure.tsx';

const LineChart = lazy(() => import('../../charts/LineChart.tsx'));

/** A line chart that can be saved; Recharts is loaded when the first one is needed. Drawn again only when its lines are other ones. */
export const Curves = memo(function Curves(props: LineChartProps) {
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the chart" />}>
      <LineChart {...props}>
        <SaveFigure title={props.title} figure={() => curveFigure(props)} />
      </LineChart>
    </Suspense>
  );
});
