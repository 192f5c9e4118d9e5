import { Button, Group, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { renameExperiment } from '../../state/experiments.ts';

/** The heading of the page, changed in place; not where there is no such experiment. */
export function ExperimentName({ id, name }: { id: number | null; name: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = async () => {
    const wanted = draft?.trim() ?? '';
    if (id !== null && wanted !== '') await renameExperiment(id, wanted);
    setDraft(null);
  };
  return (
    <>
      <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }}>
        {name}{' '}
        {id !== null && draft === null && (
          <Button size="compact-xs" variant="subtle" onClick={() => setDraft(name)} aria-label={`Rename ${name}`}>
            rename
          </Button>
        )}
      </Title>
      {draft !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Group gap="xs" my={4}>
            <TextInput
              size="xs"
              aria-label="Name of the experiment"
              maxLength={200}
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
        </form>
      )}
    </>
  );
}
