import { afterEach, expect, it } from 'vitest';
import type { PreparationSettings } from '../data/dataset.ts';
import { EventSpool } from '../data/eventSpool.ts';
import type { Reading } from '../data/events.ts';
import { NO_EVENT_FILTERS } from '../data/filters.ts';
import { prepare } from '../data/prepare.ts';
import { type RandomStream, randomStream } from '../data/random.ts';
import { drained, end } from '../data/steps.ts';
import { memoryScratch } from '../data/testing.ts';
import { effectOn } from './effects.ts';

const own = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'transfer') ?? {};
afterEach(() => {
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', own);
});

function randomReading(random: RandomStream): Reading {
  const integer = (bound: number) => random.integer(bound);
  const [isProfile, isGrouped] = [integer(3) === 0, integer(2) === 0];
  const logOf = (length: number, items: number) => {
    const spool = new EventSpool('number', integer(2) === 0 ? memoryScratch() : null, 0);
    for (let i = 0; i < length; i++) spool.add(isGrouped ? Math.floor(i / 9) : integer(40), integer(items), integer(100));
    return spool.build(Array.from({ length: items }, (_, i) => `i${i}`));
  };
  return {
    files: ['source.csv', 'target.csv'],
    task: isProfile ? 'profile' : 'ranking',
    users: Array.from({ length: 40 }, (_, u) => `u${u}`),
    pretrainingUsers: integer(2) === 0 ? null : 20,
    timed: true,
    source: logOf(300, 40),
    target: logOf(120, isProfile ? 3 : 15),
  };
}

const randomSettings = (random: RandomStream): PreparationSettings => ({
  minimumTargetItemCount: 1 + random.integer(3),
  maximumTargetsPerUser: random.integer(3),
  filters: {
    ...NO_EVENT_FILTERS,
    from: random.integer(2) === 0 ? null : random.integer(60),
    repeats: (['keep', 'consecutive', 'first'] as const)[random.integer(3)],
    core: 1 + random.integer(6),
    minimumSourceLength: 1 + random.integer(6),
    maximumSourceLength: random.integer(6),
    minimumTargetsPerUser: 1 + random.integer(3),
  },
});

/** What comes of it, or why nothing does. */
function outcome<T>(carryOut: () => T): T | string {
  try {
    return carryOut();
  } catch (error) {
    return String(error);
  }
}

it('tells the same of a reading whatever was asked of it, refused or given up before, in memory and on disk', () => {
  const everything = () =>
    Array.from({ length: 30 }, (_, seed) => {
      const random = randomStream(seed, 'effects');
      const reading = randomReading(random);
      return Array.from({ length: 6 }, () => {
        const settings = randomSettings(random);
        const given = effectOn(reading, randomSettings(random));
        outcome(() => {
          for (let steps = random.integer(40); steps > 0 && !given.next().done; steps--);
        });
        end(given);
        return [outcome(() => drained(effectOn(reading, settings))), outcome(() => prepare('d', reading, settings))];
      });
    });
  const emptied = everything();
  expect(emptied.flat(2).filter((answer) => typeof answer !== 'string').length).toBeGreaterThan(50);
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', { ...own, value: undefined });
  expect(everything()).toEqual(emptied);
});
