import { Button, Group, Text } from '@mantine/core';
import type { SubjectView } from '../../services/protocol.ts';

interface AttributesProps extends Pick<SubjectView, 'attributes'> {
  /** Whether what is planted is shown. */
  readonly truth: boolean;
  readonly onTruth: (truth: boolean) => void;
}

/** What is known about a user. What the simulator planted is shown only after one asks. */
export function Attributes({ attributes, truth, onTruth }: AttributesProps) {
  const shown = attributes.filter(({ planted }) => truth || !planted);
  return (
    <Group gap="xs">
      {shown.map(({ name, value, planted }) => (
        <Text key={name} size="sm" role={planted ? 'status' : undefined}>
          {planted && 'planted '}
          {name}: <b>{value}</b>
        </Text>
      ))}
      {attributes.some(({ planted }) => planted) && (
        <Button size="compact-xs" variant={truth ? 'filled' : 'light'} aria-pressed={truth} onClick={() => onTruth(!truth)}>
          {truth ? 'Hide the planted truth' : 'Show the planted truth'}
        </Button>
      )}
    </Group>
  );
}
