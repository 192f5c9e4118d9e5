import { Alert, List } from '@mantine/core';

/** What one should know of a plan before it starts, though it is possible. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" p="xs" title="Worth knowing">
      <List size="sm" spacing={4} aria-label="Worth knowing">
        {warnings.map((warning) => (
          <List.Item key={warning}>{warning}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
