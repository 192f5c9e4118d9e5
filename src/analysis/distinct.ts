import { gateOf } from '../storage/policies.ts';
import type { Chosen, Policies } from './policies.ts';

/** The different policies of some users (Soft rounded at ½), largest first; equal sizes by their pattern. */
export interface DistinctPolicies {
  /** 0110: 1 fine-tuned, block 1 first. */
  readonly patterns: readonly string[];
  readonly sizes: Int32Array;
  /** For each user, the place of their policy; −1 for a user who was not asked for. */
  readonly of: Int32Array;
}

export function distinctPolicies({ bytes, blocks }: Policies, chosen: Chosen = null): DistinctPolicies {
  const users = bytes.length / blocks;
  const found = new Map<number, number>();
  const sizes: number[] = [];
  const of = new Int32Array(users).fill(-1);
  for (let user = 0; user < users; user++) {
    if (chosen !== null && chosen[user] === 0) continue;
    // At most 32 blocks: exact as a number.
    let code = 0;
    for (let block = 0; block < blocks; block++) code = code * 2 + gateOf(bytes[user * blocks + block]);
    let place = found.get(code);
    if (place === undefined) {
      place = sizes.length;
      found.set(code, place);
      sizes.push(0);
    }
    sizes[place]++;
    of[user] = place;
  }
  const codes = Array.from(found.keys());
  const bySize = codes.map((_, place) => place).sort((a, b) => sizes[b] - sizes[a] || codes[a] - codes[b]);
  const place = new Int32Array(codes.length);
  bySize.forEach((before, now) => {
    place[before] = now;
  });
  return {
    patterns: bySize.map((before) => codes[before].toString(2).padStart(blocks, '0')),
    sizes: Int32Array.from(bySize, (before) => sizes[before]),
    of: of.map((before) => (before < 0 ? -1 : place[before])),
  };
}
