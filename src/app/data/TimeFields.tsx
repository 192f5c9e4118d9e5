import { NativeSelect } from '@mantine/core';
import { dateWords, firstIn, TIME_UNITS, type TimeUnit } from '../../data/import/times.ts';

const UNIT_WORDS: Record<TimeUnit, string> = {
  seconds: 'Unix seconds',
  milliseconds: 'Unix milliseconds',
  microseconds: 'Unix microseconds',
  nanoseconds: 'Unix nanoseconds',
  days: 'days since 1970',
  iso: 'ISO date',
  'day-month-year': 'day, month, year: 13.04.2021, 13/04/2021',
  'month-day-year': 'month, day, year: 04/13/2021',
  number: 'a number that only orders',
};

interface TimeUnitFieldProps {
  readonly of: string;
  readonly unit: TimeUnit;
  /** The first time of the file, to see what it means. */
  readonly example: string;
  readonly onChange: (unit: TimeUnit) => void;
}

/** In what times are written, with what the first one means then. */
export function TimeUnitField({ of, unit, example, onChange }: TimeUnitFieldProps) {
  return (
    <NativeSelect
      size="xs"
      label="Time is"
      description={exampleWords(example, unit)}
      inputWrapperOrder={['label', 'input', 'description']}
      aria-label={`Unit of time of the ${of}`}
      data={TIME_UNITS.map((value) => ({ value, label: UNIT_WORDS[value] }))}
      value={unit}
      onChange={(event) => onChange(TIME_UNITS.find((value) => value === event.currentTarget.value) ?? unit)}
    />
  );
}

const LONGEST_EXAMPLE = 30;

/** “1357430400 → 6 Jan 2013, 00:00”. */
function exampleWords(example: string, unit: TimeUnit): string {
  const words = dateWords(example, unit);
  const shown = example.length > LONGEST_EXAMPLE ? `${example.slice(0, LONGEST_EXAMPLE)}…` : example;
  if (words !== null) return `${shown} → ${words} (UTC)`;
  if (example.trim() === '') return 'The file has no time to show.';
  if (unit === 'number') return `${shown}: smaller is earlier`;
  if (unit !== 'iso') return `“${shown}” is no such time`;
  return firstIn(example) === 'either'
    ? `“${shown}”: which is the day? Choose “day, month, year” or “month, day, year”.`
    : `“${shown}”: dates must be written like 2021-04-13`;
}

interface TimeColumnFieldProps {
  readonly of: string;
  readonly columns: readonly string[];
  readonly time: number | null;
  readonly isOrdered: boolean;
  readonly onChange: (time: number | null, isOrdered: boolean) => void;
}

/** Which column has the time; without one, whether the order of the rows means anything. */
export function TimeColumnField({ of, columns, time, isOrdered, onChange }: TimeColumnFieldProps) {
  return (
    <NativeSelect
      size="xs"
      label="Time"
      aria-label={`Time column of the ${of}`}
      data={[
        { value: '', label: 'none, and rows are in no order' },
        { value: 'rows', label: 'none: rows are in order' },
        ...columns.map((name, c) => ({ value: String(c), label: name })),
      ]}
      value={time === null ? (isOrdered ? 'rows' : '') : String(time)}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange(value === '' || value === 'rows' ? null : Number(value), value === 'rows');
      }}
    />
  );
}
