import { Button } from '@mantine/core';

interface TruthSwitchProps {
  readonly truth: boolean;
  readonly onChange: (truth: boolean) => void;
}

/** Shows who the users really are, where the simulator knows, or hides it again. */
export function TruthSwitch({ truth, onChange }: TruthSwitchProps) {
  return (
    <Button
      size="xs"
      variant={truth ? 'filled' : 'light'}
      aria-pressed={truth}
      onClick={() => onChange(!truth)}
      style={{ flexShrink: 0 }}
    >
      {truth ? 'Hide the planted truth' : 'Show the planted truth'}
    </Button>
  );
}
