import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { inDatasetOrder } from '../../analysis/rows.ts';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import type { RowOrder } from '../../services/protocol.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';
import { PlantedTruth } from '../policies/PlantedTruth.tsx';
import { Problem } from '../policies/Problem.tsx';
import { UserPolicies } from '../policies/UserPolicies.tsx';
import { Term } from '../shared/Term.tsx';
import { usePolicies } from '../shared/useAnswer.ts';

interface LivePoliciesProps {
  readonly runs: readonly RunRow[];
  readonly epochs: readonly EpochRow[];
}

/** The policies of the newest run that has any, at its current epoch: grey first, then a pattern. */
export function LivePolicies({ runs, epochs }: LivePoliciesProps) {
  const run = runs.findLast(({ configuration }) => describeMethod(configuration.method).policy !== null);
  if (run === undefined) return null;
  return <PoliciesOf key={`${run.id} ${run.startedAt}`} run={run} epochs={epochs.filter(({ runId }) => runId === run.id)} />;
}

function PoliciesOf({ run, epochs }: { run: RunRow; epochs: readonly EpochRow[] }) {
  const [truth, setTruth] = useState(false);
  const about = usePolicies('about', (service) => service.about(run.id));
  const epoch = epochs.length === 0 ? undefined : epochs.reduce((a, b) => (b.epoch > a.epoch ? b : a));
  const newest = epoch?.epoch ?? 0;
  const planted = about.value?.groupings.find((grouping) => grouping.planted && grouping.groups.length === 2);
  const order: RowOrder = truth && planted !== undefined ? { by: 'group', grouping: planted.key } : { by: 'dataset' };
  const picture = usePolicies(newest === 0 ? null : `${newest}`, (service) => service.picture(run.id, newest));
  const rows = usePolicies(newest === 0 ? null : `${newest} ${order.by}`, (service) => service.rows(run.id, newest, order));
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
            {epoch === undefined ? 'before the first epoch' : `epoch ${epoch.epoch}`}
          </Title>
          {planted !== undefined && epoch !== undefined && (
            <Button size="xs" variant={truth ? 'filled' : 'light'} onClick={() => setTruth(!truth)} aria-pressed={truth}>
              {truth ? 'Hide the planted truth' : 'Show the planted truth'}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          A row for each user, a column for each block.
          {truth ? ' The rows are now sorted by who the users really are, and then by their policies.' : ''}
        </Text>
        <Problem error={picture.error ?? rows.error} />
        <UserPolicies
          title={`Policies of ${label}, users by blocks`}
          runId={run.id}
          bytes={picture.value ?? null}
          blocks={run.configuration.dilations.length}
          rows={rows.value ?? unsorted}
          show="probability"
          height={200}
        />
        {epoch?.policy && (
          <BlockShares
            title={`${isSoft ? 'Mean gate' : 'Share of users on the fine-tuned block'}, users of the test instances`}
            rows={[
              {
                key: 'epoch',
                label: isSoft ? 'mean gate' : 'share',
                isSoft,
                shares: epoch.policy.utilisation.map((mean) => ({ mean, deviation: null })),
                note: 'users of the test instances',
              },
            ]}
          />
        )}
        {truth && epoch !== undefined && <PlantedTruth runId={run.id} newest={newest} shown={newest} />}
      </Stack>
    </Card>
  );
}
