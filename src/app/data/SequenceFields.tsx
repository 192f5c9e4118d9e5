import { Group, NativeSelect, Switch } from '@mantine/core';
import type { SequencesFormat } from '../../data/import/format.ts';
import { sequenceOf } from '../../data/import/sequences.ts';
import { TimeUnitField } from './TimeFields.tsx';

const PAIRS = [
  { value: '', label: 'no time: items are in order' },
  { value: '|', label: 'a bar | and a time' },
  { value: ':', label: 'a colon : and a time' },
  { value: ',', label: 'a comma , and a time' },
  { value: '@', label: 'an at sign @ and a time' },
] as const;

interface SequenceFieldsProps {
  readonly of: string;
  readonly format: SequencesFormat;
  /** The first line, to show what a time means. */
  readonly first: string;
  readonly onChange: (format: SequencesFormat) => void;
}

/** How a line of items is to be taken apart. */
export function SequenceFields({ of, format, first, onChange }: SequenceFieldsProps) {
  const { pair, hasUser, timeUnit, separator } = format;
  return (
    <Group align="flex-start" gap="sm">
      <NativeSelect
        size="xs"
        label="After each item"
        aria-label={`What follows each item of the ${of}`}
        data={PAIRS.map(({ value, label }) => ({ value, label, disabled: value === separator }))}
        value={pair ?? ''}
        onChange={(event) => onChange({ ...format, pair: event.currentTarget.value === '' ? null : event.currentTarget.value })}
      />
      {pair !== null && (
        <TimeUnitField
          of={of}
          unit={timeUnit}
          example={sequenceOf(first, format).items.at(0)?.time ?? ''}
          onChange={(unit) => onChange({ ...format, timeUnit: unit })}
        />
      )}
      <Switch
        size="xs"
        label="Each line begins with the user"
        checked={hasUser}
        onChange={(event) => onChange({ ...format, hasUser: event.currentTarget.checked })}
        mt={24}
      />
    </Group>
  );
}
