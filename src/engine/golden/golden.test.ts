import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openNodeBackend } from '../node.ts';
import { compare, type GoldenCase } from './cases.ts';

const folder = process.env.GOLDEN_DIR ?? 'golden';
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): GoldenCase => JSON.parse(readFileSync(join(folder, file), 'utf8')));

describe.each(['cpu', 'wasm'] as const)('golden cases on %s', (backend) => {
  beforeAll(async () => {
    expect((await openNodeBackend(backend)).name).toBe(backend);
  });

  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    tf.engine().startScope();
    const comparisons = await compare(golden);
    tf.engine().endScope();
    expect(comparisons.length).toBeGreaterThan(0);
    expect(comparisons.filter(({ error }) => !(error <= 1))).toEqual([]);
  });
});
