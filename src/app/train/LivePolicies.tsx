import { Anchor, Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { inDatasetOrder } from '../../analysis/rows.ts';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import type { RowOrder } from '../../services/protocol.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';
import { plantedIn, TruthPanels, TruthSentence, useRecovery } from '../policies/PlantedTruth.tsx';
import { Problem } from '../policies/Problem.tsx';
import { TruthSwitch } from '../policies/TruthSwitch.tsx';
import { UserPolicies } from '../policies/UserPolicies.tsx';
import { Term } from '../shared/Term.tsx';
import { usePolicies } from '../shared/useAnswer.ts';

interface LivePoliciesProps {
  readonly runs: readonly RunRow[];
  readonly epochs: readonly EpochRow[];
}

/** The policies of the newest run that has any: at its newest epoch while it trains, then at its best one, as its results are. */
export function LivePolicies({ runs, epochs }: LivePoliciesProps) {
  const run = runs.findLast(({ configuration }) => describeMethod(configuration.method).policy !== null);
  if (run === undefined) return null;
  return <PoliciesOf key={`${run.id} ${run.startedAt}`} run={run} epochs={epochs.filter(({ runId }) => runId === run.id)} />;
}

function PoliciesOf({ run, epochs }: { run: RunRow; epochs: readonly EpochRow[] }) {
  const [truth, setTruth] = useState(false);
  const about = usePolicies('about', (service) => service.about(run.id));
  const newest = Math.max(0, ...epochs.map(({ epoch }) => epoch));
  const best = run.result?.bestEpoch;
  const epoch = epochs.find((one) => one.epoch === (best ?? newest));
  const shown = epoch?.epoch ?? 0;
  const planted = about.value && plantedIn(about.value.groupings);
  const order: RowOrder = truth && planted !== undefined ? { by: 'group', grouping: planted.key } : { by: 'dataset' };
  const picture = usePolicies(shown === 0 ? null : `${shown}`, (service) => service.picture(run.id, shown));
  const rows = usePolicies(shown === 0 ? null : `${shown} ${order.by}`, (service) => service.rows(run.id, shown, order));
  const recovery = useRecovery(run.id, newest, truth && shown > 0);
  const course = truth ? recovery.value : undefined;
  const users = about.value?.users ?? 0;
  const unsorted = useMemo(() => inDatasetOrder(users), [users]);
  if (about.value === undefined) return <Problem error={about.error} />;
  const { label } = describeMethod(run.configuration.method);
  const isSoft = about.value.kind === 'soft';
  return (
    <Card withBorder component="section" aria-label="Policies">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            <Term of="policy">Policies</Term> of {label},{' '}
            {shown === 0 ? 'before the first epoch' : `epoch ${shown}${shown === best ? ' (the best)' : ''}`}
          </Title>
          {planted !== undefined && shown > 0 && <TruthSwitch truth={truth} onChange={setTruth} />}
        </Group>
        {/* High enough for either, so that the picture stays where it is. */}
        <Box mih={44}>
          {course ? (
            <TruthSentence course={course} shown={shown} />
          ) : (
            <Text size="sm">
              <Text span inherit c="dimmed">
                A row for each user, a column for each block.
              </Text>
              {run.result?.policy?.collapsed && (
                <>
                  {' '}
                  The policy is the same for everyone:{' '}
                  <Anchor size="sm" underline="always" component={Link} href={`/policies?run=${run.id}`}>
                    what to try
                  </Anchor>
                </>
              )}
            </Text>
          )}
        </Box>
        <Problem error={picture.error ?? rows.error ?? recovery.error} />
        <UserPolicies
          title={`Policies of ${label}, users by blocks`}
          runId={run.id}
          epoch={picture.value === undefined ? null : Number(picture.key)}
          bytes={picture.value ?? null}
          blocks={run.configuration.dilations.length}
          rows={rows.value ?? unsorted}
          show="probability"
          height={200}
        />
        {epoch?.policy && (
          <BlockShares
            title={`${isSoft ? 'Mean gate' : 'Share of users on the fine-tuned block'} at epoch ${shown}, users with a test target`}
            rows={[
              {
                key: 'epoch',
                label: isSoft ? 'mean gate' : 'share',
                isSoft,
                shares: epoch.policy.utilisation.map((mean) => ({ mean, deviation: null })),
                note: `epoch ${shown}, users with a test target`,
              },
            ]}
          />
        )}
        {course && <TruthPanels course={course} shown={shown} />}
      </Stack>
    </Card>
  );
}
