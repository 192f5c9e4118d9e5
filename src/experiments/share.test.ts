import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESET_NAMES } from '../configuration/presets.ts';
import { type Experiment, ExperimentError } from './experiment.ts';
import { decodeExperiment, encodeExperiment, experimentIn, parseExperiment } from './share.ts';
import { emptyExperiment, experimentOf, TEMPLATES } from './templates.ts';

const value = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
  fc.boolean(),
  fc.array(fc.integer()),
);
const key = fc.constantFrom('channels', 'rewardGamma', 'fineTuning.epochs', 'dilations');
const changes = fc.dictionary(key, value, { noNullPrototype: true });
const methods = fc.array(fc.string(), { minLength: 1 });
const experiments: fc.Arbitrary<Experiment> = fc.record({
  version: fc.constant(1 as const),
  name: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((name) => name.length <= 200),
  question: fc.option(fc.string()),
  preset: fc.constantFrom(...PRESET_NAMES),
  changes,
  methods,
  seeds: fc.array(fc.nat(), { minLength: 1 }),
  grid: fc.array(fc.record({ key, values: fc.array(value, { minLength: 1 }) }), { maxLength: 3 }),
  variants: fc.array(fc.record({ name: fc.string(), changes, methods: fc.option(methods) }), { maxLength: 3 }),
});

const packed = (text: string) => deflateRawSync(text).toString('base64url');
const refusal = async (link: string) => {
  const refused = await decodeExperiment(link).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(ExperimentError);
  return (refused as ExperimentError).message;
};

describe('a share link', () => {
  it('gives back the experiment', async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async (experiment) => {
        // JSON knows one zero.
        const written = JSON.parse(JSON.stringify(experiment)) as Experiment;
        const link = await encodeExperiment(experiment);
        expect(link).toMatch(/^[\w-]+$/);
        expect(await decodeExperiment(link ?? '')).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  it('of a template fits in a message', async () => {
    for (const template of TEMPLATES) {
      const link = await encodeExperiment(experimentOf(template, 'quick', template.tasks[0]));
      expect(link?.length, template.id).toBeLessThan(1200);
    }
  });

  it('is refused in words when it is damaged, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => void (await refusal(text))),
      { numRuns: 60 },
    );
    const link = await encodeExperiment(emptyExperiment('quick'));
    expect(await refusal((link ?? '').slice(0, -8))).toMatch(/damaged|not written as JSON/);
    expect(await refusal('%%%')).toMatch(/damaged/);
  });

  it('is refused in words when it is hostile', async () => {
    const plain = emptyExperiment('quick');
    expect(await refusal('A'.repeat(20_000))).toMatch(/too long/);
    expect(await refusal(packed(' '.repeat(10_000_000)))).toMatch(/unfolds to more/);
    expect(await refusal(packed('['.repeat(90_000) + ']'.repeat(90_000)))).toMatch(/no experiment/);
    expect(await refusal(packed('{"__proto__":{"version":1}}'))).toMatch(/“__proto__” is no key/);
    const nested = JSON.stringify(plain).replace('"changes":{', '"changes":{"__proto__":1');
    expect(await refusal(packed(nested))).toMatch(/“__proto__” is no key/);
    expect(await refusal(packed(JSON.stringify({ ...plain, version: 2 })))).toMatch(/“version”/);
    expect(await refusal(packed(JSON.stringify({ ...plain, data: [1] })))).toMatch(/data/);
    expect(Object.keys({})).toEqual([]);
  });

  it('of a file is read the same way', () => {
    const plain = emptyExperiment('paper');
    expect(parseExperiment(JSON.stringify(plain, null, 2))).toEqual(plain);
    expect(() => parseExperiment('name,value')).toThrow('not written as JSON');
  });
});

describe('what no link can carry', () => {
  const experiment: Experiment = { ...emptyExperiment('quick'), name: 'n', methods: ['mtl'], seeds: [1] };

  it.each<[string, Partial<Experiment>]>([
    ['has no name', { name: '' }],
    ['has no methods', { methods: [] }],
    [
      'is too long',
      {
        variants: Array.from({ length: 3000 }, (_, i) => ({
          name: `${(i * 7919) % 10007} ${i ** 5}`,
          changes: {},
          methods: null,
        })),
      },
    ],
    ['unfolds to too much', { variants: [{ name: 'x'.repeat(200_000), changes: {}, methods: null }] }],
  ])('%s, and is not given one that would be refused', async (_, changes) => {
    expect(await encodeExperiment(experiment)).not.toBeNull();
    expect(await encodeExperiment({ ...experiment, ...changes })).toBeNull();
  });
});

describe('a file of an experiment', () => {
  const experiment = { ...emptyExperiment('quick'), methods: ['mtl'], seeds: [0, 1] };

  it('may say, for the command line, what it is run on', async () => {
    const text = JSON.stringify({ ...experiment, data: [{ name: 'd', source: 's.csv', target: 't.csv' }] });
    expect(await experimentIn(new Blob([text]))).toEqual(experiment);
  });

  it.each(['[]', 'null', '3', '{"data": []}', 'no'])('that is %s is refused', async (text) => {
    await expect(experimentIn(new Blob([text]))).rejects.toThrow(ExperimentError);
  });

  it('that is too large is not read', async () => {
    const file = new Blob(['x'.repeat(200_001)]);
    file.text = () => Promise.reject(new Error('was read'));
    await expect(experimentIn(file)).rejects.toThrow(ExperimentError);
  });
});
