import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { SEPARATORS, type Separator, separatorProblem } from '../../data/import/separators.ts';

const WORDS: Record<(typeof SEPARATORS)[number], string> = {
  ',': 'comma',
  '\t': 'tab',
  ';': 'semicolon',
  ' ': 'space',
  '|': 'bar |',
  '::': 'two colons ::',
};

interface SeparatorFieldProps {
  /** Ends the name of the control: “Separator of the …”. */
  readonly of: string;
  readonly value: Separator;
  readonly disabled: boolean;
  readonly onChange: (separator: Separator) => void;
}

/** What stands between the fields of a row: one of the usual separators, or another one written by hand. */
export function SeparatorField({ of, value, disabled, onChange }: SeparatorFieldProps) {
  const usual = SEPARATORS.find((separator) => separator === value);
  const [isOther, setOther] = useState(usual === undefined);
  const [text, setText] = useState(usual === undefined ? value : '');
  const problem = text === '' ? null : separatorProblem(text);
  const read = () => {
    if (text !== '' && problem === null && text !== value) onChange(text);
  };
  return (
    <>
      <NativeSelect
        size="xs"
        label="Separator"
        aria-label={`Separator of the ${of}`}
        data={[
          ...SEPARATORS.map((separator) => ({ value: WORDS[separator], label: WORDS[separator] })),
          { value: 'other', label: 'other …' },
        ]}
        value={isOther || usual === undefined ? 'other' : WORDS[usual]}
        disabled={disabled}
        onChange={(event) => {
          const chosen = SEPARATORS.find((separator) => WORDS[separator] === event.currentTarget.value);
          setOther(chosen === undefined);
          if (chosen !== undefined) onChange(chosen);
        }}
      />
      {(isOther || usual === undefined) && (
        <TextInput
          size="xs"
          label="Other separator"
          aria-label={`Other separator of the ${of}`}
          placeholder="1 to 3 characters, then Enter"
          value={text}
          error={problem}
          disabled={disabled}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={read}
          onKeyDown={(event) => event.key === 'Enter' && read()}
        />
      )}
    </>
  );
}
