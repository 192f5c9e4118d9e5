import { describe, expect, it } from 'vitest';
import { planCases } from './cases.ts';
import { plan } from './plan.ts';

/** What a step asks of a GPU now: dispatches, gigabytes touched, gigabytes at most. A change here is a change of speed. */
const PLANNED: Readonly<Record<string, readonly [dispatches: number, touched: number, peak: number]>> = {
  'finetune-all/coldrec-1': [81, 0.96, 0.64],
  'uaf-soft/coldrec-1': [162, 1.72, 1.02],
  'uaf-hard/coldrec-1': [173, 1.72, 1.02],
  'uaf-rl/coldrec-1': [273, 2.33, 1.14],
  'pretraining-sampled-4096/coldrec-1': [105, 2.25, 1.18],
  'pretraining-sampled-38204/coldrec-1': [172, 10.31, 1.29],
  'pretraining-full/coldrec-1': [438, 61.82, 1.33],
  'finetune-all/coldrec-2': [81, 1.43, 1.48],
  'uaf-soft/coldrec-2': [162, 2.52, 2.7],
  'uaf-hard/coldrec-2': [173, 2.52, 2.7],
  'uaf-rl/coldrec-2': [273, 3.38, 2.76],
  'pretraining-sampled-4096/coldrec-2': [113, 4.37, 3.01],
  'pretraining-sampled-38204/coldrec-2': [242, 20.33, 3.1],
  'pretraining-full/coldrec-2': [2563, 764.65, 3.57],
};

/** What must not be exceeded, whatever else changes. */
const LIMITS: Readonly<Record<string, readonly [dispatches: number, touched: number, peak: number]>> = {
  'finetune-all/coldrec-1': [120, 2.1, 1.5],
  'uaf-soft/coldrec-1': [200, 4, 1.5],
  'uaf-hard/coldrec-1': [200, 4, 1.5],
  'uaf-rl/coldrec-1': [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1.5],
  'pretraining-sampled-4096/coldrec-1': [150, 4, 1.5],
  'pretraining-sampled-38204/coldrec-1': [400, 12, 1.5],
  'pretraining-full/coldrec-1': [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1.5],
  'uaf-soft/coldrec-2': [220, 9, 3.5],
};

describe('a step at the size of the paper', () => {
  it.each(Array.from(planCases()))('%s', async (name, sizes) => {
    const { dispatches, bytesTouched, peakBytes } = await plan(sizes);
    const [touched, peak] = [bytesTouched / 1e9, peakBytes / 1e9];
    expect([dispatches, Number(touched.toFixed(2)), Number(peak.toFixed(2))]).toEqual(PLANNED[name]);
    const limits = LIMITS[name];
    if (limits === undefined) return;
    expect(dispatches).toBeLessThanOrEqual(limits[0]);
    expect(touched).toBeLessThanOrEqual(limits[1]);
    expect(peak).toBeLessThanOrEqual(limits[2]);
  });
});
