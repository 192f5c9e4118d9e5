import { Alert, Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface ProblemProps {
  readonly title: string;
  readonly error: Error;
  /** Ways out. */
  readonly children?: ReactNode;
}

/** Why something could not be answered, in words, where the answer would stand. */
export function Problem({ title, error, children }: ProblemProps) {
  return (
    <Alert color="red" title={title} role="alert">
      {error.message}
      {children && (
        <Group gap="xs" mt="xs">
          {children}
        </Group>
      )}
    </Alert>
  );
}
