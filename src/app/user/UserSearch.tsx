import { Autocomplete, Button, Group } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useInspection } from '../shared/useAnswer.ts';

interface UserSearchProps {
  readonly run: number;
  /** The user who is shown; null while a sequence is. */
  readonly user: string | null;
  readonly previous: string | null;
  readonly next: string | null;
  readonly onUser: (id: string) => void;
}

const TYPING = 150;

/** Finds a user by id, or goes to the one before or after: by buttons, or by ← and → outside of fields. */
export function UserSearch({ run, user, previous, next, onUser }: UserSearchProps) {
  /** What is typed; null while the field shows the user. */
  const [draft, setDraft] = useState<string | null>(null);
  // Mantine writes what was picked into the field, after it has told so.
  const isPicked = useRef(false);
  const [typed] = useDebouncedValue(draft ?? '', TYPING);
  const found = useInspection(`${run} ${typed}`, (remote) => remote.findUsers(run, typed));
  const go = (id: string | null) => {
    // Keys may come faster than answers: whoever is on the way already is not gone to again.
    if (id === null || id === user) return;
    setDraft(null);
    onUser(id);
  };
  useHotkeys([
    ['ArrowLeft', () => go(previous)],
    ['ArrowRight', () => go(next)],
  ]);
  return (
    <Group gap="xs" align="flex-end">
      <Autocomplete
        size="xs"
        label="User"
        placeholder="an id, or a part of it"
        value={draft ?? user ?? ''}
        data={found.value ?? []}
        filter={({ options }) => options}
        w={180}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => setDraft(null)}
        onChange={(value) => {
          setDraft(isPicked.current ? null : value);
          isPicked.current = false;
        }}
        onOptionSubmit={(id) => {
          isPicked.current = true;
          onUser(id);
        }}
        selectFirstOptionOnChange
        error={found.value?.length === 0 ? 'No user with targets has such an id.' : found.error?.message}
      />
      <Group gap="xs" wrap="nowrap">
        <Button size="xs" variant="default" disabled={previous === null} onClick={() => go(previous)} title="Key: ←">
          ← Previous
        </Button>
        <Button size="xs" variant="default" disabled={next === null} onClick={() => go(next)} title="Key: →">
          Next →
        </Button>
      </Group>
    </Group>
  );
}
