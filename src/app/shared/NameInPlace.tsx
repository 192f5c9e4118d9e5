import { Button, Group, TextInput, Title, type TitleOrder, type TitleSize } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { asError } from './asError.ts';
import { Problem } from './Problem.tsx';

/** As long as a name may be. */
const LONGEST = 200;

interface NameInPlaceProps {
  readonly name: string;
  /** Of the heading. */
  readonly order: TitleOrder;
  readonly size: TitleSize;
  /** “Name of the dataset”. */
  readonly label: string;
  readonly onSave: (name: string) => Promise<unknown>;
}

/** A heading that is changed in place. The focus goes into the field, and afterwards back to where it came from. */
export function NameInPlace({ name, order, size, label, onSave }: NameInPlaceProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const rename = useRef<HTMLButtonElement>(null);
  const isChanging = draft !== null;
  const hasChanged = useRef(false);
  useEffect(() => {
    if (isChanging) field.current?.select();
    else if (hasChanged.current) rename.current?.focus();
    hasChanged.current = isChanging;
  }, [isChanging]);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = draft?.trim() ?? '';
    try {
      if (wanted !== '') await onSave(wanted);
      setDraft(null);
      setError(null);
    } catch (caught) {
      setError(asError(caught));
    }
  };
  if (!isChanging) {
    return (
      <Title order={order} size={size} style={{ overflowWrap: 'anywhere' }}>
        {name}{' '}
        <Button ref={rename} size="compact-xs" variant="subtle" onClick={() => setDraft(name)} aria-label={`Rename ${name}`}>
          rename
        </Button>
      </Title>
    );
  }
  return (
    <form onSubmit={save}>
      <Group gap="xs" my={4}>
        <TextInput
          ref={field}
          size="xs"
          aria-label={label}
          maxLength={LONGEST}
          flex="1 1 200px"
          maw={400}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Button size="xs" type="submit">
          Save
        </Button>
        <Button size="xs" variant="default" onClick={() => setDraft(null)}>
          Cancel
        </Button>
      </Group>
      <Problem error={error} title="It could not be renamed" />
    </form>
  );
}
