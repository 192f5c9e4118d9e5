import { Stack } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { PolicyHeatmap } from '../../charts/PolicyHeatmap.tsx';
import { gateOf, probabilityOf } from '../../storage/policies.ts';
import type { TargetUsers } from '../shared/useDataset.ts';
import { bySimilarity, distinctPolicies, groupBy, type PackedPolicies, patternOf, usersIn } from './order.ts';

export type RowOrder = 'dataset' | 'similarity' | { readonly attribute: number };

interface UserPoliciesProps {
  readonly title: string;
  /** Null while no epoch is over: then all is grey. */
  readonly policies: PackedPolicies | null;
  readonly blocks: number;
  readonly target: TargetUsers;
  readonly order: RowOrder;
  /** A hard gate is 0 or 1; a soft one is the probability itself. */
  readonly show: 'hard gate' | 'probability';
  readonly height?: number;
}

/** All users × blocks, in the order asked for. */
export function UserPolicies({ title, policies, blocks, target, order, show, height = 320 }: UserPoliciesProps) {
  const { dataset, users } = target;
  const { rows, bands } = useMemo(() => {
    const all = Int32Array.from({ length: users.length }, (_, row) => row);
    const similar = policies === null || order === 'dataset' ? all : bySimilarity(policies);
    if (typeof order === 'string') return { rows: similar, bands: [] };
    const attribute = dataset.attributes[order.attribute];
    const grouped = groupBy(similar, (row) => attribute.codes[users[row]], attribute);
    return { rows: grouped.order, bands: grouped.bands };
  }, [policies, order, dataset, users]);
  const value = useCallback(
    (row: number, block: number) => {
      if (policies === null) return null;
      const byte = policies.bytes[rows[row] * blocks + block];
      return show === 'hard gate' ? gateOf(byte) : probabilityOf(byte);
    },
    [policies, rows, blocks, show],
  );
  const wordsFor = (row: number) => {
    const user = rows[row];
    const gates =
      policies === null
        ? 'no policy yet'
        : `policy ${patternOf(policies, user)} (1: fine-tuned); probabilities ${Array.from({ length: blocks }, (_, l) => probabilityOf(policies.bytes[user * blocks + l]).toFixed(2)).join(', ')}`;
    return `${dataset.users[users[user]]}: ${gates}`;
  };
  const summary = policies === null ? 'Grey until the first epoch is over.' : summaryOf(policies);
  return (
    <Stack gap={4}>
      <GateLegend
        what={show === 'hard gate' ? 'gate of each user and block' : 'probability of fine-tuning, for each user and block'}
      />
      <PolicyHeatmap
        title={title}
        blocks={blocks}
        rows={users.length}
        value={value}
        wordsFor={wordsFor}
        bands={bands}
        height={height}
        summary={summary}
      />
    </Stack>
  );
}

function summaryOf(policies: PackedPolicies): string {
  const distinct = distinctPolicies(policies);
  const users = usersIn(policies);
  const [first] = distinct;
  return `${users.toLocaleString('en')} users, ${distinct.length} distinct ${distinct.length === 1 ? 'policy' : 'policies'}; the commonest, ${first.pattern}, has ${Math.round((100 * first.users) / users)} %.`;
}
