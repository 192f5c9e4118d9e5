import { expect, it } from 'vitest';
import type { RunRow } from '../../storage/database.ts';
import { runRow } from '../../storage/testing.ts';
import { epochSeries, protocolWords, runLabels } from './series.ts';

const run = (id: number, changes: Record<string, unknown> = {}, datasetId = 1): RunRow =>
  runRow(id, { method: 'uaf-soft', ...changes }, { datasetId, status: 'finished', startedAt: 0, finishedAt: 0 });
const labels = (...runs: RunRow[]) => Array.from(runLabels(runs).values());

it('a method alone names its only run', () => {
  expect(labels(run(1), run(2, { method: 'uaf-hard' }))).toEqual(['UAF-Soft', 'UAF-Hard']);
});

it('runs of a method are told apart by what they differ in, in the words of the Train page', () => {
  expect(labels(run(1), run(2, { 'fineTuning.learningRate': 0.001 }))).toEqual([
    'UAF-Soft, learning rate 0.003',
    'UAF-Soft, learning rate 0.001',
  ]);
  expect(labels(run(1, { seed: 1 }), run(2, { seed: 2, 'pretraining.epochs': 3 }))).toEqual([
    'UAF-Soft s1, pre-training epochs 15',
    'UAF-Soft s2, pre-training epochs 3',
  ]);
});

it('a seed is told wherever the method has several on the dataset, drawn or not', () => {
  const all = [run(1), run(2, { seed: 2 }), run(3, { method: 'uaf-hard' }), run(4, { seed: 3 }, 2)];
  expect(Array.from(runLabels([all[1], all[2], all[3]], all).values())).toEqual(['UAF-Soft s2', 'UAF-Hard', 'UAF-Soft']);
});

it('their number stands where they differ in nothing, in too much, or in the dataset', () => {
  expect(labels(run(1), run(2))).toEqual(['UAF-Soft #1', 'UAF-Soft #2']);
  expect(labels(run(1), run(2, { seed: 2, kernelSize: 2, temperature: 1, readout: 'mean' }))).toEqual([
    'UAF-Soft s1 #1',
    'UAF-Soft s2 #2',
  ]);
  expect(labels(run(1), run(2, { dilations: [1, 1] }, 2))).toEqual(['UAF-Soft #1', 'UAF-Soft #2']);
  // A repetition among others that differ.
  expect(labels(run(1), run(2), run(3, { seed: 2 }))).toEqual(['UAF-Soft s1 #1', 'UAF-Soft s1 #2', 'UAF-Soft s2']);
});

it('lines have the names of the list beside them', () => {
  const all = runLabels([run(1), run(2)]);
  expect(epochSeries([run(2)], [], () => 0).map(({ label }) => label)).toEqual(['UAF-Soft']);
  expect(epochSeries([run(2)], [], () => 0, all).map(({ label }) => label)).toEqual(['UAF-Soft #2']);
});

it('lines of one method have its colour, and a dash of their own', () => {
  const [soft, again] = epochSeries([run(1), run(2)], [], () => 0);
  expect(again.colour).toBe(soft.colour);
  expect(again.dash).not.toBe(soft.dash);
  const [hard, other] = epochSeries([run(1, { method: 'uaf-hard' }), run(2, { method: 'uaf-hard' })], [], () => 0);
  expect([hard.dash, other.dash]).toEqual(['', '12 3']);
});

it('the protocol has the candidates of every run, or from how many to how many', () => {
  const among = (...candidates: number[]) => protocolWords(candidates.map((n, i) => run(i, { 'evaluation.candidates': n })));
  expect([among(), among(77, 77), among(100, 77), among(100, 20, 77)]).toEqual([
    '100 candidates',
    '77 candidates',
    '77 or 100 candidates',
    '20 to 100 candidates',
  ]);
});
