import type { Metrics } from '../../engine/evaluation/metrics.ts';
import type { RunRow, RunStatus } from '../../storage/database.ts';
import { resultRow, runRow as storedRun } from '../../storage/testing.ts';

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
export const runRow = ({ id, changes = {}, test = 0.5, validation, search, status = 'finished' }: Sketch): RunRow =>
  storedRun(id, changes, {
    search: search ?? null,
    status,
    startedAt: 0,
    finishedAt: 0,
    backend: { name: 'wasm', adapter: '', software: false, reason: '', variant: '', largestTable: null },
    result:
      status === 'finished'
        ? resultRow(metrics(test), { validation: validation === undefined ? null : metrics(validation) })
        : null,
  });
