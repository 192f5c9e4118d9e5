import { describe, expect, it } from 'vitest';
import { planCases } from './cases.ts';
import { plan } from './plan.ts';

/** What a step asks of a GPU now: dispatches, gigabytes touched, gigabytes at most. A change here is a change of speed. */
const PLANNED: Readonly<Record<string, readonly [dispatches: number, touched: number, peak: number]>> = {
  'finetune-all/coldrec-1': [84, 0.98, 0.75],
  'uaf-soft/coldrec-1': [166, 1.75, 1.23],
  'uaf-hard/coldrec-1': [177, 1.75, 1.23],
  'uaf-rl/coldrec-1': [281, 2.36, 1.35],
  'pretraining-sampled-4096/coldrec-1': [110, 2.29, 1.2],
  'pretraining-sampled-38204/coldrec-1': [177, 10.37, 1.29],
  'pretraining-full/coldrec-1': [439, 61.84, 1.33],
  'finetune-all/coldrec-2': [84, 1.46, 1.82],
  'uaf-soft/coldrec-2': [166, 2.57, 3.38],
  'uaf-hard/coldrec-2': [177, 2.57, 3.38],
  'uaf-rl/coldrec-2': [281, 3.43, 3.43],
  'pretraining-sampled-4096/coldrec-2': [118, 4.45, 3.01],
  'pretraining-sampled-38204/coldrec-2': [247, 20.44, 3.1],
  'pretraining-full/coldrec-2': [2564, 764.69, 3.57],
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
