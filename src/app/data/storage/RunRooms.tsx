import { Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { describeMethod } from '../../../configuration/methods.ts';
import { ofRun, type RunRoom } from '../../../storage/measure.ts';
import { WideTable } from '../../compare/WideTable.tsx';
import { bytes } from '../../format.ts';
import { statusWord } from '../../shared/statusWord.ts';

const COLUMNS: readonly { readonly title: string; readonly size: (run: RunRoom) => number }[] = [
  { title: 'results, epochs', size: ({ record }) => record },
  { title: 'ranks', size: ({ ranks }) => ranks },
  { title: 'policies', size: ({ policies, otherPolicies }) => policies + otherPolicies },
  { title: 'model', size: ({ model }) => model },
  { title: 'checkpoint', size: ({ checkpoint }) => checkpoint },
  { title: 'together', size: ofRun },
];

const NAME_WIDTH = 190;
const STATUS_WIDTH = 90;
const SIZE_WIDTH = 100;
const ROW_HEIGHT = 30;
const MOST_HEIGHT = 420;
/** Rows that are drawn beyond those in sight. */
const OVERSCAN = 6;

/** What each run takes; of thousands only those in sight are drawn. */
export function RunRooms({ runs }: { runs: readonly RunRoom[] }) {
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
      minWidth={NAME_WIDTH + STATUS_WIDTH + COLUMNS.length * SIZE_WIDTH}
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
          <col style={{ width: STATUS_WIDTH }} />
          {COLUMNS.map(({ title }) => (
            <col key={title} style={{ width: SIZE_WIDTH }} />
          ))}
        </colgroup>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th>Run</Table.Th>
            <Table.Th>status</Table.Th>
            {COLUMNS.map(({ title }) => (
              <Table.Th key={title} ta="right">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Space height={items[0]?.start ?? 0} />
          {items.map(({ index }) => (
            <RunLine key={runs[index].id} run={runs[index]} index={index} />
          ))}
          <Space height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

const RunLine = ({ run, index }: { run: RunRoom; index: number }) => (
  <Table.Tr aria-rowindex={index + 2} h={ROW_HEIGHT}>
    <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>
      {run.id}: {describeMethod(run.method).label}, seed {run.seed}
    </Table.Th>
    <Table.Td>{statusWord(run.status)}</Table.Td>
    {COLUMNS.map(({ title, size }) => (
      <Table.Td key={title} ta="right">
        {size(run) === 0 ? '–' : bytes(size(run))}
      </Table.Td>
    ))}
  </Table.Tr>
);

/** Stands for the rows that are not drawn. */
const Space = ({ height }: { height: number }) =>
  height > 0 && (
    <tr aria-hidden>
      <td colSpan={COLUMNS.length + 2} style={{ height, padding: 0 }} />
    </tr>
  );
