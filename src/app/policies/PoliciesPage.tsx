import { Alert, Button, Card, Group, NativeSelect, SegmentedControl, Slider, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { BlockShares } from '../../charts/BlockShares.tsx';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { describeMethod } from '../../configuration/methods.ts';
import { selectionMetric } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { useTargetUsers } from '../shared/useDataset.ts';
import { PolicyEffectsCard } from './effects/PolicyEffectsCard.tsx';
import { distinctPolicies, recovery } from './order.ts';
import { type RowOrder, UserPolicies } from './UserPolicies.tsx';

/** Fig. 3, and below it one run's users × blocks. */
export default function PoliciesPage() {
  const [, navigate] = useLocation();
  const [search, setSearch] = useSearchParams();
  const runs = useLiveQuery(() => database.runs.where({ status: 'finished' }).toArray(), []);
  if (runs === undefined) return null;
  const withPolicy = runs.filter(({ result }) => result?.policy);
  const run = withPolicy.find(({ id }) => id === Number(search.get('run'))) ?? withPolicy.at(-1);
  const labels = runLabels(withPolicy);
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h3">
          Policies
        </Title>
        <Text c="dimmed" maw={720}>
          Which <Term of="block">blocks</Term> were re-learned, and for whom. A policy network chose, for each user and block,
          between the frozen pre-trained block and its fine-tuned copy.
        </Text>
      </div>
      {run === undefined ? (
        <Group>
          <Text>No finished run has policies yet: UAF methods make them.</Text>
          <Button onClick={() => navigate('/train')}>Train UAF-Hard</Button>
        </Group>
      ) : (
        <>
          <Card withBorder component="section" aria-label="Fig. 3">
            <Stack gap="xs">
              <Title order={2} size="h5">
                Share of users on the fine-tuned block, by run (Fig. 3)
              </Title>
              <GateLegend what="share of the users of the test instances" />
              <BlockShares
                title="Share of users on the fine-tuned block, by run"
                rows={withPolicy.map((row) => ({
                  key: String(row.id),
                  label: `${labels.get(row.id)} · ${row.datasetName}`,
                  shares: row.result?.policy?.utilisation ?? [],
                  note: noteOf(row),
                }))}
              />
            </Stack>
          </Card>
          <RunPolicies key={run.id} run={run} runs={withPolicy} labels={labels} onRun={(id) => setSearch({ run: String(id) })} />
          <PolicyEffectsCard run={run} runs={runs} />
        </>
      )}
    </Stack>
  );
}

function noteOf({ result, configuration }: RunRow): string {
  const policy = result?.policy;
  if (!policy) return '';
  const possible = 2 ** configuration.dilations.length;
  const all = `${policy.distinct} of ${possible} policies, entropy ${policy.entropy.toFixed(2)} bit a block`;
  return policy.collapsed ? `${all}; collapsed` : all;
}

interface RunPoliciesProps {
  readonly run: RunRow;
  readonly runs: readonly RunRow[];
  readonly labels: ReadonlyMap<number, string>;
  readonly onRun: (id: number) => void;
}

/** All users × blocks of one run, at any of its epochs. */
function RunPolicies({ run, runs, labels, onRun }: RunPoliciesProps) {
  const target = useTargetUsers(run.datasetId);
  const epochs = useLiveQuery(() => database.policies.where({ runId: run.id }).count(), [run.id]);
  const [epoch, setEpoch] = useState<number | null>(null);
  const shown = epoch ?? run.result?.bestEpoch ?? 1;
  const stored = useLiveQuery(() => database.policies.get([run.id, shown]), [run.id, shown]);
  const [order, setOrder] = useState('similarity');
  const [show, setShow] = useState<'gate' | 'probability'>('gate');
  const blocks = run.configuration.dilations.length;
  const soft = describeMethod(run.configuration.method).policy === 'soft';
  const policies = useMemo(
    () => (stored === undefined ? null : { bytes: stored.bytes, blocks, kind: soft ? ('soft' as const) : ('hard' as const) }),
    [stored, blocks, soft],
  );
  if (target === undefined || epochs === undefined || run.result === null) return null;
  const { attributes } = target.dataset;
  const byAttribute = attributes.findIndex(({ name }) => name === order);
  const rowOrder: RowOrder = byAttribute >= 0 ? { attribute: byAttribute } : order === 'dataset' ? 'dataset' : 'similarity';
  const attribute = attributes[byAttribute];
  const recovered =
    policies && attribute?.values.length === 2 ? recovery(policies, (row) => attribute.codes[target.users[row]]) : null;
  return (
    <Card withBorder component="section" aria-label="Users and blocks">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Users × blocks
        </Title>
        <Group align="flex-end">
          <NativeSelect
            size="xs"
            label="Run"
            value={String(run.id)}
            onChange={(event) => onRun(Number(event.currentTarget.value))}
            data={runs.map(({ id, datasetName }) => ({ value: String(id), label: `${labels.get(id)} · ${datasetName}` }))}
          />
          <NativeSelect
            size="xs"
            label="Rows by"
            value={order}
            onChange={(event) => setOrder(event.currentTarget.value)}
            data={[
              { value: 'similarity', label: 'similar policies' },
              { value: 'dataset', label: 'order of the dataset' },
              ...attributes.map(({ name }) => ({ value: name, label: `planted ${name} (the truth)` })),
            ]}
          />
          {!soft && (
            <SegmentedControl
              size="xs"
              aria-label="What the colour shows"
              value={show}
              onChange={setShow}
              data={[
                { value: 'gate', label: 'gate' },
                { value: 'probability', label: 'probability' },
              ]}
            />
          )}
        </Group>
        {epochs > 1 && (
          <div>
            <Text size="xs">
              Epoch {shown} of {epochs}
              {shown === run.result.bestEpoch
                ? ` (the best by ${run.configuration.fineTuning.selectOn} ${selectionMetric(run.result.test)})`
                : ''}
            </Text>
            <Slider min={1} max={epochs} step={1} value={shown} onChange={setEpoch} label={null} maw={480} thumbLabel="Epoch" />
          </div>
        )}
        {recovered !== null && (
          <Text size="sm">
            Told apart by {recovered.by}: <Term of="auc">AUC</Term> {recovered.auc.toFixed(2)} over{' '}
            {target.users.length.toLocaleString('en')} users. The model was never told who is who.
          </Text>
        )}
        <UserPolicies
          title={`Policies of ${describeMethod(run.configuration.method).label}, users by blocks`}
          policies={policies}
          blocks={blocks}
          target={target}
          order={rowOrder}
          show={soft || show === 'probability' ? 'probability' : 'hard gate'}
          height={360}
        />
        {policies !== null && (
          <Verdict sizes={distinctPolicies(policies)} users={target.users.length} blocks={blocks} soft={soft} />
        )}
      </Stack>
    </Card>
  );
}

/** How personal the policies are, in words, with the sizes of the commonest. */
interface VerdictProps {
  readonly sizes: readonly { readonly pattern: string; readonly users: number }[];
  readonly users: number;
  readonly blocks: number;
  readonly soft: boolean;
}

function Verdict({ sizes, users, blocks, soft }: VerdictProps) {
  const percent = (n: number) => `${((100 * n) / users).toFixed(n === users ? 0 : 1)} %`;
  const commonest = sizes
    .slice(0, 5)
    .map(({ pattern, users: n }) => `${pattern} ${percent(n)}`)
    .join(', ');
  if (sizes[0].users >= 0.99 * users) {
    return (
      <Alert color="orange" title="The policy has collapsed">
        {percent(sizes[0].users)} of the users share the policy {sizes[0].pattern}: everybody is treated alike, so nothing can be
        read from it about single users. This is common on small data. Try{' '}
        {soft ? '' : 'a higher temperature τ, exploration α below 1, '}a smaller learning rate, or more training data.
      </Alert>
    );
  }
  return (
    <Text size="sm">
      {sizes.length} distinct policies of {2 ** blocks} possible (1: fine-tuned, block 1 first). The commonest: {commonest}.
    </Text>
  );
}
