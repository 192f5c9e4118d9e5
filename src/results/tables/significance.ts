import { holm } from '../../engine/evaluation/significance.ts';
import { type Compared, compare, measurementOf } from '../comparison.ts';
import { bestOfDatasets, type Condition, evidenceOf } from '../conditions.ts';
import { counted, difference, pWords, sizeWords, thousands } from '../digits.ts';
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
    return isOf && found.length > 1 ? { ...evidenceOf(found), found } : null;
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
      return testCell(pairs[pair], corrected[pair], i > j ? 1 : -1);
    };
    const overSeeds = pairs.some((compared) => 'over' in compared && compared.over === 'seeds');
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
        ...selectionNotes([condition]),
        `The difference ± its standard error, and two-sided p after Holm’s correction over ${thousands(pairs.length)} pairs; * below .05.`,
        'Tested over test instances and seeds together, of the seeds that both have; the instances of a user count as one where users are known.',
        ...(isOneSeed
          ? ['With one seed p is of the chance of the test instances alone: what another training would change is not known.']
          : []),
        ...(overSeeds ? ['Where ranks were not kept, or the metric is no mean over instances, pairs are seeds alone.'] : []),
      ],
    };
  });
}

function testCell(compared: Compared, p: number | null, sign: 1 | -1): Cell {
  if ('missing' in compared) return blank(compared.missing);
  const { effect, standardError, n } = compared.test;
  const words = p === null ? 'no spread' : pWords(p);
  const mark = p !== null && p < 0.05 ? '*' : '';
  return {
    text: `${difference(sign * effect, standardError)}${mark} (${words})`,
    value: sign * effect,
    title: compared.over === 'seeds' ? `N = ${counted(n, 'seed')}` : sizeWords(compared.test),
  };
}
