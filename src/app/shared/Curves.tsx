import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { LineChartProps } from '../../charts/lines.ts';

const LineChart = lazy(() => import('../../charts/LineChart.tsx'));

/** A line chart; Recharts is loaded when the first one is needed. */
export function Curves(props: LineChartProps) {
  return (
    <Suspense fallback={<Loader size="sm" aria-label="Loading the chart" />}>
      <LineChart {...props} />
    </Suspense>
  );
}
