import { Button, Card, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { Distributions } from '../../charts/Distributions.tsx';
import type { RowHeight } from '../../charts/PolicyHeatmap.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import { selectionMetric } from '../../engine/evaluation/metrics.ts';
import type { PolicyRun } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { count } from '../format.ts';
import { askPolicies, usePolicies } from '../shared/useAnswer.ts';
import { userLink } from '../user/address.ts';
import { ChosenUsers } from './ChosenUsers.tsx';
import { Course } from './Course.tsx';
import { type Choice, chooseByPolicy, chooseRows } from './choice.ts';
import { EpochScrubber } from './EpochScrubber.tsx';
import { comparableRuns, nameOf, orderNamed, visible } from './order.ts';
import { PlantedTruth } from './PlantedTruth.tsx';
import { RunControls } from './RunControls.tsx';
import { UserPolicies } from './UserPolicies.tsx';
import { useAddress } from './useAddress.ts';
import { Verdict } from './Verdict.tsx';

interface RunPoliciesProps {
  readonly run: RunRow;
  /** Finished runs with policies. */
  readonly runs: readonly RunRow[];
  /** All finished runs: what ranks can be set against. */
  readonly finished: readonly RunRow[];
  readonly about: PolicyRun;
  readonly labels: ReadonlyMap<number, string>;
  readonly truth: boolean;
}

const HEIGHT = 400;
/** Milliseconds without a change until the address follows: browsers refuse many changes in a row. */
const AT_REST = 400;

const heightNamed = (name: string | null): RowHeight => (name === '4' ? 4 : name === '12' ? 12 : 'fit');

/** All users × blocks of one run, at any of its epochs, and what can be said about them or about those who are chosen. */
export function RunPolicies({ run, runs, finished, about, labels, truth }: RunPoliciesProps) {
  const [, navigate] = useLocation();
  const { search, change } = useAddress();
  const { epochs, blocks, users, kind } = about;
  const best = epochs.includes(run.result?.bestEpoch ?? 0) ? (run.result?.bestEpoch ?? 0) : (epochs.at(-1) ?? 0);
  const asked = epochs.find((number) => String(number) === search.get('epoch')) ?? best;
  const [epoch, setEpoch] = useState(asked);
  // Another link to the same run.
  useEffect(() => setEpoch(asked), [asked]);
  useEffect(() => {
    const timer = setTimeout(() => change({ run: String(run.id), epoch: epoch === best ? null : String(epoch) }), AT_REST);
    return () => clearTimeout(timer);
  }, [run.id, epoch, best, change]);

  // The slider never waits for what stands below it.
  const settled = useDeferredValue(epoch);

  const others = useMemo(() => comparableRuns(run, finished), [run, finished]);
  const against = others.find(({ id }) => id === Number(search.get('against'))) ?? others[0];
  const order = useMemo(
    () => orderNamed(search.get('order'), visible(about.groupings, truth), against?.id ?? null),
    [search, about, truth, against],
  );
  const rowHeight = heightNamed(search.get('height'));
  const show = kind === 'soft' || search.get('show') === 'probability' ? 'probability' : 'gate';

  // Sorted by the best epoch whatever the epoch shown, so that rows do not jump while one goes through the epochs.
  const sorted = JSON.stringify([best, order]);
  const rows = usePolicies(sorted, (service) => service.rows(run.id, best, order));
  const picture = usePolicies(`${epoch}`, (service) => service.picture(run.id, epoch));
  const [choice, setChoice] = useState<Choice | null>(null);
  const figures = usePolicies(`${epoch}`, (service) => service.figures(run.id, epoch, null));
  const chosen = usePolicies(choice === null ? null : `${epoch} ${choice.key}`, (service) =>
    service.figures(run.id, epoch, choice?.mask ?? null),
  );

  const bytes = picture.value ?? null;
  const rowOrder = rows.value?.order;
  const actions = useMemo(
    () => ({
      choose: (range: readonly [number, number] | null) =>
        setChoice(range === null || rowOrder === undefined ? null : chooseRows(rowOrder, range, nameOf(order))),
      open: (row: number) => {
        if (rowOrder === undefined) return;
        // Where rows cannot be told apart, one has to come nearer first.
        if (rowHeight === 'fit' && users > HEIGHT / 4) change({ height: '12' });
        else openUser(run.id, rowOrder[row], navigate);
      },
    }),
    [rowOrder, run.id, order, rowHeight, users, change, navigate],
  );
  const choosePolicy = useCallback(
    (pattern: string) => bytes && setChoice(chooseByPolicy({ bytes, blocks }, pattern, epoch)),
    [bytes, blocks, epoch],
  );
  const { label } = describeMethod(run.configuration.method);
  const error = rows.error ?? picture.error ?? figures.error ?? chosen.error;
  const shown = choice === null ? figures.value : (chosen.value ?? figures.value);
  const ofWhom = choice === null || shown?.users === users ? `all ${count(users)} users` : 'the chosen users';
  return (
    <Card withBorder component="section" aria-label="Users and blocks">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Users × blocks
        </Title>
        <Text size="sm" maw={720}>
          A row for each user with targets, a column for each block. Drag over rows to choose users: all charts follow. A click
          enlarges the rows; a click on a large row opens that user. By keyboard, on the framed row: arrows move it, Shift with
          arrows chooses, Escape lets go, Enter is a click.
        </Text>
        <RunControls
          run={run}
          runs={runs}
          labels={labels}
          others={others}
          about={about}
          order={order}
          rowHeight={rowHeight}
          show={show}
          truth={truth}
          change={change}
        />
        {epochs.length > 1 && (
          <EpochScrubber epochs={epochs} shown={epoch} note={epoch === best ? noteOfBest(run) : ''} onShow={setEpoch} />
        )}
        <Group gap="xs" mih={26}>
          <Text size="sm" role="status">
            {choice === null
              ? `All ${count(users)} users; nobody is chosen.`
              : `${count(choice.users)} of ${count(users)} users chosen.`}
          </Text>
          {choice !== null && (
            <Button size="compact-xs" variant="default" onClick={() => setChoice(null)}>
              Clear
            </Button>
          )}
          {rows.value !== undefined && rows.key !== sorted && (
            <Text size="sm" c="dimmed">
              Sorting the users …
            </Text>
          )}
        </Group>
        {error !== null && (
          <Text c="red" role="alert">
            {error.message}
          </Text>
        )}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <UserPolicies
              title={`Policies of ${label}, users by blocks`}
              runId={run.id}
              bytes={bytes}
              blocks={blocks}
              kind={kind}
              rows={rows.value}
              show={show}
              height={HEIGHT}
              rowHeight={rowHeight}
              chosen={choice?.mask ?? null}
              actions={actions}
            />
            {order.by === 'change' && (
              <Text size="xs" c="dimmed">
                From users whose test targets this run ranks higher than {labels.get(order.against)} (mean of log₂ of the rank
                there over the rank here, among all items) to those whom it serves worse.
              </Text>
            )}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            {shown !== undefined && <ChosenUsers figures={shown} ofWhom={ofWhom} blocks={blocks} onChoosePolicy={choosePolicy} />}
          </Grid.Col>
        </Grid>
        {shown !== undefined && (
          <div>
            <Distributions title={`Probability of fine-tuning, ${ofWhom}`} histogram={shown.histogram} blocks={blocks} />
            <Text size="xs" c="dimmed">
              How sure the policy network is: bars at both ends mean decided gates, bars in the middle undecided ones. Heights are
              relative to the tallest bar of each block.
            </Text>
          </div>
        )}
        {figures.value !== undefined && <Verdict run={run} figures={figures.value} blocks={blocks} epoch={settled} />}
        {epochs.length > 1 && <Course runId={run.id} epochs={epochs} shown={settled} choice={choice} ofWhom={ofWhom} />}
        {truth && <PlantedTruth runId={run.id} newest={epochs.at(-1) ?? 0} shown={settled} />}
      </Stack>
    </Card>
  );
}

const noteOfBest = ({ configuration, result }: RunRow): string =>
  result === null ? '' : ` (the best by ${configuration.fineTuning.selectOn} ${selectionMetric(result.test)})`;

async function openUser(runId: number, user: number, navigate: (to: string) => void): Promise<void> {
  navigate(userLink(runId, await askPolicies((service) => service.userId(runId, user))));
}
