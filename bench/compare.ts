import { setTimeout } from 'node:timers/promises';
import type { Runner, Step } from './engine.ts';

/** Losses of the same step may differ by this share: single precision, and the order of sums. */
const AGREEMENT = 2e-4;
/** Between two implementations, in milliseconds. */
const REST = 50;
/** Steps that are timed in a round; one that takes longer than so many seconds is a round by itself. */
const BURST = 4;
const LONG = 1;
/** Warming up, the steps whose losses are compared included. */
const WARM_UP = { steps: 12, seconds: 3 };

/** How many rounds there are; an implementation that has taken more than so many seconds stops after `atLeast`. */
export interface Rounds {
  readonly most: number;
  readonly atLeast: number;
  readonly seconds: number;
}

/** One implementation's steps of a case. */
class Entrant {
  private rounds = 0;
  private readonly times: number[] = [];
  private milliseconds = 0;

  constructor(
    readonly implementation: string,
    private readonly runner: Runner,
  ) {}

  /** The losses of the first two steps; then some more, until it is warm. */
  async warmUp(): Promise<number[]> {
    const [first, second] = [await this.step(), await this.step()];
    // The first one compiles; a second as long as that is worth keeping.
    if (isLong(second)) this.finishRound([second]);
    for (let i = 2; i < WARM_UP.steps && this.milliseconds < 1000 * WARM_UP.seconds; i++) await this.step();
    return [first.loss, second.loss];
  }

  goesOn({ most, atLeast, seconds }: Rounds): boolean {
    return this.rounds < atLeast || (this.rounds < most && this.milliseconds < 1000 * seconds);
  }

  async round(): Promise<void> {
    // The threads of the one before may still look for work; the own ones are asleep, and the first step wakes them.
    await setTimeout(REST);
    const woken = await this.step();
    if (isLong(woken)) {
      this.finishRound([woken]);
      return;
    }
    const burst: Step[] = [];
    for (let i = 0; i < BURST; i++) burst.push(await this.step());
    this.finishRound(burst);
  }

  median(): number {
    const sorted = this.times.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private async step(): Promise<Step> {
    const step = await this.runner.step();
    this.milliseconds += step.milliseconds;
    return step;
  }

  private finishRound(steps: readonly Step[]): void {
    this.rounds++;
    this.times.push(...steps.map(({ milliseconds }) => milliseconds));
  }
}

const isLong = ({ milliseconds }: Step): boolean => milliseconds > 1000 * LONG;

/** The median time of a step of each, after the losses of the first steps have been found to agree. */
export async function compare(name: string, runners: ReadonlyMap<string, Runner>, rounds: Rounds): Promise<Map<string, number>> {
  const entrants = Array.from(runners, ([implementation, runner]) => new Entrant(implementation, runner));
  let reference: readonly number[] | null = null;
  for (const entrant of entrants) {
    const losses = await entrant.warmUp();
    reference ??= losses;
    for (const [i, loss] of losses.entries()) {
      if (Math.abs(loss - reference[i]) <= AGREEMENT * Math.abs(reference[i])) continue;
      const [its, that] = [entrant, entrants[0]].map(({ implementation }) => implementation);
      throw new Error(`${name}: step ${i + 1} of ${its} has the loss ${loss}, that of ${that} ${reference[i]}.`);
    }
  }
  for (let round = 0; round < rounds.most; round++) {
    for (const entrant of entrants) if (entrant.goesOn(rounds)) await entrant.round();
  }
  return new Map(entrants.map((entrant) => [entrant.implementation, entrant.median()]));
}
