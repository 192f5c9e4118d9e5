import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset, DatasetFigures, Origin, TargetTask } from '../../data/dataset.ts';
import type { EventFilters } from '../../data/filters.ts';
import type { BackendInfo } from '../backend.ts';
import { testOverBoth } from '../evaluation/crossed.ts';
import { headlines, instanceValues, type Metrics, metricOf, type Outcomes } from '../evaluation/metrics.ts';
import type { PolicySummary } from '../evaluation/policies.ts';
import { averageOverSeeds, type PairedTest, testOverInstances, testOverSeeds } from '../evaluation/significance.ts';
import type { Cost, TargetsGroup, Task } from './fineTuning.ts';
import type { FineTuningEpoch, PretrainingEpoch } from './observer.ts';
import type { RunResult } from './run.ts';

export const REPORT_VERSION = 1;

/** One experiment as it is written to `report.json`. Epochs count from 1. */
export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly environment: BackendEnvironment;
  readonly dataset: DatasetReport;
  readonly runs: readonly RunReport[];
  /** Paired t-tests between the methods. */
  readonly tests: readonly TestReport[];
}

/**
 * How two methods differ in a metric (among the candidates, or of a profile task). Over instances, each the mean of its seeds, p knows
 * nothing of the chance of training; over seeds nothing of that of the instances; over both it knows of either (`testOverBoth`).
 */
export interface TestReport extends PairedTest {
  readonly first: string;
  readonly second: string;
  readonly metric: string;
  readonly over: 'instances' | 'seeds' | 'both';
  /** Of a test over both, where n counts instances: with one seed the chance of training is unknown. */
  readonly seeds?: number;
  /** Of a test over both: of whom the instances are; null where that was not kept. */
  readonly users?: number | null;
}

export interface BackendEnvironment {
  readonly backend: string;
  readonly adapter: string;
  readonly softwareAdapter: boolean;
  /** Which of the backend's kernels computed. */
  readonly variant: string;
  readonly studio: string;
  readonly platform: string;
}

export interface DatasetReport extends DatasetFigures {
  readonly name: string;
  /** Of its contents: see `contentsHash`. */
  readonly hash: string;
  readonly task: TargetTask;
  /** Of a profile task, by their number. */
  readonly classes: readonly string[] | null;
  readonly origin: Origin;
  /** What was left out before the preparation; not there where nothing was. */
  readonly filters?: EventFilters;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** Of the sampled protocol: the target and its negatives. Of a profile task, the classes. */
  readonly candidates: number;
}

export interface RunReport {
  readonly id: string;
  readonly status: 'finished' | 'failed';
  readonly error: string | null;
  readonly method: string;
  readonly seed: number;
  readonly configuration: Configuration;
  readonly pretraining: { readonly epochs: readonly PretrainingEpoch[] } | null;
  readonly epochs: readonly EpochReport[];
  readonly bestEpoch: number | null;
  readonly test: Metrics | null;
  readonly policy: PolicySummary | null;
  /** See `FineTuned`; null where a run did not get there, or is of a version that did not measure it. */
  readonly byTrainingTargets: readonly TargetsGroup[] | null;
  readonly cost: Cost | null;
  readonly seconds: RunSeconds;
}

export interface RunSeconds {
  /** 0 where the model was pre-trained by another run. */
  readonly pretraining: number;
  readonly fineTuning: number;
  readonly evaluation: number;
  /** Of one user; null where it was not measured. */
  readonly recommendation: number | null;
}

export interface EpochReport {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly validation: Metrics;
  readonly utilisation: readonly number[] | null;
  /** Over the users of the test instances. */
  readonly policy: PolicySummary | null;
}

/** What the studio calls itself in reports. */
export const STUDIO_VERSION = '0.4.0';

export const environmentOf = (backend: BackendInfo, platform: string): BackendEnvironment => ({
  backend: backend.name,
  adapter: backend.adapter,
  softwareAdapter: backend.software,
  variant: backend.variant,
  studio: STUDIO_VERSION,
  platform,
});

/** @param hash of its contents */
export const datasetReport = (dataset: Dataset, hash: string, { split, candidates }: Task): DatasetReport => ({
  name: dataset.name,
  hash,
  task: dataset.task,
  classes: dataset.task === 'profile' ? dataset.targetItems : null,
  origin: dataset.origin,
  ...(dataset.settings.filters === undefined ? {} : { filters: dataset.settings.filters }),
  ...dataset.figures,
  train: split.train.length,
  validation: split.validation.length,
  test: split.test.length,
  candidates,
});

const epochReport = ({ epoch, trainLoss, validation, policy }: FineTuningEpoch): EpochReport => ({
  epoch,
  trainLoss,
  validation,
  utilisation: policy?.utilisation ?? null,
  policy,
});

export function finishedRun(id: string, configuration: Configuration, { pretraining, fineTuned }: RunResult): RunReport {
  return {
    ...unfinished(id, configuration),
    status: 'finished',
    pretraining: pretraining && { epochs: pretraining.epochs },
    epochs: fineTuned.epochs.map(epochReport),
    bestEpoch: fineTuned.bestEpoch,
    test: fineTuned.test,
    policy: fineTuned.policy,
    byTrainingTargets: fineTuned.byTrainingTargets,
    cost: fineTuned.cost,
    seconds: { pretraining: pretraining?.seconds ?? 0, ...fineTuned.seconds },
  };
}

export const failedRun = (id: string, configuration: Configuration, error: unknown): RunReport => ({
  ...unfinished(id, configuration),
  status: 'failed',
  error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});

const unfinished = (id: string, configuration: Configuration) => ({
  id,
  error: null,
  method: configuration.method,
  seed: configuration.seed,
  configuration,
  pretraining: null,
  epochs: [],
  bestEpoch: null,
  test: null,
  policy: null,
  byTrainingTargets: null,
  cost: null,
  seconds: { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null },
});

/** What a finished run brings to the paired tests. */
export interface TestedRun {
  readonly method: string;
  readonly seed: number;
  readonly test: Metrics;
  readonly outcomes: Outcomes;
  readonly instances: Int32Array;
  /** The target of each of its instances. */
  readonly targets: Int32Array;
  /** The user of each of them; null where that was not kept. */
  readonly users: Int32Array | null;
}

/** Paired tests between all methods, over instances, over both and, where several seeds ran, over seeds. p is as it is, of each alone. */
export function pairedTests(runs: readonly TestedRun[]): TestReport[] {
  if (runs.length === 0) return [];
  const methods = Array.from(new Set(runs.map(({ method }) => method)));
  return headlines(runs[0].test).flatMap((metric) => {
    const sides = methods.map((method) => {
      const own = runs.filter((run) => run.method === method);
      const compared = own.flatMap(({ seed, outcomes, instances, targets, users }) => {
        const values = instanceValues(outcomes, targets, metric, 'sampled');
        return values === undefined ? [] : [{ seed, instances, users, values }];
      });
      const seeds = own.flatMap(({ seed, test }) => {
        const measured = metricOf(test, metric, 'sampled');
        return measured === undefined ? [] : [{ seed, value: measured.value }];
      });
      return { method, compared, instances: averageOverSeeds(compared), seeds };
    });
    return sides.flatMap((a, i) =>
      sides.slice(i + 1).flatMap((b): TestReport[] => {
        const named = { first: a.method, second: b.method, metric };
        const instances = testOverInstances(a.instances, b.instances);
        const seeds = testOverSeeds(a.seeds, b.seeds);
        const { freedom: _, ...both } = testOverBoth(a.compared, b.compared);
        return [
          ...(instances.n > 0 ? [{ ...named, over: 'instances' as const, ...instances }] : []),
          ...(both.n > 0 ? [{ ...named, over: 'both' as const, ...both }] : []),
          ...(seeds.n > 1 ? [{ ...named, over: 'seeds' as const, ...seeds }] : []),
        ];
      }),
    );
  });
}
