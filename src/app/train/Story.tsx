import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Scenario } from '../../data/dataset.ts';
import { metricOf } from '../../engine/evaluation/metrics.ts';
import type { DatasetRow, RunRow } from '../../storage/database.ts';
import { count, withError } from '../format.ts';
import { Term } from '../shared/Term.tsx';
import { comparablePair, isOfDemo, type StoryPair, scenarioOf } from './demo.ts';
import { DEMO_WORDS, lesson, methodWords, SCENARIO_WORDS } from './storyWords.ts';

/** The demo told step by step, in sentences that follow what has happened so far. */
export function Story({ dataset, runs }: { dataset: DatasetRow; runs: readonly RunRow[] }) {
  const scenario = scenarioOf(dataset);
  if (scenario === null) return null;
  // Between two runs of the queue the story is not over.
  const active =
    runs.find(({ status }) => ['running', 'paused', 'held'].includes(status)) ?? runs.find(({ status }) => status === 'queued');
  if (active !== undefined) {
    return (
      <Alert variant="light" title="What is happening">
        <Text>{methodWords(active.configuration.method)}</Text>
      </Alert>
    );
  }
  const pair = comparablePair(runs);
  if (pair !== null) return <WhatHappened dataset={dataset} scenario={scenario} pair={pair} runs={runs} />;
  return (
    <Alert variant="light" title="The demo">
      <Text>
        {count(dataset.figures.sourceUsers)} simulated users. {SCENARIO_WORDS[scenario]} {DEMO_WORDS}
      </Text>
    </Alert>
  );
}

interface WhatHappenedProps {
  readonly dataset: DatasetRow;
  readonly scenario: Scenario;
  readonly pair: StoryPair;
  readonly runs: readonly RunRow[];
}

/** The story's end: the two numbers, why they are so, and where to look next. */
function WhatHappened({ dataset, scenario, pair: { hardRun, hard, all, candidates }, runs }: WhatHappenedProps) {
  const [ours, theirs] = [hard, all].map((test) => metricOf(test, 'HR@5', 'sampled') ?? { value: 0, error: 0 });
  const gain = ours.value - theirs.value;
  // As if the two were independent: an upper bound, since both rank the same instances.
  const error = Math.hypot(ours.error, theirs.error);
  const soft = runs.findLast(({ configuration, result, search }) => {
    return configuration.method === 'uaf-soft' && result !== null && search === null;
  });
  const policies = `/policies?run=${hardRun.id}`;
  return (
    <Alert variant="light" title="What happened">
      <Stack gap="sm">
        <Text>
          <Term of="hr">HR@5</Term> is {withError(ours.value, ours.error)} with UAF-Hard and{' '}
          {withError(theirs.value, theirs.error)} with Finetune-All (N = {count(hard.n)} test <Term of="instance">instances</Term>
          , <Term of="candidates">{candidates} candidates</Term>, <Term of="error">±</Term> one standard error):{' '}
          {Math.abs(gain) < 2 * error
            ? 'a difference within two standard errors'
            : `${Math.abs(100 * gain).toFixed(0)} points ${gain > 0 ? 'more' : 'less'}`}
          .{isOfDemo(dataset, hardRun) && ` ${lesson(scenario, hardRun, soft, gain > 2 * error)}`}
        </Text>
        <Group gap="xs">
          <Button size="xs" component={Link} href={`${policies}&truth=1&order=own+kind`}>
            See who got what
          </Button>
          <Button size="xs" variant="default" component={Link} href={`${policies}&at=effects`}>
            Does it matter?
          </Button>
          <Button size="xs" variant="default" component={Link} href={`/user?run=${hardRun.id}`}>
            Look at one user
          </Button>
          <Button size="xs" variant="default" component={Link} href="/data">
            Now with your own data
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
