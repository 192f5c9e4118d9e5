import { Text } from '@mantine/core';
import { useUpdate } from '../../state/update.ts';

/** Said in the visit in which it became true, and never again. */
export function OfflineNote() {
  const offline = useUpdate((state) => state.offline);
  return (
    <Text size="xs" c="dimmed" mt="auto" role="status">
      {offline === 'now' ? 'Works offline from now on.' : ''}
    </Text>
  );
}
