import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isExpected } from './errors.ts';
import { readExperimentFile } from './experimentFile.ts';
import { parseOptions } from './options.ts';

const experiment = {
  version: 1,
  name: 'e',
  question: null,
  preset: 'quick',
  changes: {},
  methods: ['finetune-all'],
  seeds: [1],
  grid: [],
  variants: [],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'experiments-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (changes: object): string => {
  const file = join(folder, 'experiment.json');
  writeFileSync(file, JSON.stringify({ ...experiment, ...changes }));
  return file;
};

/** What is said to somebody whose mistake it is. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isExpected(error)) return error.message;
    throw error;
  }
  return '';
}

describe('a file of an experiment', () => {
  it('brings its datasets along, with paths relative to itself', () => {
    const labels = {
      name: 'Ages',
      source: 'a.csv',
      labels: '/b/c.csv',
      separator: 'tab',
      columns: 'item,user',
      skipBadRows: true,
    };
    const simulated = { name: 'Open', simulate: { scenario: 'open', users: 50 } };
    const { data } = readExperimentFile(write({ data: [labels, simulated] }));
    expect(data?.[0]).toMatchObject({
      name: 'Ages',
      files: { kind: 'long', source: join(folder, 'a.csv'), target: null, labels: '/b/c.csv' },
      separator: '\t',
      skipBadRows: true,
    });
    expect(data?.[1]).toMatchObject({ name: 'Open', files: null, simulate: { scenario: 'open', users: 50, genres: 6 } });
    expect(readExperimentFile(write({})).data).toBeNull();
  });

  it.each<[string, object, RegExp]>([
    ['another version', { version: 2 }, /“version”/],
    ['an unknown field', { sets: [] }, /sets/],
    ['a method among the changes', { changes: { method: 'mtl' } }, /“method” is no key to change: it is said by “methods”/],
    ['a seed in the grid', { grid: [{ key: 'seed', values: [1] }] }, /“seed” is no key/],
    ['data that is no list', { data: {} }, /“data” is no list/],
    ['a dataset without a name', { data: [{ simulate: {} }] }, /“data.0.name”/],
    ['an unknown word', { data: [{ name: 'a', sauce: 'x' }] }, /sauce/],
    ['files and a simulation', { data: [{ name: 'a', source: 'x', simulate: {} }] }, /source/],
    ['no files', { data: [{ name: 'a' }] }, /“data.0” \(a\) names no files/],
    ['half a pair', { data: [{ name: 'a', pretrain: 'x' }] }, /“data.0.pretrain” and “data.0.finetune” go together/],
    [
      'a wrong unit',
      { data: [{ name: 'a', source: 'x', target: 'y', timeUnit: 'weeks' }] },
      /“data.0.timeUnit”: “weeks” is none of/,
    ],
    ['no users', { data: [{ name: 'a', simulate: { users: 0 } }] }, /“data.0.simulate.users”/],
    [
      'a name twice',
      {
        data: [
          { name: 'a', simulate: {} },
          { name: 'a', simulate: { seed: 2 } },
        ],
      },
      /two datasets are called “a”/,
    ],
  ])('with %s is refused, naming the field', (_name, changes, sentence) => {
    expect(refusal(() => readExperimentFile(write(changes)))).toMatch(sentence);
  });

  it('that is none is refused', () => {
    const file = join(folder, 'none.json');
    writeFileSync(file, '[]');
    expect(refusal(() => readExperimentFile(file))).toMatch(/not one object/);
    writeFileSync(file, '{');
    expect(refusal(() => readExperimentFile(file))).toMatch(/cannot be read/);
    expect(refusal(() => readExperimentFile(join(folder, 'nowhere.json')))).toMatch(/cannot be read/);
  });
});

describe('--experiment', () => {
  const words = (...more: string[]) => ['--experiment', write({ data: [{ name: 'a', simulate: {} }] }), ...more];

  it.each([
    ['--methods', 'mtl'],
    ['--seeds', '1'],
    ['--preset', 'paper'],
    ['--set', 'channels=4'],
    ['--config', 'c.json'],
    ['--search', 'channels=4,8'],
  ])('decides what %s would', (...option) => {
    expect(refusal(() => parseOptions(words(...option)))).toMatch(
      new RegExp(`^${option[0]} does not go with --experiment: .* says which methods`),
    );
  });

  it('takes files from the options where it has none, and else refuses them', () => {
    expect(refusal(() => parseOptions(words('--time-unit', 'seconds')))).toMatch(
      /^--time-unit does not go with .*its own “data”/,
    );
    const options = parseOptions(['--experiment', write({}), '--source', 's.csv', '--target', 't.csv']);
    expect(options).toMatchObject({ kind: 'run', named: true, data: [{ name: null, files: { source: 's.csv' } }] });
  });

  it('is shared out by the scheduler, unless --shard says otherwise; other words are not', () => {
    const pod = { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '4' };
    expect(parseOptions(words(), pod)).toMatchObject({ shard: { index: 3, count: 4 } });
    expect(parseOptions(words('--shard', '1/1'), pod)).toMatchObject({ shard: { index: 1, count: 1 } });
    expect(parseOptions(['--methods', 'mtl'], pod)).toMatchObject({ shard: { index: 1, count: 1 } });
    expect(refusal(() => parseOptions(['--search', 'channels=4,8', '--shard', '1/2']))).toMatch(
      /--shard does not go with --search/,
    );
  });
});

describe('--merge', () => {
  it('takes folders, and --out alone', () => {
    expect(parseOptions(['--merge', 'a', 'b', '--out', 'c'])).toEqual({ kind: 'merge', folders: ['a', 'b'], out: 'c' });
    expect(parseOptions(['--merge', 'a'])).toMatchObject({ out: 'a' });
    expect(refusal(() => parseOptions(['--merge', 'a', '--seeds', '1']))).toMatch(/--seeds does not go with --merge/);
    expect(refusal(() => parseOptions(['a']))).toMatch(/“a” is no option/);
  });
});
