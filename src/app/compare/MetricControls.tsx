import { Group, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { memo } from 'react';
import type { Protocol } from '../../engine/evaluation/metrics.ts';
import { metricLabel } from '../shared/results.ts';

interface MetricControlsProps {
  readonly metric: string;
  readonly metrics: readonly string[];
  readonly protocol: Protocol;
  /** The sampled protocol in words. */
  readonly sampledWords: string;
  readonly onChange: (parts: Readonly<Record<string, string | null>>) => void;
}

/** By which number runs are compared, on the whole page. */
export const MetricControls = memo(function MetricControls({
  metric,
  metrics,
  protocol,
  sampledWords,
  onChange,
}: MetricControlsProps) {
  const isRanking = metric.includes('@');
  return (
    <Group align="flex-end">
      <NativeSelect
        size="xs"
        label="Metric"
        data={metrics.map((value) => ({ value, label: metricLabel(value) }))}
        value={metric}
        onChange={(event) => onChange({ metric: event.currentTarget.value })}
      />
      {isRanking && (
        <SegmentedControl
          size="xs"
          aria-label="Protocol"
          value={protocol}
          onChange={(value) => onChange({ protocol: value === 'all' ? value : null })}
          data={[
            { value: 'sampled', label: sampledWords },
            { value: 'all', label: 'all items' },
          ]}
        />
      )}
      <Text size="xs" c="dimmed" maw={420}>
        {!isRanking
          ? 'Of a profile task: the share of right classes, or the mean F1 of the classes.'
          : protocol === 'sampled'
            ? 'The target among random items, drawn once and shared by all methods; fewer where the catalogue is smaller.'
            : 'The target among all target items: harder; not to be compared with the other numbers. The paper’s claims and tables below stay among the candidates.'}
      </Text>
    </Group>
  );
});
