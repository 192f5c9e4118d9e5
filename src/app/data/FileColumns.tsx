import { Group, NativeSelect, Switch } from '@mantine/core';
import type { TableFormat } from '../../data/import/format.ts';
import type { DroppedFile } from '../../services/protocol.ts';
import { DomainFields } from './DomainFields.tsx';
import { TimeColumnField, TimeUnitField } from './TimeFields.tsx';

interface FileColumnsProps {
  /** Ends the name of a control: “User column of the …”. */
  readonly of: string;
  readonly dropped: DroppedFile;
  readonly format: TableFormat;
  readonly columns: readonly string[];
  /** The first row, to show what a time means. */
  readonly first: readonly string[];
  readonly onChange: (format: TableFormat) => void;
}

/** Which column of a table is what. */
export function FileColumns({ of, dropped, format, columns, first, onChange }: FileColumnsProps) {
  const options = columns.map((name, c) => ({ value: String(c), label: name }));
  const column = (label: string, value: number, change: (column: number) => TableFormat) => (
    <NativeSelect
      size="xs"
      label={label}
      aria-label={`${label} column of the ${of}`}
      data={options}
      value={String(value)}
      onChange={(event) => onChange(change(Number(event.currentTarget.value)))}
    />
  );
  const { rows } = format;
  return (
    <Group align="flex-start" gap="sm">
      {format.format === 'names' ? (
        <>
          {column('Item', format.item, (item) => ({ ...format, item }))}
          {column('Name', format.name, (name) => ({ ...format, name }))}
        </>
      ) : (
        column('User', format.user, (user) => ({ ...format, user }))
      )}
      {(format.format === 'long' || format.format === 'labels' || format.format === 'domains') &&
        column(format.format === 'labels' ? 'Label' : 'Item', format.item, (item) => ({ ...format, item }))}
      {(format.format === 'long' || format.format === 'domains') && (
        <TimeColumnField
          of={of}
          columns={columns}
          time={format.time}
          isOrdered={format.isOrdered}
          onChange={(time, isOrdered) => onChange({ ...format, time, isOrdered })}
        />
      )}
      {(format.format === 'long' || format.format === 'domains') && format.time !== null && (
        <TimeUnitField
          of={of}
          unit={format.timeUnit}
          example={first[format.time] ?? ''}
          onChange={(timeUnit) => onChange({ ...format, timeUnit })}
        />
      )}
      {format.format === 'domains' && (
        <DomainFields of={of} dropped={dropped} format={format} columns={columns} onChange={onChange} />
      )}
      {rows.kind === 'delimited' && (
        <Switch
          size="xs"
          label="The first line names the columns"
          checked={rows.header}
          onChange={(event) => onChange({ ...format, rows: { ...rows, header: event.currentTarget.checked } })}
          mt={24}
        />
      )}
    </Group>
  );
}
