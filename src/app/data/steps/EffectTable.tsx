import { Table, Text } from '@mantine/core';
import type { TargetTask } from '../../../data/dataset.ts';
import type { DatasetSummary } from '../../../data/summary.ts';
import { count } from '../../format.ts';
import { hasOwnPretraining, pairWords } from '../shape/pair.ts';
import { change } from './change.ts';

interface EffectTableProps {
  readonly before: DatasetSummary;
  /** Null: nothing would be left. */
  readonly after: DatasetSummary | null;
  readonly task: TargetTask;
}

interface Line {
  readonly label: string;
  readonly of: (summary: DatasetSummary) => number;
  /** Whether a rule stands above it. */
  readonly begins?: boolean;
}

const linesOf = (task: TargetTask, isPair: boolean): readonly Line[] => [
  { label: 'source users', of: ({ figures }) => figures.sourceUsers },
  { label: 'source items', of: ({ figures }) => figures.sourceItems },
  { label: 'source interactions', of: ({ figures }) => figures.sourceInteractions },
  { label: 'target users', of: ({ figures }) => figures.targetUsers, begins: true },
  { label: task === 'profile' ? 'classes' : 'target items', of: ({ figures }) => figures.targetItems },
  { label: 'instances', of: ({ figures }) => figures.instances },
  { label: '… of them test (random split)', of: ({ shape }) => shape.unseen.test },
  ...(isPair ? [] : OVERLAP),
];

/** The pair's lines say of nobody that they are in the other file, too. */
const OVERLAP: readonly Line[] = [
  { label: 'users in both domains', of: ({ shape }) => shape.users.both, begins: true },
  { label: 'in the source only', of: ({ shape }) => shape.users.sourceOnly },
  { label: 'in the target only (left out)', of: ({ shape }) => shape.users.targetOnly },
];

const RULE = { borderTop: '1px solid var(--mantine-color-default-border)' };

/** Table 1's figures and the overlap of users, without filters and with them. */
export function EffectTable({ before, after, task }: EffectTableProps) {
  const isPair = hasOwnPretraining(before);
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table w="auto" fz="sm" verticalSpacing={2} withRowBorders={false} className="figures" aria-label="What the filters leave">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th ta="right">unfiltered</Table.Th>
            <Table.Th ta="right">left</Table.Th>
            <Table.Th ta="right">change</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {linesOf(task, isPair).map(({ label, of, begins }) => (
            <Table.Tr key={label} style={begins ? RULE : undefined}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              <Table.Td ta="right">{count(of(before))}</Table.Td>
              <Table.Td ta="right" fw={600}>
                {after === null ? '–' : count(of(after))}
              </Table.Td>
              <Table.Td ta="right">{after === null ? '' : change(of(before), of(after))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isPair && (
        <Text size="sm" mt="xs">
          {pairWords((after ?? before).figures)}
        </Text>
      )}
    </Table.ScrollContainer>
  );
}
