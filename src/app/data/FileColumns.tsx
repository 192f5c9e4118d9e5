import { Group, NativeSelect, Switch } from '@mantine/core';
import type { FileFormat, TimeUnit } from '../../data/import/recognise.ts';

/** A format with columns; the others have lines. */
export type TableFormat = Extract<FileFormat, { separator: unknown }>;

const UNITS: readonly { readonly value: TimeUnit; readonly label: string }[] = [
  { value: 'seconds', label: 'Unix seconds' },
  { value: 'milliseconds', label: 'Unix milliseconds' },
  { value: 'iso', label: 'ISO date' },
  { value: 'number', label: 'a number that orders' },
];

interface FileColumnsProps {
  /** Ends the name of a control: “User column of the …”. */
  readonly of: string;
  readonly format: TableFormat;
  readonly columns: readonly string[];
  readonly onChange: (format: TableFormat) => void;
}

/** Which column of a table is what. */
export function FileColumns({ of, format, columns, onChange }: FileColumnsProps) {
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
  return (
    <Group align="flex-end" gap="sm">
      {format.format === 'names' ? (
        <>
          {column('Item', format.item, (item) => ({ ...format, item }))}
          {column('Name', format.name, (name) => ({ ...format, name }))}
        </>
      ) : (
        column('User', format.user, (user) => ({ ...format, user }))
      )}
      {(format.format === 'long' || format.format === 'labels') &&
        column(format.format === 'labels' ? 'Label' : 'Item', format.item, (item) => ({ ...format, item }))}
      {format.format === 'long' && (
        <NativeSelect
          size="xs"
          label="Time"
          aria-label={`Time column of the ${of}`}
          data={[{ value: '', label: 'none: order of rows' }, ...options]}
          value={format.time === null ? '' : String(format.time)}
          onChange={(event) =>
            onChange({ ...format, time: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) })
          }
        />
      )}
      {format.format === 'long' && format.time !== null && (
        <NativeSelect
          size="xs"
          label="Time is"
          aria-label={`Unit of time of the ${of}`}
          data={UNITS}
          value={format.timeUnit}
          onChange={(event) =>
            onChange({
              ...format,
              timeUnit: UNITS.find(({ value }) => value === event.currentTarget.value)?.value ?? format.timeUnit,
            })
          }
        />
      )}
      <Switch
        size="xs"
        label="The first line names the columns"
        checked={format.header}
        onChange={(event) => onChange({ ...format, header: event.currentTarget.checked })}
        pb={6}
      />
    </Group>
  );
}
