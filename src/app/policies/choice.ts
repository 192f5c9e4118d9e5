import { usersIn } from '../../analysis/policies.ts';
import { gateOf } from '../../storage/policies.ts';
import { count } from '../format.ts';

/** Some users that were chosen: what the other charts follow. */
export interface Choice {
  /** 1 for each of them. */
  readonly mask: Uint8Array;
  readonly users: number;
  /** Of one run, equal only for the same users. */
  readonly key: string;
}

/** @param sortedBy what the order answers: see `sortingKey` */
export function chooseRows(order: Int32Array, [first, last]: readonly [number, number], sortedBy: string): Choice {
  const mask = new Uint8Array(order.length);
  for (let row = first; row <= last; row++) mask[order[row]] = 1;
  return { mask, users: last - first + 1, key: `${sortedBy} ${first} ${last}` };
}

/**
 * The users who have a policy at an epoch; they stay chosen at other epochs, where they may have another one.
 *
 * @param epoch of the policies
 */
export function chooseByPolicy(
  policies: { readonly bytes: Uint8Array; readonly blocks: number; readonly epoch: string },
  pattern: string,
): Choice {
  const { bytes, blocks, epoch } = policies;
  // Gate by gate: making a word for each of many users would keep the page waiting.
  const gates = Uint8Array.from(pattern, Number);
  const mask = new Uint8Array(usersIn(policies));
  let users = 0;
  for (let user = 0; user < mask.length; user++) {
    let block = 0;
    while (block < blocks && gateOf(bytes[user * blocks + block]) === gates[block]) block++;
    if (block < blocks) continue;
    mask[user] = 1;
    users++;
  }
  return { mask, users, key: `policy ${pattern} ${epoch}` };
}

/** Whose figures are shown, by how many they are of how many. */
export const ofWhom = (users: number, all: number): string =>
  users === all ? `all ${count(all)} users` : users === 1 ? 'the one chosen user' : `the ${count(users)} chosen users`;
