import type { Condition } from '../conditions.ts';
import { counted, listed, thousands } from '../digits.ts';
import { distinct } from '../lists.ts';
import type { Variant } from '../variants.ts';

/** What has to be known of a condition to read its numbers: a sentence or two. */
export function conditionNote(name: string, { dataset, configuration }: Condition, variants: readonly Variant[]): string {
  const runs = variants.flatMap((variant) => variant.runs);
  const tested = distinct(runs.map(({ report }) => report.test.n)).map(thousands);
  const seeds = distinct(runs.map(({ report }) => report.seed)).sort((a, b) => a - b);
  const { split, splitSeed } = configuration.dataset;
  const by =
    split === 'random'
      ? `split at random (seed ${splitSeed}), so that later interactions may have trained`
      : 'each user’s latest instance tests';
  const protocol =
    dataset.task === 'profile'
      ? 'accuracy and mean F1 over the classes'
      : `the target among ${thousands(dataset.candidates)} candidates, drawn at random once for all runs`;
  const fraction = configuration.fineTuning.trainingFraction;
  return [
    `${name}: N = ${listed(tested)} test instances; ${protocol}; ${by}; ${counted(seeds.length, 'seed')} (${seeds.map(String).join(', ')})`,
    ...(fraction < 1 ? [`${Number((100 * fraction).toPrecision(3))} % of the training instances`] : []),
    `backend ${runs[0].environment.backend}.`,
  ].join('; ');
}

/** Which epoch the numbers are of, and a warning where it was chosen on test. */
export function selectionNotes(conditions: readonly Condition[]): string[] {
  const onTest = conditions.filter(({ configuration }) => configuration.fineTuning.selectOn === 'test');
  const by = conditions.every(({ dataset }) => dataset.task === 'profile') ? 'accuracy' : 'MRR@5';
  return [
    ...(onTest.length < conditions.length
      ? [`Numbers are of the epoch that is best by ${by} on validation; test was read once, there.`]
      : []),
    ...(onTest.length > 0
      ? [
          `Warning: on ${listed(onTest.map(({ dataset }) => dataset.name))} the best epoch was chosen on the test data. These results are too good.`,
        ]
      : []),
  ];
}
