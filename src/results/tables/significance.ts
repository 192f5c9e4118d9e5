import { holm } from '../../engine/evaluation/significance.ts';
import { type Compared, compare, measurementOf } from '../comparison.ts';
import { bestOfDatasets, type Condition } from '../conditions.ts';
import { counted, difference, pWords, sizeWords, thousands } from '../digits.ts';
import { distinct } from '../lists.ts';
import { settingsNotes } from '../shownSettings.ts';
import { nameOf } from '../variants.ts';
import { blank, text } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, TableModel } from './table.ts';
import { distinctVariants } from './variants.ts';

/** All methods of a dataset against each other in one metric: row − column. A table a dataset, of those with at least two methods. */
export function significanceTables(
  conditions: readonly Condition[],
  names: ReadonlyMap<string, string>,
  metric: string,
): TableModel[] {
  const parts = bestOfDatasets(conditions, (condition) => {
    const found = distinctVariants(condition);
    const isOf = (condition.dataset.task === 'profile') === (metric === 'accuracy' || metric === 'macroF1');
    return isOf && found.length > 1 ? found : null;
  });
  return parts.map(({ condition, found }, place) => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    const labels = found.map(nameOf);
    const measured = found.map((variant) => measurementOf(variant, metric));
    // Of the rows of a triangle: (1, 0), (2, 0), (2, 1), …
    const pairs = measured.flatMap((first, i) => measured.slice(0, i).map((second) => compare(first, second)));
    const corrected = holm(pairs.map((compared) => ('missing' in compared ? null : compared.test.p)));
    const cellOf = (i: number, j: number): Cell => {
      if (i === j) return text('');
      const [row, column] = [Math.max(i, j), Math.min(i, j)];
      const pair = (row * (row - 1)) / 2 + column;
      return testCell(pairs[pair], corrected[pair], i > j ? 1 : -1, seedCounts.length > 1);
    };
    const overSeeds = pairs.some((compared) => 'over' in compared && compared.over === 'seeds');
    const seedCounts = distinct(pairs.flatMap((compared) => ('test' in compared ? [compared.test.seeds] : [])));
    const isFew = pairs.some((compared) => 'test' in compared && compared.test.freedom > 0 && compared.test.freedom < 3);
    const isOneSeed = pairs.some((compared) => 'over' in compared && compared.over === 'instances' && compared.test.seeds === 1);
    return {
      id: `significance-${metric.replaceAll(/\W/g, '')}${parts.length === 1 ? '' : `-${place + 1}`}`,
      title: `Differences in ${metric === 'macroF1' ? 'macro F1' : metric}, ${name}: row − column`,
      columns: [
        { title: 'row − column', align: 'left' as const },
        ...labels.map((title) => ({ title, align: 'right' as const })),
      ],
      rows: labels.map((label, i) => ({ cells: [text(label), ...labels.map((_, j) => cellOf(i, j))] })),
      notes: [
        conditionNote(name, condition, found),
        ...settingsNotes([{ name, condition, variants: found }], conditions),
        ...selectionNotes([condition]),
        `The difference ± its standard error, and two-sided p after Holm’s correction over ${thousands(pairs.length)} pairs; * below .05. df are the degrees of freedom of Student’s t, which p is by: how many independent values the chance is judged by.`,
        ...(isFew
          ? [
              'Where df is near 1, as with two seeds that do not agree, a difference counts only if it is some 13 times its standard error: there a large p does not say that methods are equal. More seeds help much (df 2: some 4 times).',
            ]
          : []),
        ...(seedCounts.length > 1 ? ['Pairs have different seeds: each cell says how many.'] : []),
        'Tested over test instances and seeds together, of the seeds that both have; the instances of a user count as one where users are known.',
        ...(isOneSeed
          ? ['With one seed p is of the chance of the test instances alone: what another training would change is not known.']
          : []),
        ...(overSeeds ? ['Where ranks were not kept, or the metric is no mean over instances, pairs are seeds alone.'] : []),
      ],
    };
  });
}

/** “+0.020 ± 0.012 (p = .34, df 1.3)”. @param isOfSeeds whether it says how many seeds it is of */
function testCell(compared: Compared, p: number | null, sign: 1 | -1, isOfSeeds: boolean): Cell {
  if ('missing' in compared) return blank(compared.missing);
  const { effect, standardError, n, freedom, seeds } = compared.test;
  const words = [
    p === null ? 'no spread' : pWords(p),
    ...(freedom > 0 ? [`df ${freedomWords(freedom)}`] : []),
    ...(isOfSeeds ? [counted(seeds, 'seed')] : []),
  ].join(', ');
  const mark = p !== null && p < 0.05 ? '*' : '';
  return {
    text: `${difference(sign * effect, standardError)}${mark} (${words})`,
    value: sign * effect,
    title: compared.over === 'seeds' ? `N = ${counted(n, 'seed')}` : sizeWords(compared.test),
  };
}

/** Of few degrees each tenth counts. */
const freedomWords = (freedom: number): string =>
  freedom < 10 ? String(Number(freedom.toFixed(1))) : thousands(Math.round(freedom));
