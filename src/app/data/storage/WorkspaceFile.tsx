import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { exportWorkspace, importWorkspace, useWorkspace } from '../../../state/workspace.ts';
import { asError } from '../../shared/asError.ts';
import { download } from '../../shared/download.ts';
import { Problem } from '../../shared/Problem.tsx';

/** The whole workspace to a file, and from one. */
export default function WorkspaceFile() {
  const isBusy = useWorkspace((state) => state.doing !== null);
  const [error, setError] = useState<Error | null>(null);
  const save = async () => {
    setError(null);
    const name = `uaf-studio-${new Date().toISOString().slice(0, 10)}.zip`;
    try {
      const to = await chosenFile(name);
      if (to !== 'cancelled') await exportWorkspace(to, (blob) => download(name, blob));
    } catch (caught) {
      setError(asError(caught));
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm" maw={760}>
        One zip with all datasets, runs, policies, models, checkpoints and experiments: to keep, or to go on with in another
        browser. It holds your data. Importing adds to what is here; what is here already is not stored twice.
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={save} disabled={isBusy}>
          Export everything
        </Button>
        <FileButton onChange={(file) => file !== null && importWorkspace(file)} accept=".zip,application/zip">
          {(props) => (
            <Button size="xs" variant="default" {...props} disabled={isBusy}>
              Import a workspace
            </Button>
          )}
        </FileButton>
      </Group>
      <Problem error={error} title="Nothing was exported" />
    </Stack>
  );
}

/** Where the browser can write to a file piece by piece, that file; null where it cannot. */
async function chosenFile(name: string): Promise<FileSystemFileHandle | null | 'cancelled'> {
  if (window.showSaveFilePicker === undefined) return null;
  try {
    return await window.showSaveFilePicker({
      suggestedName: name,
      types: [{ description: 'Workspace of the studio', accept: { 'application/zip': ['.zip'] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'cancelled';
    throw error;
  }
}
