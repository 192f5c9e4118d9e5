import { gateOf, probabilityOf } from '../storage/policies.ts';

/** Packed policies of users, [users × blocks], a byte each (`storage/policies.ts`). */
export interface Policies {
  readonly bytes: Uint8Array;
  readonly blocks: number;
  /** A hard gate is 0 or 1, whatever its probability; a soft one is the probability. */
  readonly kind: 'hard' | 'soft';
}

/** Some of the users: 1 for each that is meant; null for all. */
export type Chosen = Uint8Array | null;

export const usersIn = ({ bytes, blocks }: Pick<Policies, 'bytes' | 'blocks'>): number => bytes.length / blocks;

/** What a byte's gate is worth: I, 0 (frozen) to 1 (fine-tuned), for each of the 256 bytes. */
export const valuesOf = (kind: Policies['kind']): Float64Array =>
  Float64Array.from({ length: 256 }, (_, byte) => (kind === 'soft' ? probabilityOf(byte) : gateOf(byte)));

/** The hard policy of a user as a word: 0110. */
export function patternOf({ bytes, blocks }: Pick<Policies, 'bytes' | 'blocks'>, user: number): string {
  return Array.from(bytes.subarray(user * blocks, (user + 1) * blocks), gateOf).join('');
}

/** How often each byte occurs, block by block: [blocks × 256]. Means, deviations and distributions come of it. */
export function countBytes({ bytes, blocks }: Policies, chosen: Chosen): Int32Array {
  const counts = new Int32Array(blocks * 256);
  const users = bytes.length / blocks;
  for (let user = 0; user < users; user++) {
    if (chosen !== null && chosen[user] === 0) continue;
    for (let block = 0; block < blocks; block++) counts[block * 256 + bytes[user * blocks + block]]++;
  }
  return counts;
}
