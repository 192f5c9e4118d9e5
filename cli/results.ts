import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMethod } from '../src/configuration/methods.ts';
import { instanceValues, metricOf, type Protocol } from '../src/engine/evaluation/metrics.ts';
import { averageOverSeeds, overSeeds, testOverInstances } from '../src/engine/evaluation/significance.ts';
import type { Report } from '../src/engine/training/report.ts';

const USAGE = `npm run results -- FOLDER…

A table in Markdown of the runs in one or more folders of npm run experiment, all on the same test instances: mean ± standard deviation
over seeds under both protocols, and the difference to Finetune-All with its p (paired over test instances, seeds averaged).`;

const BASELINE = 'finetune-all';
const METRICS = ['HR@5', 'MRR@5'] as const;

/** One finished run, with the rank of each test instance. */
interface Ranked {
  readonly method: string;
  readonly seed: number;
  readonly test: NonNullable<Report['runs'][number]['test']>;
  readonly ranks: { readonly sampled: Int32Array; readonly all: Int32Array };
  /** Which instances they are: equal in all folders. */
  readonly key: string;
}

function readFolder(folder: string): Ranked[] {
  const report: Report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  return report.runs.flatMap(({ id, method, seed, test }) => {
    if (test === null) return [];
    const rows = readFileSync(join(folder, `instances-${id}.csv`), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const cells = rows.map((row) => row.split(','));
    const column = (from: number) => Int32Array.from(cells, (row) => Number(row[row.length - from]));
    return [
      { method, seed, test, ranks: { sampled: column(2), all: column(1) }, key: cells.map((row) => row.slice(0, -2)).join(';') },
    ];
  });
}

const digits = (x: number, places = 3) => x.toFixed(places).replace(/^(-?)0\./, '$1.');

function main(folders: readonly string[]): void {
  if (folders.length === 0 || folders.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const runs = folders.flatMap(readFolder);
  if (new Set(runs.map(({ key }) => key)).size !== 1)
    throw new Error('The folders have different test instances: nothing can be paired.');
  const of = (method: string) => runs.filter((run) => run.method === method);
  const averaged = (method: string, metric: string, protocol: Protocol) =>
    averageOverSeeds(
      of(method).map(({ ranks }) => ({
        instances: ranks.all.map((_, i) => i),
        values: instanceValues(ranks, [], metric, protocol) ?? new Float64Array(),
      })),
    );
  const columns = (['sampled', 'all'] as const).flatMap((protocol) => METRICS.map((metric) => ({ protocol, metric })));
  const titles = columns.map(({ protocol, metric }) => `${metric}, ${protocol === 'sampled' ? 'candidates' : 'all items'}`);
  console.log(`| | seeds | ${titles.join(' | ')} | HR@5 − Finetune-All’s (p) | MRR@5 − Finetune-All’s (p) |`);
  console.log(`|${' --- |'.repeat(columns.length + 4)}`);
  for (const method of new Set(runs.map((run) => run.method))) {
    const seeds = method === 'most-popular' ? of(method).slice(0, 1) : of(method);
    const values = columns.map(({ protocol, metric }) => {
      const { value, deviation } = overSeeds(seeds.map(({ test }) => metricOf(test, metric, protocol)?.value ?? Number.NaN));
      return seeds.length > 1 ? `${digits(value)} ± ${digits(deviation)}` : digits(value);
    });
    const tests = METRICS.map((metric) => {
      if (method === BASELINE) return '';
      const { effect, p } = testOverInstances(averaged(method, metric, 'sampled'), averaged(BASELINE, metric, 'sampled'));
      return `${effect < 0 ? '−' : '+'}${digits(Math.abs(effect))} (${p === null ? '–' : p < 0.001 ? '< .001' : digits(p)})`;
    });
    console.log(`| ${[describeMethod(method).label, seeds.length, ...values, ...tests].join(' | ')} |`);
  }
}

main(process.argv.slice(2));
