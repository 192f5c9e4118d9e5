import { Anchor, Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useMemo, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { database } from '../../state/database.ts';
import { experimentLink } from '../experiment/address.ts';
import { runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { finishedRuns, hiddenTrials, runsToLookAt } from '../shared/trials.ts';
import { useAddress } from '../shared/useAddress.ts';
import { usePolicies } from '../shared/useAnswer.ts';
import { PolicyEffectsCard } from './effects/PolicyEffectsCard.tsx';
import { Figure3 } from './Figure3.tsx';
import { visible } from './order.ts';
import { RunPolicies } from './RunPolicies.tsx';
import { useHeld } from './useHeld.ts';

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

/** Fig. 3, and below it one run's users × blocks. */
export default function PoliciesPage() {
  const [, navigate] = useLocation();
  const { search, change } = useAddress();
  const runs = useLiveQuery(() => database.runs.toArray(), []);
  const finished = useMemo(() => finishedRuns(runs ?? []), [runs]);
  const known = useMemo(() => {
    const hidden = hiddenTrials(runs ?? []);
    return (runs ?? []).filter(({ id, status }) => status !== 'finished' || !hidden.has(id));
  }, [runs]);
  const wanted = wholeNumber(search.get('experiment'));
  const experiment = useLiveQuery(async () => (wanted === null ? undefined : database.experiments.get(wanted)), [wanted]);
  const all = useMemo(() => runsToLookAt(runs ?? []), [runs]);
  const ofIt = useMemo(() => all.filter(({ experimentId }) => experimentId === wanted), [all, wanted]);
  // One without policies, or that was deleted, hides nothing.
  const isOne = wanted !== null && ofIt.length > 0;
  const withPolicy = isOne ? ofIt : all;
  // Of an experiment's runs is said what tells them from each other, and not also from all others.
  const labels = useMemo(() => new Map([...runLabels(finished), ...(isOne ? runLabels(ofIt) : [])]), [finished, ofIt, isOne]);
  const run = withPolicy.find(({ id }) => id === Number(search.get('run'))) ?? withPolicy.at(-1);
  const truth = search.get('truth') === '1';
  const asked = run === undefined ? null : `${run.id} ${run.startedAt}`;
  const about = usePolicies(asked, (service) => service.about(run?.id ?? 0));
  // What is known of the run before stays until this one's answer is there; of one that cannot be read nothing is known.
  const ofRun = about.error === null ? about.value : undefined;
  const groupings = useMemo(
    () => (about.error === null ? ofRun && visible(ofRun.groupings, truth) : []),
    [about.error, ofRun, truth],
  );
  const held = useHeld();
  const users = useRef<HTMLDivElement>(null);
  const { hold } = held;
  const showRun = useCallback(
    (id: number) => {
      // The same run draws nothing anew, and would never let go.
      if (id !== run?.id) hold();
      change({ run: String(id), epoch: null, at: null });
      users.current?.scrollIntoView();
      users.current?.focus({ preventScroll: true });
    },
    [hold, change, run?.id],
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
      {isOne && (
        <Group gap="md">
          <Text size="sm">
            Runs of{' '}
            <Anchor component={Link} href={experimentLink({ kind: 'one', id: wanted })} inherit underline="always">
              {experiment?.experiment.name ?? `experiment ${wanted}`}
            </Anchor>{' '}
            alone: {ofIt.length} with policies.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => change({ experiment: null })}>
            Show all runs
          </Button>
        </Group>
      )}
      {run === undefined ? (
        <Group>
          <Text>No finished run has policies yet: UAF methods make them.</Text>
          <Button onClick={() => navigate('/train')}>Train UAF-Hard</Button>
        </Group>
      ) : (
        <>
          <Figure3 runs={withPolicy} groupings={groupings} onShowRun={showRun} />
          <Box ref={users} tabIndex={-1} style={{ scrollMarginTop: 'calc(var(--app-shell-header-offset, 0px) + 8px)' }}>
            <RunPolicies
              run={run}
              runs={withPolicy}
              finished={finished}
              known={known}
              about={ofRun}
              isOfRun={about.key === asked}
              error={about.error}
              labels={labels}
              truth={truth}
              held={held}
            />
          </Box>
          <PolicyEffectsCard
            run={run}
            finished={finished}
            label={labels.get(run.id) ?? `run ${run.id}`}
            tested={about.key === asked ? (ofRun?.tested ?? null) : null}
          />
        </>
      )}
    </Stack>
  );
}
