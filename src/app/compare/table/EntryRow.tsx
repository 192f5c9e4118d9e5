import { Button, Checkbox, Table } from '@mantine/core';
import { type CSSProperties, memo } from 'react';
import { describeMethod } from '../../../configuration/methods.ts';
import type { RunRow } from '../../../storage/database.ts';
import type { RunColumn } from './columns.ts';
import { type Entry, isBusy } from './entries.ts';

interface EntryRowProps {
  /** Its place among all rows, from 0. */
  readonly index: number;
  readonly entry: Entry;
  readonly columns: readonly RunColumn[];
  readonly isChosen: boolean;
  readonly onChoose: (runs: readonly number[], isChosen: boolean) => void;
  readonly onDelete: ((run: RunRow) => void) | null;
}

/** Pixels: all rows are alike, so that none has to be measured. */
export const ROW_HEIGHT = 34;

const ONE_LINE: CSSProperties = { whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' };

/** Drawn again only when it changes itself. */
export const EntryRow = memo(function EntryRow({ index, entry, columns, isChosen, onChoose, onDelete }: EntryRowProps) {
  const [{ run }] = entry.runs;
  const name = entry.runs.length === 1 ? `run ${run.id}` : entry.label;
  const ids = () => entry.runs.map((known) => known.run.id);
  return (
    <Table.Tr aria-rowindex={index + 2} data-index={index} h={ROW_HEIGHT}>
      <Table.Td py={0}>
        <Checkbox
          size="xs"
          aria-label={`Choose ${name}`}
          checked={isChosen}
          onChange={(event) => onChoose(ids(), event.currentTarget.checked)}
        />
      </Table.Td>
      {columns.map((column) =>
        column.id === 'name' ? (
          <Table.Th key={column.id} scope="row" fw={400} py={0} style={ONE_LINE} title={entry.label}>
            <span style={{ borderLeft: `4px solid ${describeMethod(run.configuration.method).colour}`, paddingLeft: 8 }}>
              {entry.label}
            </span>
          </Table.Th>
        ) : (
          <Cell key={column.id} column={column} entry={entry} />
        ),
      )}
      <Table.Td py={0}>
        {onDelete !== null && !isBusy(run) && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            onClick={() => onDelete(run)}
            aria-label={`Delete run ${run.id}`}
          >
            delete
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
});

function Cell({ column, entry }: { column: RunColumn; entry: Entry }) {
  const text = column.text(entry);
  return (
    <Table.Td ta={column.isNumber ? 'right' : 'left'} py={0} style={ONE_LINE} title={text}>
      {text}
    </Table.Td>
  );
}
