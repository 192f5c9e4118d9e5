import { Accordion, Badge, Group, NativeSelect, NumberInput, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { PARAMETER_GROUPS, type ParameterControl, writeValue } from '../../configuration/parameters.ts';
import { type Configuration, flatten, type Value } from '../../configuration/schema.ts';
import { parseList } from './parameters.ts';

interface ParameterFieldsProps {
  readonly preset: Configuration;
  /** What differs from the preset. */
  readonly changes: Readonly<Record<string, Value>>;
  readonly onChange: (changes: Record<string, Value>) => void;
}

/** All parameters in groups; those that differ from the preset are marked, with the way back. */
export function ParameterFields({ preset, changes, onChange }: ParameterFieldsProps) {
  const base = flatten(preset);
  const set = (key: string, value: Value) => {
    const { [key]: _before, ...others } = changes;
    onChange(JSON.stringify(base[key]) === JSON.stringify(value) ? others : { ...others, [key]: value });
  };
  return (
    <Accordion variant="contained" multiple>
      {PARAMETER_GROUPS.map(({ title, controls }) => {
        const changed = controls.filter(({ key }) => key in changes).length;
        return (
          // Mantine makes ids of it, which must not hold spaces.
          <Accordion.Item key={title} value={title.replace(/\W+/g, '-')}>
            <Accordion.Control py={0}>
              <Group gap="xs">
                <Text size="sm">{title}</Text>
                {changed > 0 && (
                  <Badge size="xs" color="orange" variant="light">
                    {changed} changed
                  </Badge>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={2} spacing="xs">
                {controls.map((control) => (
                  <Field
                    key={control.key}
                    control={control}
                    value={changes[control.key] ?? base[control.key]}
                    preset={control.key in changes ? base[control.key] : null}
                    onChange={(value) => set(control.key, value)}
                  />
                ))}
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}

interface FieldProps {
  readonly control: ParameterControl;
  readonly value: Value;
  /** The preset's value where this one differs, else null. */
  readonly preset: Value | null;
  readonly onChange: (value: Value) => void;
}

function Field({ control, value, preset, onChange }: FieldProps) {
  const description = preset === null ? control.help : `${control.help} Preset: ${writeValue(preset)}.`;
  const label = preset === null ? control.label : `${control.label} •`;
  const shared = { size: 'xs', label, description } as const;
  switch (control.kind) {
    case 'number':
      return (
        <NumberInput
          {...shared}
          min={control.min}
          max={control.max}
          step={control.step ?? 1}
          allowDecimal={control.step !== undefined}
          value={Number(value)}
          onChange={(next) => typeof next === 'number' && onChange(next)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...shared}
          data={[...(control.choices ?? [])]}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'switch':
      return <Switch {...shared} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'list':
      return <ListField {...shared} value={Array.isArray(value) ? value : []} onChange={onChange} />;
  }
}

interface ListFieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: readonly number[];
  readonly onChange: (value: Value) => void;
}

function ListField({ label, description, value, onChange }: ListFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const invalid = draft !== null && parseList(draft) === null;
  return (
    <TextInput
      size="xs"
      label={label}
      description={description}
      value={draft ?? value.join(', ')}
      error={invalid ? 'Whole numbers with commas between them' : undefined}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        const list = parseList(event.currentTarget.value);
        if (list !== null) onChange(list);
      }}
      onBlur={() => setDraft(null)}
    />
  );
}
