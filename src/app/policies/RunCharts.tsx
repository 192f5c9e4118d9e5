import { Button, Grid, Group, Stack, Text } from '@mantine/core';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { Distributions } from '../../charts/Distributions.tsx';
import type { RowHeight } from '../../charts/PolicyHeatmap.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import { selectionMetric } from '../../engine/evaluation/metrics.ts';
import type { PolicyRun, RowOrder } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { count } from '../format.ts';
import { Problem } from '../shared/Problem.tsx';
import { SaveFigure } from '../shared/SaveFigure.tsx';
import { useAddress } from '../shared/useAddress.ts';
import { askPolicies, usePolicies } from '../shared/useAnswer.ts';
import { userLink } from '../user/address.ts';
import { ChosenUsers } from './ChosenUsers.tsx';
import { Course } from './Course.tsx';
import { type Choice, chooseByPolicy, chooseRows, ofWhom } from './choice.ts';
import { EpochScrubber } from './EpochScrubber.tsx';
import { sortingKey } from './order.ts';
import { plantedIn, TruthPanels, TruthSentence, useRecovery } from './PlantedTruth.tsx';
import { distributionFigure } from './policyFigures.ts';
import { TruthSwitch } from './TruthSwitch.tsx';
import { UserPolicies } from './UserPolicies.tsx';
import { Verdict } from './Verdict.tsx';

interface RunChartsProps {
  readonly run: RunRow;
  /** With at least one epoch. */
  readonly about: PolicyRun;
  /** All runs but for finished trials that are not to be looked at. */
  readonly known: readonly RunRow[];
  readonly labels: ReadonlyMap<number, string>;
  readonly order: RowOrder;
  readonly rowHeight: RowHeight;
  readonly show: 'gate' | 'probability';
  readonly truth: boolean;
  /** Called when there is something to see. */
  readonly onDrawn: () => void;
}

const HEIGHT = 400;
/** Milliseconds without a change until the address follows: browsers refuse many changes in a row. */
const AT_REST = 400;

/** The charts of one run, and which users they follow. */
export function RunCharts({ run, about, known, labels, order, rowHeight, show, truth, onDrawn }: RunChartsProps) {
  const [, navigate] = useLocation();
  const { search, change } = useAddress();
  const { epochs, blocks, users, tested, kind } = about;
  const best = epochs.find((number) => number === run.result?.bestEpoch);
  const usual = best ?? epochs[epochs.length - 1];
  const asked = epochs.find((number) => String(number) === search.get('epoch')) ?? usual;
  const [epoch, setEpoch] = useState(asked);
  // Another link to the same run.
  useEffect(() => setEpoch(asked), [asked]);
  useEffect(() => {
    const timer = setTimeout(() => change({ run: String(run.id), epoch: epoch === usual ? null : String(epoch) }), AT_REST);
    return () => clearTimeout(timer);
  }, [run.id, epoch, usual, change]);

  // The slider never waits for what stands below it.
  const settled = useDeferredValue(epoch);

  // Sorted by one epoch whatever the epoch shown, so that rows do not jump while one goes through the epochs.
  const sorting = sortingKey(usual, order);
  const rows = usePolicies(sorting, (service) => service.rows(run.id, usual, order));
  const picture = usePolicies(`${epoch}`, (service) => service.picture(run.id, epoch));
  const [choice, setChoice] = useState<Choice | null>(null);
  const figures = usePolicies(`${epoch}`, (service) => service.figures(run.id, epoch, null));
  const chosen = usePolicies(choice === null ? null : `${epoch} ${choice.key}`, (service) =>
    service.figures(run.id, epoch, choice?.mask ?? null),
  );
  const planted = plantedIn(about.groupings);
  const recovery = useRecovery(run.id, epochs[epochs.length - 1], truth);
  const course = truth ? recovery.value : undefined;
  const [unopened, setUnopened] = useState<Error | null>(null);

  const bytes = picture.value ?? null;
  const rowOrder = rows.value?.order;
  // Rows are chosen in the order that is seen, which for a while is the one before.
  const sortedBy = `${rows.key}`;
  const actions = useMemo(
    () => ({
      choose: (range: readonly [number, number] | null) =>
        setChoice(range === null || rowOrder === undefined ? null : chooseRows(rowOrder, range, sortedBy)),
      open: (row: number) => {
        if (rowOrder === undefined) return;
        // Where rows cannot be told apart, one has to come nearer first.
        if (rowHeight === 'fit' && users > HEIGHT / 4) change({ height: '12' });
        else openUser(run.id, rowOrder[row], truth, navigate).then(() => setUnopened(null), setUnopened);
      },
    }),
    [rowOrder, sortedBy, run.id, rowHeight, users, truth, change, navigate],
  );
  const pictured = `${picture.key}`;
  const choosePolicy = useCallback(
    (pattern: string) => bytes && setChoice(chooseByPolicy({ bytes, blocks, epoch: pictured }, pattern)),
    [bytes, blocks, pictured],
  );
  const { label } = describeMethod(run.configuration.method);
  const error = rows.error ?? picture.error ?? figures.error ?? chosen.error ?? recovery.error ?? unopened;
  const shown = choice === null ? figures.value : (chosen.value ?? figures.value);
  const spread = shown === undefined ? '' : `Probability of fine-tuning at epoch ${shown.epoch}, ${ofWhom(shown.users, users)}`;
  const isDrawn = error !== null || (rows.value !== undefined && figures.value !== undefined);
  useEffect(() => {
    if (isDrawn) onDrawn();
  }, [isDrawn, onDrawn]);
  return (
    <Stack gap="sm">
      {epochs.length > 1 && (
        <EpochScrubber epochs={epochs} shown={epoch} note={epoch === best ? noteOfBest(run) : ''} onShow={setEpoch} />
      )}
      {planted !== undefined && (
        <Group gap="sm" mih={44}>
          <TruthSwitch
            truth={truth}
            onChange={(wanted) => change({ truth: wanted ? '1' : null, order: wanted ? planted.key : null })}
          />
          <div style={{ flex: '1 1 280px' }}>
            {course ? (
              <TruthSentence course={course} shown={settled} />
            ) : (
              <Text size="sm" c="dimmed">
                These users are simulated: who is who is known, but the model was never told.
              </Text>
            )}
          </div>
        </Group>
      )}
      <Problem error={error} />
      {isDrawn ? (
        <>
          {figures.value !== undefined && (
            <Verdict run={run} figures={figures.value} blocks={blocks} runs={known} labels={labels} />
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
            {rows.waiting && (
              <Text size="sm" c="dimmed">
                Sorting the users …
              </Text>
            )}
          </Group>
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 6 }}>
              <UserPolicies
                title={`Policies of ${label}, users by blocks`}
                epoch={picture.value === undefined ? null : Number(pictured)}
                runId={run.id}
                bytes={bytes}
                blocks={blocks}
                rows={rows.value}
                show={show}
                truth={truth}
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
              {shown !== undefined && (
                <ChosenUsers
                  figures={shown}
                  all={users}
                  tested={tested}
                  blocks={blocks}
                  kind={kind}
                  onChoosePolicy={choosePolicy}
                />
              )}
            </Grid.Col>
          </Grid>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Sorting the users …
        </Text>
      )}
      {shown !== undefined && (
        <div>
          <Distributions title={spread} histogram={shown.histogram} blocks={blocks} />
          <SaveFigure title={spread} figure={() => distributionFigure(spread, shown.histogram, blocks)} />
          <Text size="xs" c="dimmed">
            How sure the policy network is: bars at both ends mean decided gates, bars in the middle undecided ones. Heights are
            relative to the tallest bar of each block.
          </Text>
        </div>
      )}
      {epochs.length > 1 && <Course runId={run.id} epochs={epochs} shown={settled} choice={choice} users={users} />}
      {course && <TruthPanels course={course} shown={settled} />}
    </Stack>
  );
}

const noteOfBest = ({ configuration, result }: RunRow): string =>
  result === null ? '' : ` (the best by ${configuration.fineTuning.selectOn} ${selectionMetric(result.test)})`;

async function openUser(runId: number, user: number, truth: boolean, navigate: (to: string) => void): Promise<void> {
  navigate(userLink(runId, await askPolicies((service) => service.userId(runId, user)), truth));
}
