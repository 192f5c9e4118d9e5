import type { Band } from '../../charts/PolicyHeatmap.tsx';
import type { UserAttribute } from '../../data/dataset.ts';
import { recoveredKinds } from '../../engine/evaluation/policies.ts';
import { gateOf, probabilityOf } from '../../storage/policies.ts';

/** Packed policies of users, [users × blocks]. */
export interface PackedPolicies {
  readonly bytes: Uint8Array;
  readonly blocks: number;
  /** A hard gate is 0 or 1, whatever its probability; a soft one is the probability. */
  readonly kind: 'hard' | 'soft';
}

export const usersIn = ({ bytes, blocks }: PackedPolicies): number => bytes.length / blocks;

/** The hard policy of a user as a word: 0110. */
export function patternOf({ bytes, blocks }: PackedPolicies, user: number): string {
  return Array.from(bytes.subarray(user * blocks, (user + 1) * blocks), gateOf).join('');
}

/** Users with the same policy beside each other, then by how strongly they fine-tune. */
export function bySimilarity(policies: PackedPolicies): Int32Array {
  const { bytes, blocks } = policies;
  const users = usersIn(policies);
  const pattern = Array.from({ length: users }, (_, user) => patternOf(policies, user));
  const strength = Array.from({ length: users }, (_, user) =>
    bytes.subarray(user * blocks, (user + 1) * blocks).reduce((sum, byte) => sum + byte, 0),
  );
  const order = Int32Array.from({ length: users }, (_, user) => user);
  return order.sort((a, b) =>
    pattern[a] === pattern[b] ? strength[a] - strength[b] || a - b : pattern[a] < pattern[b] ? -1 : 1,
  );
}

/** The order of rows when users are grouped by an attribute; within a group as they were. */
export function groupBy(
  order: Int32Array,
  codes: (row: number) => number,
  attribute: UserAttribute,
): { order: Int32Array; bands: Band[] } {
  const grouped = attribute.values.map((_, code) => order.filter((row) => codes(row) === code));
  const bands = grouped.map((rows, code) => ({ label: `${attribute.values[code]} (${rows.length})`, rows: rows.length }));
  return { order: Int32Array.from(grouped.flatMap((rows) => Array.from(rows))), bands: bands.filter(({ rows }) => rows > 0) };
}

/** The sizes of the distinct (rounded) policies, largest first. */
export function distinctPolicies(policies: PackedPolicies): { pattern: string; users: number }[] {
  const sizes = new Map<string, number>();
  for (let user = 0; user < usersIn(policies); user++) {
    const pattern = patternOf(policies, user);
    sizes.set(pattern, (sizes.get(pattern) ?? 0) + 1);
  }
  return Array.from(sizes, ([pattern, users]) => ({ pattern, users })).sort((a, b) => b.users - a.users);
}

/** I_l of a user and block. */
const gateIn = ({ bytes, blocks, kind }: PackedPolicies, user: number, block: number): number =>
  kind === 'hard' ? gateOf(bytes[user * blocks + block]) : probabilityOf(bytes[user * blocks + block]);

/** How well a two-valued attribute of the users is recovered; see the engine's `recoveredKinds`. */
export const recovery = (policies: PackedPolicies, code: (row: number) => number): { auc: number; by: string } =>
  recoveredKinds(usersIn(policies), policies.blocks, (user, block) => gateIn(policies, user, block), code);
