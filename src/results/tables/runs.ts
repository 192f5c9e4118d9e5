import { describeMethod } from '../../configuration/methods.ts';
import { parameterLabel } from '../../configuration/parameters.ts';
import { differingKeys, flatten } from '../../configuration/schema.ts';
import { headlines, metricOf } from '../../engine/evaluation/metrics.ts';
import { datasetNames } from '../conditions.ts';
import { digitsFor } from '../digits.ts';
import type { ResultRun } from '../run.ts';
import { blank, rounded, text, whole } from './measured.ts';
import type { Cell, Column, TableModel } from './table.ts';

/** Every run with its results, one a row, and a column for each setting that is not the same in all; null without runs. */
export function runsTable(runs: readonly ResultRun[]): TableModel | null {
  if (runs.length === 0) return null;
  const names = datasetNames(runs.map(({ dataset }) => dataset));
  const keys = differingKeys(runs.map(({ report }) => report.configuration)).filter((key) => key !== 'method' && key !== 'seed');
  const metrics = Array.from(new Set(runs.flatMap(({ report }) => (report.test === null ? [] : headlines(report.test)))));
  const left = (title: string, group?: string): Column => ({ title, group, align: 'left' });
  const right = (title: string, group?: string): Column => ({ title, group, align: 'right' });
  return {
    id: 'runs',
    title: 'All runs',
    columns: [
      left('Run'),
      left('Dataset'),
      left('Method'),
      right('Seed'),
      ...keys.map((key) => ({ ...left(parameterLabel(key), 'Settings that differ'), key })),
      right('best epoch', 'Test'),
      right('N', 'Test'),
      ...metrics.map((metric) => right(metric === 'macroF1' ? 'macro F1' : metric, 'Test')),
      right('pre-training', 'Seconds'),
      right('fine-tuning', 'Seconds'),
      right('evaluation', 'Seconds'),
      left('Backend'),
      left('Status'),
    ],
    rows: runs.map(({ dataset, environment, report }) => {
      const { id, method, seed, configuration, bestEpoch, test, seconds, status, error } = report;
      const flat = flatten(configuration);
      return {
        cells: [
          text(id),
          text(names.get(dataset.hash) ?? dataset.name),
          text(describeMethod(method).label),
          { text: String(seed), value: seed },
          ...keys.map((key) => text([flat[key]].flat().join(' '))),
          bestEpoch === null ? blank() : whole(bestEpoch),
          test === null ? blank() : whole(test.n),
          ...metrics.map((metric) => metricCell(test && metricOf(test, metric, 'sampled'))),
          rounded(seconds.pretraining),
          rounded(seconds.fineTuning),
          rounded(seconds.evaluation),
          text(environment.backend),
          { text: status, ...(error === null ? {} : { title: error }) },
        ],
      };
    }),
    notes: [
      'Digits of the results are those that their standard error over test instances supports. Ranks are among the candidates.',
      'Pre-training takes 0 seconds where the model was pre-trained by another run. Best epoch 0: a method that is not trained.',
    ],
  };
}

function metricCell(measured: ReturnType<typeof metricOf> | null): Cell {
  if (measured === undefined || measured === null) return blank('not measured');
  return { text: measured.value.toFixed(digitsFor(measured.error)), value: measured.value };
}
