import type { RandomStream } from '../../src/data/random.ts';
import { emptyExperiment } from '../../src/experiments/templates.ts';
import { writeModelFile } from '../../src/results/modelFile.ts';
import { writeRunFile } from '../../src/results/runFile.ts';
import { madeRanks, resultRun } from '../../src/results/testing.ts';
import { type FuzzFile, textFile } from './files.ts';

export const someRun = (random: RandomStream) => {
  const seed = random.integer(1000);
  return resultRun('finetune-all', seed, madeRanks('finetune-all', seed, 0.3, 30));
};

/** What `report.json` of the command line has of the readers' interest. */
export function report(random: RandomStream): FuzzFile[] {
  const { dataset, environment, report: run } = someRun(random);
  return [textFile('report.json', JSON.stringify({ version: 1, environment, dataset, runs: [run] }))];
}

export function experiment(random: RandomStream) {
  return {
    ...emptyExperiment('quick'),
    name: 'fuzz',
    methods: ['uaf-hard', 'finetune-all'],
    seeds: [random.integer(100), 100 + random.integer(100)],
    grid: [{ key: 'rewardGamma', values: [random.uniform(), 1] }],
    variants: [{ name: 'small', changes: { channels: 4, dilations: [1, 2] }, methods: null }],
  };
}

/** A run, and the model that is of it: without the run the model would be refused. */
export function model(random: RandomStream): FuzzFile[] {
  const run = someRun(random);
  const { configuration, bestEpoch } = run.report;
  const values = Float32Array.from({ length: 12 }, () => random.uniform());
  const { name, hash } = run.dataset;
  const tensors = { 'output.weight': { shape: [3, 4], values }, 'output.bias': { shape: [4], values: values.slice(8) } };
  const written = { configuration, dataset: { name, hash }, bestEpoch: bestEpoch ?? 1, backend: 'wasm', studio: '0', tensors };
  return [{ name: 'model.safetensors', bytes: writeModelFile(written) }, textFile('run.json', writeRunFile(run))];
}
