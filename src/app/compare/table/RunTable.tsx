import { Checkbox, Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import {
  type ColumnDef,
  createSortedRowModel,
  type Row,
  rowSortingFeature,
  type SortFn,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { RunRow } from '../../../storage/database.ts';
import { WideTable } from '../WideTable.tsx';
import type { RunColumn } from './columns.ts';
import { EntryRow, ROW_HEIGHT } from './EntryRow.tsx';
import type { Entry } from './entries.ts';

interface RunTableProps {
  readonly entries: readonly Entry[];
  readonly columns: readonly RunColumn[];
  /** Runs that are chosen. */
  readonly chosen: ReadonlySet<number>;
  /** Chooses the runs of rows, or no longer. */
  readonly onChoose: (runs: readonly number[], isChosen: boolean) => void;
  /** Null where rows are of several runs. */
  readonly onDelete: ((run: RunRow) => void) | null;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const collator = new Intl.Collator('en', { numeric: true });

/** Numbers by their size, words as in a dictionary. */
const byValue: SortFn<typeof features, Entry> = (first, second, id) => {
  const [a, b] = [first.getValue(id), second.getValue(id)];
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
};

const CHOOSE_WIDTH = 44;
const DELETE_WIDTH = 68;
const MOST_HEIGHT = 420;
/** Rows that are drawn beyond those in sight. */
const OVERSCAN = 6;

/** Runs, or groups of them, as rows of which only those in sight are drawn: thousands stay smooth. */
export const RunTable = memo(function RunTable({ entries, columns, chosen, onChoose, onDelete }: RunTableProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [sorting, setSorting] = useState<SortingState>([{ id: 'run', desc: true }]);
  const definitions = useMemo(
    () =>
      columns.map(
        ({ id, title, value }): ColumnDef<typeof features, Entry> => ({
          id,
          header: title,
          accessorFn: value,
          sortFn: byValue,
          sortUndefined: 'last',
          sortDescFirst: true,
        }),
      ),
    [columns],
  );
  const shown = useMemo(() => sorting.filter(({ id }) => columns.some((column) => column.id === id)), [sorting, columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: entries,
    state: { sorting: shown },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
    getRowId: ({ key }) => key,
  });
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const width = CHOOSE_WIDTH + DELETE_WIDTH + columns.reduce((sum, column) => sum + column.width, 0);
  const walk = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = event.target instanceof HTMLElement ? Number(event.target.closest('tr')?.dataset.index ?? Number.NaN) : Number.NaN;
    if (step === 0 || Number.isNaN(at)) return;
    event.preventDefault();
    virtual.scrollToIndex(at + step);
    body.current?.querySelector<HTMLElement>(`tr[data-index="${at + step}"] input`)?.focus();
  };
  return (
    <WideTable label="Table of the runs" minWidth={width} maxHeight={MOST_HEIGHT} viewportRef={viewport}>
      <Table
        fz="sm"
        stickyHeader
        highlightOnHover
        className="figures"
        aria-label="Runs"
        aria-rowcount={rows.length + 1}
        style={{ tableLayout: 'fixed' }}
      >
        <colgroup>
          <col style={{ width: CHOOSE_WIDTH }} />
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
          <col style={{ width: DELETE_WIDTH }} />
        </colgroup>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th>
              <ChooseAll rows={rows} chosen={chosen} onChoose={onChoose} />
            </Table.Th>
            {table.getHeaderGroups()[0].headers.map((header, c) => (
              <HeaderCell
                key={header.id}
                title={columns[c].title}
                isNumber={columns[c].isNumber}
                sorted={header.column.getIsSorted()}
                onSort={() => header.column.toggleSorting()}
              />
            ))}
            <Table.Th>
              <VisuallyHidden>delete</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body} onKeyDown={walk}>
          <Space columns={columns.length + 2} height={items[0]?.start ?? 0} />
          {items.map(({ index }) => (
            <EntryRow
              key={rows[index].id}
              index={index}
              entry={rows[index].original}
              columns={columns}
              isChosen={rows[index].original.runs.every(({ run }) => chosen.has(run.id))}
              onChoose={onChoose}
              onDelete={onDelete}
            />
          ))}
          <Space columns={columns.length + 2} height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </WideTable>
  );
});

interface HeaderCellProps {
  readonly title: string;
  readonly isNumber: boolean;
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: () => void;
}

const HeaderCell = ({ title, isNumber, sorted, onSort }: HeaderCellProps) => (
  <Table.Th
    ta={isNumber ? 'right' : 'left'}
    aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
    style={{ verticalAlign: 'bottom' }}
  >
    <UnstyledButton fz="sm" fw={600} lh={1.3} ta="inherit" onClick={onSort}>
      {title}
      {sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓'}
    </UnstyledButton>
  </Table.Th>
);

interface ChooseAllProps {
  readonly rows: readonly Row<typeof features, Entry>[];
  readonly chosen: ReadonlySet<number>;
  readonly onChoose: RunTableProps['onChoose'];
}

/** Chooses all shown rows, or none of them. */
function ChooseAll({ rows, chosen, onChoose }: ChooseAllProps) {
  const ids = rows.flatMap(({ original }) => original.runs.map(({ run }) => run.id));
  const count = ids.filter((id) => chosen.has(id)).length;
  const isAll = ids.length > 0 && count === ids.length;
  return (
    <Checkbox
      size="xs"
      aria-label="Choose all shown"
      checked={isAll}
      indeterminate={count > 0 && !isAll}
      onChange={() => onChoose(ids, !isAll)}
    />
  );
}

/** Stands for the rows that are not drawn. */
const Space = ({ columns, height }: { columns: number; height: number }) =>
  height > 0 && (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
