import { Alert, Anchor, Button, Group, List, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { memo } from 'react';
import { Link } from 'wouter';
import { describeMethod } from '../../configuration/methods.ts';
import { isCollapsed } from '../../engine/evaluation/policies.ts';
import type { PolicyFigures } from '../../services/protocol.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { linkToRun } from '../train/asked.ts';
import { Problem } from './Problem.tsx';
import { type Suggestion, suggestionsFor } from './suggestions.ts';
import { useQueueing } from './useQueueing.ts';

interface VerdictProps {
  readonly run: RunRow;
  /** Of all users. */
  readonly figures: PolicyFigures;
  readonly blocks: number;
}

/** How personal the policies are, in words; where they are not, what to try. */
export const Verdict = memo(function Verdict({ run, figures, blocks }: VerdictProps) {
  const { epoch, users, largest, distinct } = figures;
  const [first] = largest;
  const dataset = useLiveQuery(() => database.datasets.get(run.datasetId), [run.datasetId]);
  const share = first.users / Math.max(1, users);
  const percent = `${(100 * share).toFixed(share === 1 ? 0 : 1)} %`;
  if (!isCollapsed(first.users, users)) {
    return (
      <Text size="sm">
        At epoch {epoch} the policies are personal: {distinct.toLocaleString('en')} of {(2 ** blocks).toLocaleString('en')}{' '}
        possible ones occur, and the commonest, {first.pattern}, has {percent} of the users.
      </Text>
    );
  }
  // Training begins alike for everybody: that is no collapse.
  if (run.result?.policy?.collapsed === false && epoch !== run.result.bestEpoch) {
    return (
      <Text size="sm">
        At epoch {epoch} it is the same for everyone: {percent} of the users have the policy {first.pattern}. At the best epoch,{' '}
        {run.result.bestEpoch}, it is not.
      </Text>
    );
  }
  return (
    <Alert variant="default" title="The same for everyone">
      <Text size="sm">
        At epoch {epoch}, {percent} of the users share the policy {first.pattern}
        {describeMethod(run.configuration.method).policy === 'soft' ? ' (each gate rounded at one half)' : ''}: the policy has
        collapsed, so nothing can be read from it about single users. This is common on small data. What to try:
      </Text>
      <List size="sm" mt="xs" spacing="xs">
        {suggestionsFor(run.configuration).map((suggestion) => (
          <List.Item key={suggestion.words}>
            <Try run={run} canQueue={dataset !== undefined} suggestion={suggestion} />
          </List.Item>
        ))}
        <List.Item>
          <b>More data</b>: with few users or targets a difference between users cannot be told from chance.{' '}
          <Anchor size="sm" underline="always" component={Link} href="/data">
            Import or simulate a larger dataset
          </Anchor>
        </List.Item>
      </List>
    </Alert>
  );
});

interface TryProps {
  readonly run: RunRow;
  /** Not where its dataset was deleted. */
  readonly canQueue: boolean;
  readonly suggestion: Suggestion;
}

/** One suggestion: opened on the Train page, or queued at once. */
function Try({ run, canQueue, suggestion: { words, why, changes } }: TryProps) {
  const { isBusy, queued, error, queue } = useQueueing(run);
  return (
    <>
      <b>{words}</b>: {why}
      {canQueue && (
        <Group gap="xs">
          <Anchor
            size="sm"
            underline="always"
            component={Link}
            href={linkToRun(run, changes)}
            aria-label={`Open on the Train page: ${words}`}
          >
            Open on the Train page
          </Anchor>
          <Button
            size="compact-xs"
            variant="default"
            disabled={isBusy || queued !== null}
            onClick={() => queue(changes)}
            aria-label={`Queue this run: ${words}`}
          >
            {queued === null ? 'Queue this run' : 'Queued'}
          </Button>
        </Group>
      )}
      <Problem error={error} />
    </>
  );
}
