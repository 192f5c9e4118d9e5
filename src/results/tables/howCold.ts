import { type ColdResult, coldResult, targetClasses } from '../coldness.ts';
import { bestOfDatasets, type Condition, isTenth } from '../conditions.ts';
import { thousands, withError } from '../digits.ts';
import { settingsNotes } from '../shownSettings.ts';
import { nameOf } from '../variants.ts';
import { BEST_NOTE, blank, text, withBest } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, TableModel } from './table.ts';
import { distinctVariants } from './variants.ts';

/** How cold users may be: HR@5 (accuracy) by the number of their targets in training; a table a dataset. */
export function howColdTables(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] {
  const parts = bestOfDatasets(conditions, (condition) => {
    if (isTenth(condition)) return null;
    const found = distinctVariants(condition).filter(({ runs }) => runs.every(({ report }) => report.byTrainingTargets !== null));
    return found.length === 0 ? null : found;
  });
  return parts.map(({ condition, found }, place) => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    const metric = condition.dataset.task === 'profile' ? 'accuracy' : 'HR@5';
    const classes = targetClasses(found);
    const rows = found.map((variant) => ({
      cells: [text(nameOf(variant)), ...classes.map((own) => classCell(coldResult(variant, own, metric)))],
    }));
    return {
      id: parts.length === 1 ? 'how-cold' : `how-cold-${place + 1}`,
      title: `How cold: ${metric} by the number of a user’s targets in training, ${name}`,
      columns: [
        { title: 'Method', align: 'left' as const },
        ...classes.map(({ label }) => ({ title: label, group: 'targets in training', align: 'right' as const })),
      ],
      rows: [
        {
          cells: [
            text('test instances'),
            ...classes.map((own) => ({
              text: thousands(coldResult(found[0], own, metric)?.n ?? 0),
              title: 'test instances of these users',
            })),
          ],
        },
        ...withBest(
          rows,
          classes.map((_, i) => i + 1),
        ),
      ].map((row, i) => (i === 1 ? { ...row, ruleAbove: true } : row)),
      notes: [
        conditionNote(name, condition, found),
        ...settingsNotes([{ name, condition, variants: found }], conditions),
        ...selectionNotes([condition]),
        'Means over seeds; ± is the standard error over the test instances of the group, which does not count the chance of training.',
        BEST_NOTE,
      ],
    };
  });
}

function classCell(result: ColdResult | null): Cell {
  if (result === null) return blank('no test instance');
  return { text: withError(result.value, result.error), value: result.value };
}
