import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { takeUpdate, useUpdate } from '../../state/update.ts';
import { updateWords } from './updateWords.ts';

/** A newer version of the studio is there: asks, and takes it only when told to. While something trains it only says so. */
export function UpdatePrompt() {
  const { newer, training } = useUpdate();
  const [later, setLater] = useState(false);
  if (newer === null || later) return null;
  const { title, words } = updateWords(newer, training);
  return (
    <Alert color={training ? 'gray' : 'indigo'} title={title} mb="md" role="status">
      <Text size="sm">{words}</Text>
      {!training && (
        <Group mt="xs" gap="xs">
          <Button size="xs" onClick={takeUpdate}>
            Reload
          </Button>
          <Button size="xs" variant="default" onClick={() => setLater(true)}>
            Later
          </Button>
        </Group>
      )}
    </Alert>
  );
}
