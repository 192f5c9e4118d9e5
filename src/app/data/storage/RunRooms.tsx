import { Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { describeMethod } from '../../../configuration/methods.ts';
import { ofRun, type Room, type RunRoom } from '../../../storage/measure.ts';
import { WideTable } from '../../compare/WideTable.tsx';
import { bytes } from '../../format.ts';
import { statusWord } from '../../shared/statusWord.ts';

const COLUMNS: readonly { readonly title: string; readonly size: (run: RunRoom) => number }[] = [
  // First: on a phone the others are scrolled to.
  { title: 'together', size: ofRun },
  { title: 'results, epochs', size: ({ record }) => record },
  { title: 'ranks', size: ({ ranks }) => ranks },
  { title: 'policies', size: ({ policies, otherPolicies }) => policies + otherPolicies },
  { title: 'model', size: ({ model }) => model },
  { title: 'checkpoint', size: ({ checkpoint }) => checkpoint },
];

const NAME_WIDTH = 190;
const STATUS_WIDTH = 90;
const SIZE_WIDTH = 100;
const ROW_HEIGHT = 30;
const MOST_HEIGHT = 420;
/** Rows that are drawn beyond those in sight. */
const OVERSCAN = 6;

/** What each run takes; of thousands only those in sight are drawn. */
export function RunRooms({ runs, datasets }: Pick<Room, 'runs' | 'datasets'>) {
  const names = new Map(datasets.map(({ id, name }) => [id, name]));
  const viewport = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  if (runs.length === 0) return <Text size="sm">There is no run yet.</Text>;
  return (
    <WideTable
      label="What runs take"
      minWidth={2 * NAME_WIDTH + STATUS_WIDTH + COLUMNS.length * SIZE_WIDTH}
      maxHeight={MOST_HEIGHT}
      viewportRef={viewport}
    >
      <Table
        fz="sm"
        stickyHeader
        verticalSpacing={4}
        className="figures"
        aria-label="What runs take, largest first"
        aria-rowcount={runs.length + 1}
        style={{ tableLayout: 'fixed' }}
      >
        <colgroup>
          <col style={{ width: NAME_WIDTH }} />
          {COLUMNS.map(({ title }) => (
            <col key={title} style={{ width: SIZE_WIDTH }} />
          ))}
          <col style={{ width: STATUS_WIDTH }} />
          <col style={{ width: NAME_WIDTH }} />
        </colgroup>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th>Run</Table.Th>
            {COLUMNS.map(({ title }) => (
              <Table.Th key={title} ta="right">
                {title}
              </Table.Th>
            ))}
            <Table.Th>status</Table.Th>
            <Table.Th>dataset</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Space height={items[0]?.start ?? 0} />
          {items.map(({ index }) => (
            <RunLine key={runs[index].id} run={runs[index]} dataset={names.get(runs[index].datasetId) ?? ''} index={index} />
          ))}
          <Space height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

const RunLine = ({ run, dataset, index }: { run: RunRoom; dataset: string; index: number }) => (
  <Table.Tr aria-rowindex={index + 2} h={ROW_HEIGHT}>
    <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>
      {run.id}: {describeMethod(run.method).label}, seed {run.seed}
    </Table.Th>
    {COLUMNS.map(({ title, size }) => (
      <Table.Td key={title} ta="right">
        {size(run) === 0 ? '–' : bytes(size(run))}
      </Table.Td>
    ))}
    <Table.Td>{statusWord(run.status)}</Table.Td>
    <Table.Td style={{ whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }} title={dataset}>
      {dataset}
    </Table.Td>
  </Table.Tr>
);

/** Stands for the rows that are not drawn. */
const Space = ({ height }: { height: number }) =>
  height > 0 && (
    <tr aria-hidden>
      <td colSpan={COLUMNS.length + 3} style={{ height, padding: 0 }} />
    </tr>
  );
