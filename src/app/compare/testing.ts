import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { Metrics } from '../../engine/evaluation/metrics.ts';
import type { RunRow, RunStatus } from '../../storage/database.ts';

/** Of four instances. */
export const metrics = (value: number): Metrics => ({
  n: 4,
  sampled: { 'HR@5': value, 'MRR@5': value },
  all: { 'HR@5': value, 'MRR@5': value },
  standardError: { sampled: { 'HR@5': 0.1, 'MRR@5': 0.1 }, all: { 'HR@5': 0.1, 'MRR@5': 0.1 } },
});

interface Sketch {
  readonly id: number;
  readonly changes?: Record<string, unknown>;
  readonly test?: number;
  readonly validation?: number;
  readonly search?: string;
  readonly status?: RunStatus;
}

/** A run as it is stored, by what a test is about. */
export const runRow = ({ id, changes = {}, test = 0.5, validation, search, status = 'finished' }: Sketch): RunRow => ({
  id,
  datasetId: 1,
  datasetName: 'd',
  configuration: complete(PRESETS.quick, nest(changes)),
  preset: 'quick',
  scenario: null,
  sourceItems: 10,
  search: search ?? null,
  experimentId: null,
  status,
  position: id,
  createdAt: 0,
  startedAt: 0,
  finishedAt: 0,
  backend: { name: 'wasm', adapter: '', software: false, reason: '', variant: '', largestTable: null },
  error: null,
  pretraining: [],
  result:
    status === 'finished'
      ? {
          bestEpoch: 1,
          test: metrics(test),
          validation: validation === undefined ? null : metrics(validation),
          policy: null,
          candidates: 100,
          classes: null,
          byTrainingTargets: null,
          cost: null,
          split: null,
          seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
        }
      : null,
});
