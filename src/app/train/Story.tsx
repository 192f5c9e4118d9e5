import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { metricOf } from '../../engine/evaluation/metrics.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { withError } from '../format.ts';
import { Term } from '../shared/Term.tsx';
import { comparablePair, scenarioOf } from './demo.ts';

/** The demo told step by step, in sentences that follow what has happened so far. */
export function Story({ dataset, runs }: { dataset: DatasetRow; runs: readonly RunRow[] }) {
  if (scenarioOf(dataset) !== 'hidden') return null;
  const active = runs.find(({ status }) => status === 'running' || status === 'paused');
  const pair = comparablePair(runs);
  if (pair !== null && active === undefined) {
    const { candidates } = pair;
    const [hard, all] = [pair.hard, pair.all];
    const [ours, theirs] = [hard, all].map((test) => metricOf(test, 'HR@5', 'sampled') ?? { value: 0, error: 0 });
    const gain = ours.value - theirs.value;
    // As if the two were independent: an upper bound, since both rank the same instances.
    const error = Math.hypot(ours.error, theirs.error);
    return (
      <Alert variant="light" title="What happened">
        <Text>
          <Term of="hr">HR@5</Term> is {withError(ours.value, ours.error)} with UAF-Hard and{' '}
          {withError(theirs.value, theirs.error)} with Finetune-All (N = {hard.n.toLocaleString('en')} test{' '}
          <Term of="instance">instances</Term>, <Term of="candidates">{candidates} candidates</Term>, <Term of="error">±</Term>{' '}
          one standard error):{' '}
          {Math.abs(gain) < 2 * error
            ? 'a difference within two standard errors'
            : `${Math.abs(100 * gain).toFixed(0)} points ${gain > 0 ? 'more' : 'less'}`}
          . Steady and nostalgic users want different things from the same recent items; the trunk cannot see who is who, the
          policy network can. Show the planted truth below,{' '}
          <Anchor component={Link} href={`/user?run=${pair.hardRunId}`} inherit c="inherit" underline="always">
            look at one user
          </Anchor>
          , or go on{' '}
          <Anchor component={Link} href="/data" inherit c="inherit" underline="always">
            with your own data
          </Anchor>
          .
        </Text>
      </Alert>
    );
  }
  return (
    <Alert variant="light" title={active === undefined ? 'The demo' : 'What is happening'}>
      <Text>{wordsFor(active, dataset.figures.sourceUsers)}</Text>
    </Alert>
  );
}

function wordsFor(active: RunRow | undefined, users: number): string {
  switch (active?.configuration.method) {
    case undefined:
      return (
        `${users.toLocaleString('en')} simulated users. Some want what they liked lately, the others what they liked first; who is who shows only at the beginning of their sequence, which the ` +
        'trunk cannot see from the last position. “Run the demo” pre-trains once, fine-tunes everybody alike (Finetune-All), then each user by an own policy (UAF).'
      );
    case 'most-popular':
    case 'finetune-all':
      return 'First NextItNet learns the source domain: its loss falls. Then Finetune-All adapts the whole network to the target domain, alike for everybody: one line below.';
    case 'uaf-hard':
      return 'UAF-Hard: a policy network decides for each user and block whether the frozen or the fine-tuned block is used. The picture of the policies starts grey; watch a pattern appear.';
    case 'uaf-soft':
      return 'UAF-Soft: the same, but mixing both blocks. Compare its line with UAF-Hard’s and Finetune-All’s.';
    default:
      return 'A run is going on.';
  }
}
