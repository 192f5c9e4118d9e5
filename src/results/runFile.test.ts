import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_EVENT_FILTERS } from '../data/filters.ts';
import { metricsOf } from '../engine/evaluation/metrics.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { ResultRun } from './run.ts';
import { RunFileError, readRunFile, readRunFiles, writeRunFile, writeRunFiles } from './runFile.ts';
import { DATASET, resultRun } from './testing.ts';

const ranked = (): ResultRun => {
  const run = resultRun('uaf-hard', 1, [3, 1, 77, 12]);
  const details = run.details && {
    ...run.details,
    policies: Uint8Array.of(255, 0, 129, 127),
    epochs: [
      { epoch: 1, bytes: Uint8Array.of(1, 2, 3, 4) },
      { epoch: 2, bytes: Uint8Array.of(255, 0, 129, 127) },
    ],
  };
  return { ...run, details };
};

const profiled = (): ResultRun => {
  const predicted = Int32Array.of(0, 1, 1);
  const targets = Int32Array.of(0, 1, 0);
  const test = metricsOf({ predicted }, targets, [5]);
  return {
    ...resultRun('finetune-all', 3, [1, 1, 1], { report: { test, epochs: [] } }),
    dataset: { ...DATASET, task: 'profile', classes: ['young', 'old'], targetItems: 2 },
    details: {
      instances: Int32Array.of(2, 5, 900),
      targets,
      users: Int32Array.of(0, 0, 7),
      outcomes: { predicted },
      policies: null,
      epochs: [],
    },
  };
};

const failed = (): ResultRun => ({
  ...resultRun('finetune-all', 2, [1], {
    report: { status: 'failed', error: 'DivergedError: …', test: null, epochs: [], bestEpoch: null, pretraining: null },
  }),
  details: null,
});

const together = (runs: readonly ResultRun[]) => Array.from(writeRunFiles(runs)).join('');

describe('run files', () => {
  it('give back what was written', () => {
    for (const run of [ranked(), profiled(), failed(), { ...ranked(), details: null, experiment: 'Table 2' }])
      expect(readRunFile(writeRunFile(run))).toEqual(run);
  });

  it('keep what was left out of a dataset, and how', () => {
    const run = ranked();
    const filtered = { ...run, dataset: { ...run.dataset, filters: { ...NO_EVENT_FILTERS, from: 1_357_430_400_000, core: 5 } } };
    expect(readRunFile(writeRunFile(filtered))).toEqual(filtered);
  });

  it('of earlier versions do not say of which user an instance is', () => {
    const run = profiled();
    const file = changed(run, ({ details }) => delete details.users);
    expect(readRunFile(file)).toEqual({ ...run, details: { ...run.details, users: null } });
  });

  it('hold several runs, or one', () => {
    const runs = [ranked(), profiled(), failed()];
    expect(readRunFiles(together(runs))).toEqual(runs);
    expect(readRunFiles(together([]))).toEqual([]);
    expect(readRunFiles(writeRunFile(runs[0]))).toEqual([runs[0]]);
    expect(() => readRunFile(together(runs))).toThrow(/a file of 3 runs/);
  });

  it('write the bytes that the format says', () => {
    const { details } = JSON.parse(writeRunFile(profiled()));
    expect(Array.from(atob(details.instances), (c) => c.charCodeAt(0))).toEqual([2, 0, 0, 0, 5, 0, 0, 0, 132, 3, 0, 0]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are not written with %d, which JSON has not', (trainLoss) => {
    const run = ranked();
    const epochs = run.report.epochs.map((epoch) => ({ ...epoch, trainLoss }));
    expect(epochs).not.toEqual([]);
    expect(() => writeRunFile({ ...run, report: { ...run.report, epochs } })).toThrow(
      new RunFileError(`This run cannot be written to a file: “trainLoss” is ${trainLoss}.`),
    );
  });

  /** A file in which something was changed. */
  const changed = (run: ResultRun, change: (file: ReturnType<typeof JSON.parse>) => void): string => {
    const file = JSON.parse(writeRunFile(run));
    change(file);
    return JSON.stringify(file);
  };

  it.each<[string, string, RegExp]>([
    ['no JSON', 'method,seed', /cannot be read as JSON/],
    ['another JSON', '{"format":"else"}', /no run file/],
    ['a later version', changed(ranked(), (file) => Object.assign(file, { version: 2 })), /is of version 2.*reads version 1/],
    [
      'a version that cannot be said',
      changed(ranked(), (file) => Object.assign(file, { version: { toString: 1 } })),
      /no number/,
    ],
    ['a missing field', changed(ranked(), (file) => delete file.report.seconds), /“report.seconds”/],
    [
      'an unknown key',
      changed(ranked(), (file) => Object.assign(file.report.configuration, { chanels: 4 })),
      /nearest is “channels”/,
    ],
    ['a key that is not there', changed(ranked(), (file) => delete file.report.configuration.channels), /has no “channels”/],
    [
      'a group that is nothing',
      changed(ranked(), (file) => Object.assign(file.report.configuration, { fineTuning: null })),
      /is nothing/,
    ],
    ['no base64', changed(ranked(), (file) => Object.assign(file.details, { targets: 'ä' })), /“details.targets” is no base64/],
    [
      'half a number',
      changed(ranked(), (file) => Object.assign(file.details, { targets: 'AAA=' })),
      /“details.targets” is cut off/,
    ],
    [
      'fewer targets',
      changed(ranked(), (file) => Object.assign(file.details, { targets: 'AAAAAA==' })),
      /not of as many test instances/,
    ],
    [
      'fewer users',
      changed(ranked(), (file) => Object.assign(file.details, { users: 'AAAAAA==' })),
      /not of as many test instances/,
    ],
    ['users below 0', changed(ranked(), (file) => Object.assign(file.details, { users: `${'/'.repeat(21)}w==` })), /users that/],
    [
      'another method',
      changed(ranked(), (file) => Object.assign(file.report, { method: 'mtl' })),
      /not those of its configuration/,
    ],
    [
      'a method that is a path',
      changed(ranked(), ({ report }) =>
        Object.assign(report, { method: '/../evil', configuration: { ...report.configuration, method: '/../evil' } }),
      ),
      /there is no method “\/\.\.\/evil”/,
    ],
    [
      'no result',
      changed(ranked(), (file) => Object.assign(file, { details: null, report: { ...file.report, test: null } })),
      /no result/,
    ],
    [
      'one policy byte less',
      changed(ranked(), (file) => Object.assign(file.details, { policies: 'AAAA' })),
      /not of all its blocks/,
    ],
    [
      'a broken run among several',
      JSON.stringify({ format: 'uaf-studio runs', version: 1, runs: [JSON.parse(writeRunFile(ranked())), 7] }),
      /Run 2 of this file is no run file/,
    ],
  ])('with %s are refused in words', (_name, text, sentence) => {
    expect(() => readRunFiles(text)).toThrow(RunFileError);
    expect(() => readRunFiles(text)).toThrow(sentence);
  });

  it('throw nothing else, whatever is in them', () => {
    const read = (text: string) => {
      try {
        readRunFiles(text);
      } catch (error) {
        expect(error).toBeInstanceOf(RunFileError);
      }
    };
    const whole = [ranked(), profiled(), failed()].map(writeRunFile);
    fc.assert(fc.property(fc.json(), read));
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), fc.nat(20), fc.string(), (file, at, cut, put) => {
        const place = at % file.length;
        read(file.slice(0, place) + put + file.slice(place + cut));
      }),
    );
    // Whole JSON with one value replaced by any other.
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), fc.jsonValue(), (file, at, value) => {
        const places = file.match(/"\w+":/g)?.length ?? 1;
        let place = 0;
        read(JSON.stringify(JSON.parse(file, (key, old) => (key !== '' && place++ === at % places ? value : old))));
      }),
      { numRuns: 500 },
    );
  });
});

it('base64 is that of everybody else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
  const large = new Uint8Array(100_000).map((_, i) => i);
  expect(fromBase64(toBase64(large))).toEqual(large);
  expect(['A', 'A===', 'AB=C', 'A B='].map(fromBase64)).toEqual([null, null, null, null]);
});
