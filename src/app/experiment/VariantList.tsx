import { Button, Table, Text } from '@mantine/core';
import { describeMethod } from '../../configuration/methods.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { changesWords } from './words.ts';

interface VariantListProps {
  readonly variants: Experiment['variants'];
  readonly onChange: (variants: Experiment['variants']) => void;
}

/** A file may have any number. */
const MOST_SHOWN = 40;

/** Sets of changes that are run one after the other, as a template or a file has them. */
export function VariantList({ variants, onChange }: VariantListProps) {
  if (variants.length === 0) return null;
  return (
    <section aria-label="Variants">
      <Text size="sm" fw={600}>
        Variants
      </Text>
      <Text size="xs" c="dimmed">
        Each is run by itself; a method that does not read what it changes is run once.
      </Text>
      <Table verticalSpacing={4} fz="xs" mt={4} aria-label="Variants">
        <Table.Tbody>
          {variants.slice(0, MOST_SHOWN).map((variant, i) => (
            <Table.Tr key={JSON.stringify(variant)}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {variant.name}
                <Text size="xs" c="dimmed">
                  {Object.keys(variant.changes).length === 0 ? 'no changes' : changesWords(variant.changes)}
                  {variant.methods !== null && ` (${variant.methods.map((id) => describeMethod(id).label).join(', ')})`}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Remove ${variant.name}`}
                  onClick={() => onChange(variants.filter((_, j) => j !== i))}
                >
                  Remove
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {variants.length > MOST_SHOWN && <Text size="xs">and {variants.length - MOST_SHOWN} more</Text>}
    </section>
  );
}
