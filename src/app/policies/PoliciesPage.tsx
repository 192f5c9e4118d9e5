import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { database } from '../../state/database.ts';
import { runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { finishedRuns, runsToLookAt } from '../shared/trials.ts';
import { usePolicies } from '../shared/useAnswer.ts';
import { PolicyEffectsCard } from './effects/PolicyEffectsCard.tsx';
import { Figure3 } from './Figure3.tsx';
import { visible } from './order.ts';
import { RunPolicies } from './RunPolicies.tsx';
import { useAddress } from './useAddress.ts';

/** Fig. 3, and below it one run's users × blocks. */
export default function PoliciesPage() {
  const [, navigate] = useLocation();
  const { search } = useAddress();
  const runs = useLiveQuery(() => database.runs.toArray(), []);
  const finished = useMemo(() => finishedRuns(runs ?? []), [runs]);
  const withPolicy = useMemo(() => runsToLookAt(runs ?? []), [runs]);
  const labels = useMemo(() => runLabels(finished), [finished]);
  const run = withPolicy.find(({ id }) => id === Number(search.get('run'))) ?? withPolicy.at(-1);
  const truth = search.get('truth') === '1';
  const asked = run === undefined ? null : `${run.id} ${run.startedAt}`;
  const about = usePolicies(asked, (service) => service.about(run?.id ?? 0));
  // What is known of the run before stays until this one's answer is there; of one that cannot be read nothing is known.
  const known = about.error === null ? about.value : undefined;
  const groupings = useMemo(
    () => (about.error === null ? known && visible(known.groupings, truth) : []),
    [about.error, known, truth],
  );
  if (runs === undefined) return null;
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h3">
          Policies
        </Title>
        <Text c="dimmed" maw={720}>
          Which <Term of="block">blocks</Term> were re-learned, and for whom. A <Term of="policy">policy</Term> network chose, for
          each user and block, between the frozen pre-trained block and its fine-tuned copy.
        </Text>
      </div>
      {run === undefined ? (
        <Group>
          <Text>No finished run has policies yet: UAF methods make them.</Text>
          <Button onClick={() => navigate('/train')}>Train UAF-Hard</Button>
        </Group>
      ) : (
        <>
          <Figure3 runs={withPolicy} groupings={groupings} />
          <RunPolicies
            run={run}
            runs={withPolicy}
            finished={finished}
            about={known}
            isOfRun={about.key === asked}
            error={about.error}
            labels={labels}
            truth={truth}
          />
          <PolicyEffectsCard run={run} finished={finished} />
        </>
      )}
    </Stack>
  );
}
