import { Button, Group, Table, Text } from '@mantine/core';
import { sharesOfLargest } from './percentages.ts';
import { GATE_EDGE, gateColour } from './viridis.ts';

interface DistinctPoliciesProps {
  readonly title: string;
  readonly users: number;
  /** How many policies there are in all. */
  readonly distinct: number;
  /** The largest of them; 1 fine-tuned, block 1 first. */
  readonly largest: readonly { readonly pattern: string; readonly users: number }[];
  readonly onChoose: (pattern: string) => void;
}

const BAR = 96;
const SWATCH = { width: 8, height: 12, outline: `1px solid ${GATE_EDGE}` } as const;

/** How many users share each policy: a bar each for the largest, one for all others. */
export function DistinctPolicies({ title, users, distinct, largest, onChoose }: DistinctPoliciesProps) {
  const listed = largest.reduce((sum, policy) => sum + policy.users, 0);
  const most = Math.max(1, users - listed, ...largest.map((policy) => policy.users));
  const shares = sharesOfLargest(largest, users);
  const size = (n: number, share: string) => (
    <Table.Td>
      <Group gap={6} wrap="nowrap">
        <div style={{ width: (BAR * n) / most, minWidth: 1, height: 10, background: 'var(--mantine-color-dimmed)' }} />
        <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
          {n.toLocaleString('en')} ({share})
        </Text>
      </Group>
    </Table.Td>
  );
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table aria-label={title} w="auto" verticalSpacing={2} withRowBorders={false} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>policy</Table.Th>
            <Table.Th>users</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {largest.map(({ pattern, users: n }, place) => (
            <Table.Tr key={pattern}>
              <Table.Th scope="row">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => onChoose(pattern)}
                  aria-label={`Choose the users with policy ${pattern}`}
                >
                  <Gates pattern={pattern} />
                </Button>
              </Table.Th>
              {size(n, shares[place])}
            </Table.Tr>
          ))}
          {distinct > largest.length && (
            <Table.Tr>
              <Table.Th scope="row" fw={400}>
                {(distinct - largest.length).toLocaleString('en')} others
              </Table.Th>
              {size(users - listed, shares[largest.length])}
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** A policy as colours and figures. */
function Gates({ pattern }: { pattern: string }) {
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <span style={{ display: 'flex', gap: 2 }} aria-hidden>
        {Array.from(pattern, (gate, block) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
          <span key={block} style={{ ...SWATCH, background: gateColour(Number(gate)) }} />
        ))}
      </span>
      <span className="figures">{pattern}</span>
    </Group>
  );
}
