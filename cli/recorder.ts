import Papa from 'papaparse';
import type { Configuration } from '../src/configuration/schema.ts';
import type { Dataset } from '../src/data/dataset.ts';
import type { Task } from '../src/engine/training/fineTuning.ts';
import type { Observer } from '../src/engine/training/observer.ts';
import { datasetReport, failedRun, finishedRun } from '../src/engine/training/report.ts';
import type { RunResult } from '../src/engine/training/run.ts';
import type { ResultRun, RunDetails } from '../src/results/run.ts';
import { writeRunFile } from '../src/results/runFile.ts';
import { packPolicies } from '../src/storage/policies.ts';
import { instancesFileOf, policiesFileOf, runFileOf } from './outputs.ts';
import { writeWhole } from './whole.ts';

/** Of all epochs of a run; beyond, only the best epoch's policies are kept. As text, a file of more could not be read again. */
const MOST_POLICY_BYTES = 64 << 20;

/** Watches one run, and writes what becomes of it. */
export class Recorder {
  private epochs: { epoch: number; bytes: Uint8Array }[] = [];
  private bytes = 0;

  /** @param hash of the dataset's contents */
  constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly configuration: Configuration,
    private readonly dataset: Dataset,
    private readonly hash: string,
    private readonly about: Pick<ResultRun, 'environment' | 'preset' | 'experiment'>,
  ) {}

  /** An observer that keeps the policies of each epoch, too. */
  observing(observer: Observer): Observer {
    return {
      ...observer,
      fineTuningEpoch: async (epoch, policies) => {
        await observer.fineTuningEpoch(epoch, policies);
        if (policies === null) return;
        this.bytes += policies.gate.length;
        if (this.bytes > MOST_POLICY_BYTES) this.epochs = [];
        else this.epochs.push({ epoch: epoch.epoch, bytes: packPolicies(policies) });
      },
    };
  }

  /** The tables first: what has a run file is whole. */
  async finished(result: RunResult): Promise<void> {
    const { task, fineTuned } = result;
    await this.writeTables(result);
    const details: RunDetails = {
      instances: task.test.instances,
      targets: task.test.item,
      users: task.test.user,
      outcomes: fineTuned.outcomes,
      policies: fineTuned.policies && packPolicies(fineTuned.policies),
      epochs: this.epochs,
    };
    await this.write(finishedRun(this.id, this.configuration, result), task, details);
  }

  /** @returns why, in words */
  async failed(error: unknown, task: Task): Promise<string> {
    const report = failedRun(this.id, this.configuration, error);
    await this.write(report, task, null);
    return report.error ?? '';
  }

  private async write(report: ResultRun['report'], task: Task, details: RunDetails | null): Promise<void> {
    const run = { ...this.about, dataset: datasetReport(this.dataset, this.hash, task), report, details };
    await writeWhole(runFileOf(this.folder, this.id), [writeRunFile(run)]);
  }

  private async writeTables({ task: { test }, fineTuned: { outcomes, policies } }: RunResult): Promise<void> {
    const { users, targetItems } = this.dataset;
    const rows = Array.from(test.user, (user, i) => {
      const target = targetItems[test.item[i]];
      return 'predicted' in outcomes
        ? [users[user], target, targetItems[outcomes.predicted[i]]]
        : [users[user], target, outcomes.sampled[i], outcomes.all[i]];
    });
    const fields = 'predicted' in outcomes ? ['user', 'label', 'predicted'] : ['user', 'item', 'rank_sampled', 'rank_all'];
    await writeCsv(instancesFileOf(this.folder, this.id), fields, rows);
    if (policies === null) return;
    const { blocks, gate } = policies;
    const header = ['user', ...Array.from({ length: blocks }, (_, l) => `block_${l + 1}`)];
    const lines = Array.from(policies.users, (user, i) => [users[user], ...gate.subarray(i * blocks, (i + 1) * blocks)]);
    await writeCsv(policiesFileOf(this.folder, this.id), header, lines);
  }
}

const writeCsv = (path: string, fields: string[], data: (string | number)[][]): Promise<void> =>
  writeWhole(path, [`${Papa.unparse({ fields, data }, { newline: '\n' })}\n`]);
