import { describe, expect, it } from 'vitest';
import { type Dataset, ragged } from '../../../data/dataset.ts';
import { shapeOf } from '../../../data/shape.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../../data/simulator.ts';
import { doubtsOf } from './doubts.ts';
import { visibleDifference } from './visibleDifference.ts';

const doubted = (dataset: Dataset) => ({
  figures: dataset.figures,
  shape: shapeOf(dataset),
  timed: dataset.timed,
  task: dataset.task,
  scenario: dataset.origin.kind === 'simulated' ? dataset.origin.scenario : null,
  unordered: null,
});
const titles = (dataset: Dataset) => doubtsOf(doubted(dataset)).map(({ title }) => title);

describe('doubts', () => {
  const demo = simulate(SIMULATOR_DEFAULTS);
  it('has none of the demo', () => {
    expect(titles(demo)).toEqual([]);
  });

  it('says what difference could be seen at all', () => {
    // 400 users × 4 targets, of which 15 % test.
    const small = simulate({ ...SIMULATOR_DEFAULTS, users: 400 });
    expect(titles(small)).toEqual(['only 240 test instances', 'only 400 users in both domains']);
    expect(doubtsOf(doubted(small))[0].why).toBe('A difference in HR@5 smaller than about 0.06 cannot be told from chance.');
  });

  it('names rare and dominating targets, short sequences and missing times', () => {
    const users = demo.users.length;
    const of = (row: (u: number) => number[]) => ragged(Array.from({ length: users }, (_, u) => row(u)));
    const dataset = {
      ...demo,
      timed: false,
      source: of((u) => [1 + (u % 9)]),
      targets: of((u) => [0, u + 1, u + 1, 0]),
      targetItems: Array.from({ length: users + 1 }, (_, i) => `t${i}`),
      figures: { ...demo.figures, targetItems: users + 1 },
    };
    expect(titles(dataset)).toEqual([
      'nearly all target items are rare',
      'one target item dominates',
      'short source sequences',
      'no times',
    ]);
  });
});

describe('rows in no order', () => {
  const demo = doubted(simulate(SIMULATOR_DEFAULTS));
  const doubts = (changes: object) => doubtsOf({ ...demo, timed: false, ...changes });

  it('are of the files that have neither times nor an order', () => {
    expect(doubts({ unordered: [] })).toEqual([]);
    const [one] = doubts({ unordered: ['books.csv'] });
    expect(one.title).toBe('no times in books.csv');
    expect(one.what).toBe('books.csv has no times, and its rows are said to be in no order: they are taken as they stand.');
    expect(doubts({ unordered: ['a', 'b'] })[0].what).toMatch(/^a and b have no times, and their rows/);
  });

  it('matter where labels are predicted, too, which have no split by time', () => {
    expect(doubts({ task: 'profile' })).toEqual([]);
    expect(doubts({ task: 'profile', unordered: ['a'] })[0].why).not.toContain('latest');
  });
});

it('few lines to fine-tune on are no users who are written differently', () => {
  const { figures, shape, ...rest } = doubted(simulate({ ...SIMULATOR_DEFAULTS, users: 400 }));
  const users = { both: 400, sourceOnly: 3000, targetOnly: 0 };
  const pair = doubtsOf({ ...rest, figures: { ...figures, sourceUsers: 3000 }, shape: { ...shape, users } });
  expect(pair[1].title).toBe('only 400 users to fine-tune on');
  expect(pair[1].remedy).not.toContain('ids');
});

describe('the smallest difference that can be told from chance', () => {
  it('shrinks with the root of the instances', () => {
    expect(visibleDifference(240)).toBeCloseTo(0.058, 3);
    expect(visibleDifference(2400)).toBeCloseTo(visibleDifference(240) / Math.sqrt(10));
  });

  it('is where a paired t-test of such hits begins to reject', () => {
    // Of 1,000 instances 210 are hit by one method only: 2 · .3 · .7 · ½.
    const standardError = Math.sqrt(0.21 / 1000);
    expect(visibleDifference(1000) / standardError).toBeCloseTo(1.96);
  });
});
