import { probabilityOf } from '../storage/policies.ts';
import { clusteredOrder, MOST_CLUSTERED } from './clustering.ts';
import { distinctPolicies } from './distinct.ts';
import type { Grouping } from './groupings.ts';
import { type Policies, usersIn } from './policies.ts';

/** Neighbouring rows that belong together. */
interface Band {
  readonly label: string;
  readonly rows: number;
}

/** In which order the users stand below each other. */
export interface Rows {
  /** Users, from top to bottom. */
  readonly order: Int32Array;
  readonly bands: readonly Band[];
  /** What one has to know about the order, if anything. */
  readonly note: string | null;
}

export const inDatasetOrder = (users: number): Rows => ({
  order: Int32Array.from({ length: users }, (_, user) => user),
  bands: [],
  note: null,
});

/** Similar policies beside each other (`clusteredOrder`); within one policy by the mean probability. */
export function bySimilarity(policies: Policies): Rows {
  const distinct = distinctPolicies(policies);
  const place = new Int32Array(distinct.patterns.length);
  clusteredOrder(distinct).forEach((policy, position) => {
    place[policy] = position;
  });
  const strength = strengths(policies);
  const order = inDatasetOrder(usersIn(policies)).order.sort(
    (a, b) => place[distinct.of[a]] - place[distinct.of[b]] || strength[a] - strength[b] || a - b,
  );
  const others = distinct.patterns.length - MOST_CLUSTERED;
  const note =
    others > 0
      ? `The ${MOST_CLUSTERED} largest policies are clustered; each of the other ${others} stands beside the nearest of them.`
      : null;
  return { order, bands: [], note };
}

/** From users who keep everything to users who re-learn everything. */
export function byProbability(policies: Policies): Rows {
  const strength = strengths(policies);
  const order = inDatasetOrder(usersIn(policies)).order.sort((a, b) => strength[a] - strength[b] || a - b);
  return { order, bands: [], note: null };
}

/** Group by group; within a group as they were. */
export function byGroup({ order, note }: Rows, { groups, codes }: Pick<Grouping, 'groups' | 'codes'>): Rows {
  const sizes = new Int32Array(groups.length);
  for (const user of order) sizes[codes[user]]++;
  const next = sizes.map((_, group) => sizes.subarray(0, group).reduce((sum, size) => sum + size, 0));
  const grouped = new Int32Array(order.length);
  for (const user of order) grouped[next[codes[user]]++] = user;
  const bands = groups.map((label, group) => ({ label, rows: sizes[group] })).filter(({ rows }) => rows > 0);
  return { order: grouped, bands, note };
}

/** From those whose targets rose most to those whose fell most; users without a test instance at the end. */
export function byRankChange(change: Float64Array): Rows {
  const known = (user: number) => (Number.isNaN(change[user]) ? Number.NEGATIVE_INFINITY : change[user]);
  const order = inDatasetOrder(change.length).order.sort((a, b) => (known(a) === known(b) ? a - b : known(b) - known(a)));
  const codes = Uint8Array.from(change, (value) => (Number.isNaN(value) ? 3 : value > 0 ? 0 : value === 0 ? 1 : 2));
  return byGroup({ order, bands: [], note: null }, { groups: ['better here', 'the same', 'worse here', 'not tested'], codes });
}

/** The mean probability of fine-tuning of each user. */
function strengths({ bytes, blocks }: Policies): Float64Array {
  const strength = new Float64Array(bytes.length / blocks);
  for (let i = 0; i < bytes.length; i++) strength[Math.floor(i / blocks)] += probabilityOf(bytes[i]) / blocks;
  return strength;
}
