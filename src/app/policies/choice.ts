import { patternOf, usersIn } from '../../analysis/policies.ts';

/** Some users that were chosen: what the other charts follow. */
export interface Choice {
  /** 1 for each of them. */
  readonly mask: Uint8Array;
  readonly users: number;
  /** Equal for the same users. */
  readonly key: string;
}

/** @param name of the order */
export function chooseRows(order: Int32Array, [first, last]: readonly [number, number], name: string): Choice {
  const mask = new Uint8Array(order.length);
  for (let row = first; row <= last; row++) mask[order[row]] = 1;
  return { mask, users: last - first + 1, key: `${name} ${first} ${last}` };
}

/** The users who have a policy at an epoch; they stay chosen at other epochs, where they may have another one. */
export function chooseByPolicy(
  policies: { readonly bytes: Uint8Array; readonly blocks: number },
  pattern: string,
  epoch: number,
): Choice {
  const mask = Uint8Array.from({ length: usersIn(policies) }, (_, user) => (patternOf(policies, user) === pattern ? 1 : 0));
  return { mask, users: mask.reduce((sum, one) => sum + one, 0), key: `policy ${pattern} ${epoch}` };
}
