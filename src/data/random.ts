import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { drained, type Steps } from './steps.ts';

/** A seeded source of random numbers for one purpose. Never shared between purposes. */
export interface RandomStream {
  /** Uniform in the open interval (0, 1): safe under a logarithm. */
  uniform(): number;
  /** A whole number, uniform in 0 … bound − 1. */
  integer(bound: number): number;
}

/** Where a stream stands: `continuedStream` goes on from there. */
export type StreamState = readonly number[];

/** A stream that can be left and gone on with later. */
export interface LastingStream extends RandomStream {
  state(): StreamState;
}

/**
 * The stream of one purpose ("fine-tuning/negatives", epoch 3). Streams with different keys are independent, so
 * that drawing more from one never changes what another gives; and because an epoch is part of the key, a checkpoint
 * holds the states of the streams of its epoch alone.
 */
export function randomStream(seed: number, ...key: (string | number)[]): LastingStream {
  const generator = xoroshiro128plus(hash(`${seed}\u0000${key.join('\u0000')}`));
  // The first outputs of generators with close seeds are correlated.
  for (let i = 0; i < 4; i++) generator.next();
  return fromGenerator(generator);
}

/** Goes on where a stream stood. */
export const continuedStream = (state: StreamState): LastingStream => fromGenerator(xoroshiro128plusFromState(state));

function fromGenerator(generator: RandomGenerator): LastingStream {
  return {
    uniform: () => {
      let value = uniformFloat64(generator);
      while (value === 0) value = uniformFloat64(generator);
      return value;
    },
    integer: (bound) => uniformInt(generator, 0, bound - 1),
    state: () => generator.getState(),
  };
}

/** FNV-1a with a final avalanche (murmur3's), 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/** The numbers 0 … length − 1 in random order (Fisher and Yates). */
export const permutation = (random: RandomStream, length: number): Int32Array => drained(permutationInSteps(random, length));

/** The same, some numbers at a time. */
export function* permutationInSteps(random: RandomStream, length: number): Steps<Int32Array> {
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let end = length - 1; end > 0; end -= STEP) {
    shuffleBelow(order, random, end, Math.max(0, end - STEP));
    yield;
  }
  return order;
}

/** Numbers that are drawn between two steps. */
const STEP = 1 << 16;

/** Exchanges each of the places `end`, … until (not with) `start` with one that is not behind it. */
function shuffleBelow(order: Int32Array, random: RandomStream, end: number, start: number): void {
  for (let i = end; i > start; i--) {
    const j = random.integer(i + 1);
    const moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
}

/** One number of N(0, 1), Box and Muller; `within` redraws until the magnitude is at most that. */
export function standardNormal(random: RandomStream, within = Number.POSITIVE_INFINITY): number {
  for (;;) {
    const radius = Math.sqrt(-2 * Math.log(random.uniform()));
    const value = radius * Math.cos(2 * Math.PI * random.uniform());
    if (Math.abs(value) <= within) return value;
  }
}
