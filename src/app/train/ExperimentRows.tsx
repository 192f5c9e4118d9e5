import { Anchor, Table } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link } from 'wouter';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { experimentLink } from '../experiment/address.ts';
import { inQueueOrder, standingOf, standingWords } from '../experiment/standing.ts';
import { Saved } from './Saved.tsx';

/** One row for each experiment among some runs, in the order of the queue: a long one must not hide the others. Its own page has all of it. */
export function ExperimentRows({ runs }: { runs: readonly RunRow[] }) {
  const own = Array.from(new Set(runs.flatMap(({ experimentId }) => experimentId ?? [])), (id) => ({ id }));
  const ids = inQueueOrder(own, runs).map(({ id }) => id);
  const experiments = useLiveQuery(() => database.experiments.bulkGet(ids), [ids.join(' ')]);
  return ids.map((id, i) => {
    const standing = standingOf(runs.filter(({ experimentId }) => experimentId === id));
    return (
      <Table.Tr key={id}>
        <Table.Td>
          <Anchor component={Link} href={experimentLink({ kind: 'one', id })} size="sm">
            {experiments?.[i]?.experiment.name ?? `experiment ${id}`}
          </Anchor>
        </Table.Td>
        <Table.Td colSpan={2} className="figures">
          {standingWords(standing)}
          {standing.current !== undefined && <Saved run={standing.current} />}
        </Table.Td>
      </Table.Tr>
    );
  });
}
