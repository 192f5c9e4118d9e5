import { Text } from '@mantine/core';

/** Why something is not there, where it would stand; nothing, if there is no error. */
export const Problem = ({ error }: { error: Error | null }) =>
  error !== null && (
    <Text c="red" role="alert">
      {error.message}
    </Text>
  );
