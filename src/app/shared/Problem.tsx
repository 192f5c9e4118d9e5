import { Alert, Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface ProblemProps {
  /** Null: nothing is shown. */
  readonly error: Error | null;
  readonly title?: string;
  /** Ways out. */
  readonly children?: ReactNode;
}

/** Why something is not there, in words, where it would stand. */
export const Problem = ({ error, title, children }: ProblemProps) =>
  error !== null && (
    <Alert color="red" title={title} role="alert">
      {error.message}
      {children && (
        <Group gap="xs" mt="xs">
          {children}
        </Group>
      )}
    </Alert>
  );
