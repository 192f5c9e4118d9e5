import { datasetNames } from '../conditions.ts';
import { byDataset, type ResultRun } from '../run.ts';
import { lossCurves, pretrainingCurves, validationCurves } from './curves.ts';
import type { Figure } from './figure.ts';
import { seedGroups } from './groups.ts';
import { datasetShares, methodShares } from './policyFigures.ts';
import { coldness, costs, overview, temperatures } from './testFigures.ts';

/** The figures of some runs: Figs. 3 and 4, and what else their configurations differ in. Only those of which there are numbers. */
export function figuresOf(runs: readonly ResultRun[]): Figure[] {
  const names = datasetNames(runs.map(({ dataset }) => dataset));
  const datasets = Array.from(byDataset(runs).values(), (own, i) => ({
    of: { id: `d${i + 1}`, name: names.get(own[0].dataset.hash) ?? own[0].dataset.name },
    runs: own,
    groups: seedGroups(own),
  })).filter(({ groups }) => groups.length > 0);
  return [
    ...datasets.flatMap(({ of, runs: own, groups }) => [
      ...overview(groups, of),
      ...validationCurves(groups, of),
      ...lossCurves(groups, of),
      ...pretrainingCurves(own, of),
      ...methodShares(groups, of),
      ...costs(groups, of),
      ...coldness(groups, of),
      ...temperatures(groups, of),
    ]),
    ...datasetShares(datasets),
  ];
}
