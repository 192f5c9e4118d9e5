import { Alert, Anchor, Button, Group, List, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { memo } from 'react';
import { Link } from 'wouter';
import { sharesOfLargest } from '../../charts/percentages.ts';
import { describeMethod } from '../../configuration/methods.ts';
import { isCollapsed } from '../../engine/evaluation/policies.ts';
import type { PolicyFigures } from '../../services/protocol.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { count } from '../format.ts';
import { Problem } from '../shared/Problem.tsx';
import { linkToRun } from '../train/asked.ts';
import { policiesLink } from '../user/address.ts';
import { policiesWords, type Suggestion, separatedOn, suggestionsFor, triedAs, triedWords } from './suggestions.ts';
import { useQueueing } from './useQueueing.ts';

interface VerdictProps {
  readonly run: RunRow;
  /** Of all users. */
  readonly figures: PolicyFigures;
  readonly blocks: number;
  /** All that there are, but for finished trials that are not to be looked at. */
  readonly runs: readonly RunRow[];
  readonly labels: ReadonlyMap<number, string>;
}

/** Runs that are named of those that worked. */
const MOST_NAMED = 3;

/** How personal the policies are, in words; where they are not, what to try. A run keeps its form at all epochs: nothing jumps. */
export const Verdict = memo(function Verdict({ run, figures, blocks, runs, labels }: VerdictProps) {
  const { epoch, users, largest, distinct } = figures;
  const [first] = largest;
  const isSame = isCollapsed(first.users, users);
  const [percent] = sharesOfLargest(largest, users);
  const best = run.result?.bestEpoch;
  const who = `Of all ${count(users)} users, at epoch ${epoch}, ${percent} have the ${isSame ? '' : 'commonest '}policy`;
  const occur = `${count(distinct)} of ${count(2 ** blocks)} possible policies occur`;
  if (run.result?.policy?.collapsed !== true && !(isSame && epoch === best)) {
    return (
      <Text size="sm" mih={22}>
        {/* Training begins alike for everybody: that is no collapse. */}
        {isSame
          ? `${who} ${first.pattern}: it is the same for everyone. At the best epoch, ${best}, it is not.`
          : `${who}, ${first.pattern}; ${occur}: users are treated differently. Whether that matters is measured below.`}
      </Text>
    );
  }
  const isSoft = describeMethod(run.configuration.method).policy === 'soft';
  const separated = separatedOn(run, runs).slice(0, MOST_NAMED);
  return (
    <Alert variant="default" title="The same for everyone" p="sm">
      <Text size="sm">
        {isSame
          ? `${who} ${first.pattern}${isSoft ? ' (each gate rounded at one half)' : ''}. The policy has collapsed`
          : `${who}, ${first.pattern}; ${occur}. At the best epoch, ${best}, the policy has collapsed`}
        , so nothing can be read from it about single users.
        {separated.length === 0 ? ' This is common on small data.' : ''} What to try:
      </Text>
      <List size="sm" mt="xs" spacing="xs">
        {separated.length > 0 && (
          <List.Item>
            <b>Where users are treated differently already, on this dataset</b>:{' '}
            {separated.map((other, place) => (
              <span key={other.id}>
                {place > 0 && ', '}
                <Anchor size="sm" underline="always" component={Link} href={policiesLink(other.id, false)}>
                  {labels.get(other.id) ?? `run ${other.id}`}
                </Anchor>{' '}
                has {policiesWords(other.result?.policy?.distinct ?? 0)}
              </span>
            ))}
            .
          </List.Item>
        )}
        {suggestionsFor(run.configuration).map((suggestion) => (
          <List.Item key={suggestion.words}>
            <Try run={run} suggestion={suggestion} tried={triedAs(run, suggestion, runs)} />
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
  readonly suggestion: Suggestion;
  /** The run that is it, if there is one. */
  readonly tried: RunRow | null;
}

/** One suggestion: opened on the Train page, or queued at once; or what became of it. */
function Try({ run, suggestion: { words, why, changes }, tried }: TryProps) {
  const { isBusy, error, queue } = useQueueing(run);
  // It is there until the contrary is known, so that nothing moves when it is.
  const canQueue = useLiveQuery(async () => (await database.datasets.get(run.datasetId)) !== undefined, [run.datasetId], true);
  return (
    <>
      <b>{words}</b>: {why}
      {(canQueue || tried !== null) && (
        <Group gap="xs" mih={24}>
          {tried !== null ? (
            <Anchor
              size="sm"
              underline="always"
              component={Link}
              href={tried.status === 'finished' && tried.result?.policy ? policiesLink(tried.id, false) : '/train'}
            >
              {triedWords(tried)}
            </Anchor>
          ) : (
            <>
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
                disabled={isBusy}
                onClick={() => queue(changes)}
                aria-label={`Queue this run: ${words}`}
              >
                Queue this run
              </Button>
            </>
          )}
        </Group>
      )}
      <Problem error={error} />
    </>
  );
}
