import { Group, Text } from '@mantine/core';
import { GATE_EDGE, gateColour } from './viridis.ts';

const STOPS = Array.from({ length: 11 }, (_, i) => gateColour(i / 10)).join(', ');

/** The legend of every picture of gates. */
export function GateLegend({ what }: { what: string }) {
  return (
    <Group gap={6}>
      <Text size="xs">frozen 0</Text>
      <div
        style={{ width: 96, height: 10, background: `linear-gradient(to right, ${STOPS})`, outline: `1px solid ${GATE_EDGE}` }}
      />
      <Text size="xs">1 fine-tuned</Text>
      <Text size="xs" c="dimmed">
        · {what}
      </Text>
    </Group>
  );
}
