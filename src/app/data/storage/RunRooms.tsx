import { Button, Table, Text, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { describeMethod } from '../../../configuration/methods.ts';
import { ofRun, type Room, type RunRoom } from '../../../storage/measure.ts';
import { DeleteDialog, type Deletion } from '../../compare/DeleteDialog.tsx';
import { isBusy } from '../../compare/table/entries.ts';
import { WideTable } from '../../compare/WideTable.tsx';
import { bytes } from '../../format.ts';
import { statusWord } from '../../shared/statusWord.ts';
import { type Deletable, deletedWithAll } from '../../shared/trials.ts';

/** On a phone the first of them are in sight. */
const COLUMNS: readonly { readonly title: string; readonly size: (run: RunRoom) => number }[] = [
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
const DELETE_WIDTH = 80;
const ROW_HEIGHT = 30;
const MOST_HEIGHT = 420;
/** Rows that are drawn beyond those in sight. */
const OVERSCAN = 6;

const toDelete = ({ id, search, status, method }: RunRoom): Deletable => ({
  id,
  search,
  result: status === 'finished' ? {} : null,
  configuration: { method },
});

/** What each run takes, and a way to delete it; of thousands only those in sight are drawn. */
export function RunRooms({ runs: measured, datasets }: Pick<Room, 'runs' | 'datasets'>) {
  const names = new Map(datasets.map(({ id, name }) => [id, name]));
  // It is measured again a little later only.
  const [gone, setGone] = useState<readonly number[]>([]);
  const [asked, setAsked] = useState<Deletion | null>(null);
  const runs = useMemo(() => measured.filter(({ id }) => !gone.includes(id)), [measured, gone]);
  const ask = (run: RunRoom) => {
    const going = deletedWithAll([toDelete(run)], runs.map(toDelete));
    setAsked({ runs: going, along: going.length - 1, unseen: 0 });
  };
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
    <>
      <WideTable
        label="What runs take"
        minWidth={NAME_WIDTH + STATUS_WIDTH + COLUMNS.length * SIZE_WIDTH + DELETE_WIDTH}
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
            <col style={{ width: DELETE_WIDTH }} />
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
              <Table.Th>
                <VisuallyHidden>delete it</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Space height={items[0]?.start ?? 0} />
            {items.map(({ index }) => (
              <RunLine
                key={runs[index].id}
                run={runs[index]}
                dataset={names.get(runs[index].datasetId) ?? ''}
                index={index}
                onDelete={ask}
              />
            ))}
            <Space height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </Table.Tbody>
        </Table>
      </WideTable>
      <DeleteDialog
        asked={asked}
        onDone={(deleted) => {
          setGone([...gone, ...deleted]);
          setAsked(null);
        }}
      />
    </>
  );
}

interface RunLineProps {
  readonly run: RunRoom;
  /** Its name. */
  readonly dataset: string;
  readonly index: number;
  readonly onDelete: (run: RunRoom) => void;
}

const RunLine = ({ run, dataset, index, onDelete }: RunLineProps) => (
  <Table.Tr aria-rowindex={index + 2} h={ROW_HEIGHT}>
    <Table.Th scope="row" fw={400} title={dataset} style={{ whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>
      {run.id}: {describeMethod(run.method).label}, seed {run.seed}, on {dataset}
    </Table.Th>
    {COLUMNS.map(({ title, size }) => (
      <Table.Td key={title} ta="right">
        {size(run) === 0 ? '–' : bytes(size(run))}
      </Table.Td>
    ))}
    <Table.Td>{statusWord(run.status)}</Table.Td>
    <Table.Td p={0} ta="right">
      {!isBusy(run) && (
        <Button size="compact-xs" variant="subtle" color="red" onClick={() => onDelete(run)} aria-label={`Delete run ${run.id}`}>
          Delete
        </Button>
      )}
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
