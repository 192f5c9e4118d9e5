import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { takeUpdate, useUpdate } from '../../state/update.ts';
import { updateWords } from './updateWords.ts';

/** A newer version of the studio is there: asks, and takes it only when told to. While something trains it only says so. */
export function UpdatePrompt() {
  const { newer, training } = useUpdate();
  // What another tab does meanwhile is another notice.
  const [putOff, setPutOff] = useState<typeof newer>(null);
  if (newer === null || newer === putOff) return null;
  const { title, words } = updateWords(newer, training);
  return (
    <Alert color={training ? 'gray' : 'indigo'} title={title} mb="md" role="status">
      <Text size="sm">{words}</Text>
      {!training && (
        <Group mt="xs" gap="xs">
          <Button size="xs" onClick={takeUpdate}>
            Reload
          </Button>
          <Button size="xs" variant="default" onClick={() => setPutOff(newer)}>
            Later
          </Button>
        </Group>
      )}
    </Alert>
  );
}
