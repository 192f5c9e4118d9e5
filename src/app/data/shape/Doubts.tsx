import { Alert, List, Text } from '@mantine/core';
import type { Doubt } from './doubts.ts';

/** What makes an experiment doubtful: what it is, why it matters, what to do. */
export function Doubts({ doubts }: { doubts: readonly Doubt[] }) {
  if (doubts.length === 0) return null;
  return (
    <Alert role="group" color="yellow" variant="light" p="sm" title="An experiment on it would be in doubt">
      <List size="sm" spacing="xs" aria-label="Doubts" withPadding={false}>
        {doubts.map(({ title, what, why, remedy }) => (
          <List.Item key={title}>
            <Text span inherit fw={600}>
              {what}
            </Text>{' '}
            {why}{' '}
            <Text span inherit fs="italic">
              {remedy}
            </Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
