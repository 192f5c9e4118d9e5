import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import { database } from '../../state/database.ts';
import type { DatasetRow, EpochRow, RunRow } from '../../storage/database.ts';
import { recovery } from '../policies/order.ts';
import { UserPolicies } from '../policies/UserPolicies.tsx';
import { Term } from '../shared/Term.tsx';
import { useTargetUsers } from '../shared/useDataset.ts';

interface LivePoliciesProps {
  readonly dataset: DatasetRow;
  readonly runs: readonly RunRow[];
  readonly epochs: readonly EpochRow[];
}

/** The policies of the newest run that has any, at its current epoch: grey first, then a pattern. */
export function LivePolicies({ dataset, runs, epochs }: LivePoliciesProps) {
  const [truth, setTruth] = useState(false);
  const run = runs.findLast(({ configuration }) => describeMethod(configuration.method).policy !== null);
  const target = useTargetUsers(dataset.id);
  const own = epochs.filter(({ runId }) => runId === run?.id);
  const epoch = own.find(({ epoch: number }) => number === Math.max(...own.map((row) => row.epoch)));
  const stored = useLiveQuery(
    () => (epoch === undefined ? undefined : database.policies.get([epoch.runId, epoch.epoch])),
    [epoch?.runId, epoch?.epoch],
  );
  const kind = run === undefined ? null : describeMethod(run.configuration.method).policy;
  const blocks = run?.configuration.dilations.length ?? 0;
  const policies = useMemo(
    () => (stored === undefined || kind === null ? null : { bytes: stored.bytes, blocks, kind }),
    [stored, kind, blocks],
  );
  // Attributes of imported users are no planted truth.
  const isPlanted = target?.dataset.origin.kind === 'simulated';
  const planted = isPlanted ? target.dataset.attributes.findIndex(({ values }) => values.length === 2) : -1;
  const recovered = useMemo(() => {
    if (!truth || planted < 0 || policies === null || target === undefined) return null;
    const { codes } = target.dataset.attributes[planted];
    return recovery(policies, (row) => codes[target.users[row]]);
  }, [truth, planted, policies, target]);
  const order = useMemo(() => (truth && planted >= 0 ? { attribute: planted } : ('dataset' as const)), [truth, planted]);
  if (run === undefined || target === undefined) return null;
  const { label } = describeMethod(run.configuration.method);
  return (
    <Card withBorder component="section" aria-label="Policies">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            <Term of="policy">Policies</Term> of {label},{' '}
            {epoch === undefined ? 'before the first epoch' : `epoch ${epoch.epoch}`}
          </Title>
          {planted >= 0 && policies !== null && (
            <Button size="xs" variant={truth ? 'filled' : 'light'} onClick={() => setTruth(!truth)} aria-pressed={truth}>
              {truth ? 'Hide the planted truth' : 'Show the planted truth'}
            </Button>
          )}
        </Group>
        {recovered !== null && (
          <Text size="sm" role="status">
            The rows are now sorted by who the users really are, which the model was never told. Told apart by {recovered.by}:{' '}
            <Term of="auc">AUC</Term> {recovered.auc.toFixed(2)} over {target.users.length.toLocaleString('en')} users.
          </Text>
        )}
        <UserPolicies
          title={`Policies of ${label}, users by blocks`}
          policies={policies}
          blocks={blocks}
          target={target}
          order={order}
          show="probability"
          height={200}
        />
        {epoch?.policy && (
          <BlockShares
            title="Share of users on the fine-tuned block, users of the test instances"
            rows={[
              {
                key: 'epoch',
                label: 'utilisation',
                shares: epoch.policy.utilisation,
                note: 'share of the test users on the fine-tuned block',
              },
            ]}
          />
        )}
      </Stack>
    </Card>
  );
}
