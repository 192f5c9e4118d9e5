import { Anchor, Group, Loader, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'wouter';
import { count } from '../format.ts';
import { Problem } from '../shared/Problem.tsx';
import { Term } from '../shared/Term.tsx';
import { useInspection } from '../shared/useAnswer.ts';
import { userLink } from './address.ts';
import { GateStrip } from './GateStrip.tsx';
import { Panel } from './Panel.tsx';

interface SimilarProps {
  readonly run: number;
  readonly user: string;
  /** Whether what the simulator planted is shown, for the links. */
  readonly truth: boolean;
  /** Whether what stands above is there: this may wait for it. */
  readonly isReady: boolean;
}

/** Another user is shown from the top of the page on. */
const toTop = () => scrollTo({ top: 0 });

/** Users with the same policy, and those whose vectors point the same way. */
export const Similar = memo(function Similar({ run, user, truth, isReady }: SimilarProps) {
  const { value, key, error, waiting } = useInspection(isReady ? `${run} ${user}` : null, (remote) => remote.similar(run, user));
  const isOther = value !== undefined && key !== `${run} ${user}`;
  return (
    <Panel
      title="Users like this one"
      words={
        <>
          Who has the same <Term of="policy">policy</Term>, and whose user vector (what the model makes of a sequence) is nearest.
        </>
      }
      action={waiting || isOther ? <Loader size="xs" aria-label="Looking for users like this one" /> : undefined}
    >
      <Problem error={error} />
      {value === undefined && error === null && (
        <Group gap="xs" mih={120}>
          <Loader size="xs" aria-hidden />
          <Text size="sm" role="status">
            The vectors of the other users are being computed, once for this run.
          </Text>
        </Group>
      )}
      {value !== undefined && error === null && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} opacity={isOther ? 0.4 : undefined} aria-busy={isOther}>
          <div>
            <Title order={3} size="h6">
              The same policy
            </Title>
            <Text size="sm">
              {value.samePolicy.count === 0
                ? 'Nobody else has it.'
                : `${count(value.samePolicy.count)} other ${value.samePolicy.count === 1 ? 'user has' : 'users have'} it${value.samePolicy.count > value.samePolicy.ids.length ? ', among them' : ''}:`}
            </Text>
            <Group gap="sm">
              {value.samePolicy.ids.map((id) => (
                <Anchor key={id} component={Link} href={userLink(run, id, truth)} size="sm" onClick={toTop}>
                  {id}
                </Anchor>
              ))}
            </Group>
          </div>
          <div>
            <Title order={3} size="h6">
              Nearest among {count(value.among)}
            </Title>
            <Table fz="sm" verticalSpacing={2} aria-label="Nearest users" w="auto">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>user</Table.Th>
                  <Table.Th ta="right" title="Of the angle between the user vectors: 1 is the same direction">
                    cosine
                  </Table.Th>
                  <Table.Th>gates</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {value.nearest.map(({ id, cosine, gate }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Anchor component={Link} href={userLink(run, id, truth)} size="sm" onClick={toTop}>
                        {id}
                      </Anchor>
                    </Table.Td>
                    <Table.Td ta="right">{cosine.toFixed(3)}</Table.Td>
                    <Table.Td>
                      <GateStrip gates={gate} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </SimpleGrid>
      )}
    </Panel>
  );
});
