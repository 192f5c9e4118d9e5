import { Alert, Button, List, Text } from '@mantine/core';
import type { Problem } from '../../services/protocol.ts';

/** What is wrong, and, for single bad rows, which they are and the way to go on without them. */
export function ProblemAlert({ problem, onSkip }: { problem: Problem; onSkip: () => void }) {
  const { badRows } = problem;
  return (
    <Alert color="red" title="Nothing was stored" role="alert">
      <Text>{problem.message}</Text>
      {badRows !== null && badRows.good > 0 && (
        <>
          <List size="sm" my="xs">
            {badRows.named.map(({ line, what }) => (
              <List.Item key={line}>
                {badRows.file}, {badRows.unit} {line}: {what}
              </List.Item>
            ))}
          </List>
          <Button size="xs" color="red" variant="light" onClick={onSkip}>
            Skip {badRows.count === 1 ? 'this row' : `these ${badRows.count} rows`} and go on with the others
          </Button>
        </>
      )}
    </Alert>
  );
}
