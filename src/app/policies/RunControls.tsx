import { Group, NativeSelect, SegmentedControl } from '@mantine/core';
import { memo } from 'react';
import type { RowHeight } from '../../charts/PolicyHeatmap.tsx';
import type { PolicyRun, RowOrder } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { groupingLabel, nameOf, ORDERS, visible } from './order.ts';

interface RunControlsProps {
  readonly run: RunRow;
  /** Finished runs with policies. */
  readonly runs: readonly RunRow[];
  readonly labels: ReadonlyMap<number, string>;
  /** Runs that ranks can be set against. */
  readonly others: readonly RunRow[];
  /** Undefined while nothing is known yet. */
  readonly about: PolicyRun | undefined;
  readonly order: RowOrder;
  readonly rowHeight: RowHeight;
  readonly show: 'gate' | 'probability';
  readonly truth: boolean;
  /** Changes the address, which says what is shown. */
  readonly change: (parts: Readonly<Record<string, string | null>>) => void;
}

const ROW_HEIGHTS = [
  { value: 'fit', label: 'all users' },
  { value: '4', label: 'small rows' },
  { value: '12', label: 'large rows' },
];

/** Which run is shown, and how. Drawn again only when that changes, not with each epoch or row that is chosen. */
export const RunControls = memo(function RunControls(props: RunControlsProps) {
  const { run, runs, labels, about, change } = props;
  return (
    <Group align="flex-end">
      <NativeSelect
        size="xs"
        label="Run"
        value={String(run.id)}
        onChange={(event) => change({ run: event.currentTarget.value, epoch: null })}
        data={runs.map(({ id, datasetName }) => ({ value: String(id), label: `${labels.get(id)} · ${datasetName}` }))}
      />
      {about !== undefined && <Ways {...props} about={about} />}
    </Group>
  );
});

/** How the run is shown. */
function Ways({ labels, others, about, order, rowHeight, show, truth, change }: RunControlsProps & { about: PolicyRun }) {
  return (
    <>
      <NativeSelect
        size="xs"
        label="Rows by"
        value={nameOf(order)}
        onChange={(event) => change({ order: event.currentTarget.value })}
        data={[
          ...ORDERS.filter(({ value }) => value !== 'change' || others.length > 0),
          ...visible(about.groupings, truth).map((grouping) => ({ value: grouping.key, label: groupingLabel(grouping) })),
        ]}
      />
      {order.by === 'change' && (
        <NativeSelect
          size="xs"
          label="Against"
          value={String(order.against)}
          onChange={(event) => change({ against: event.currentTarget.value })}
          data={others.map(({ id }) => ({ value: String(id), label: labels.get(id) ?? `run ${id}` }))}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label="Height of the rows"
        value={String(rowHeight)}
        onChange={(value) => change({ height: value === 'fit' ? null : value })}
        data={ROW_HEIGHTS}
      />
      {about.kind === 'hard' && (
        <SegmentedControl
          size="xs"
          aria-label="What the colour shows"
          value={show}
          onChange={(value) => change({ show: value === 'gate' ? null : value })}
          data={[
            { value: 'gate', label: 'gate' },
            { value: 'probability', label: 'probability' },
          ]}
        />
      )}
    </>
  );
}
