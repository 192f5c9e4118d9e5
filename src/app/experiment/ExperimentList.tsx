import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link } from 'wouter';
import { database } from '../../state/database.ts';
import { experimentLink } from './address.ts';
import { inQueueOrder, standingOf, standingWords } from './standing.ts';
import { TimeLeft } from './TimeLeft.tsx';

/** All experiments with where they stand: first what the queue will take, in its order, then the newest. */
export function ExperimentList() {
  const experiments = useLiveQuery(() => database.experiments.toArray(), []);
  const runs = useLiveQuery(() => database.runs.where('experimentId').above(0).toArray(), []);
  if (experiments === undefined || runs === undefined || experiments.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Your experiments">
      <Title order={2} size="h5">
        Your experiments
      </Title>
      <Table verticalSpacing={4} fz="sm" aria-label="Your experiments">
        <Table.Tbody>
          {inQueueOrder(experiments, runs).map(({ id, experiment }) => {
            const own = runs.filter(({ experimentId }) => experimentId === id);
            return (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Anchor component={Link} href={experimentLink({ kind: 'one', id })} size="sm">
                    {experiment.name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {Array.from(new Set(own.map(({ datasetName }) => datasetName))).join(', ')}
                  </Text>
                </Table.Td>
                <Table.Td className="figures">
                  {standingWords(standingOf(own))}
                  <TimeLeft runs={own} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
