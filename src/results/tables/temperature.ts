import { describeMethod } from '../../configuration/methods.ts';
import { type Condition, type datasetNames, isTenth } from '../conditions.ts';
import { temperatureFamilies, temperatureOf } from '../temperatures.ts';
import { inOrder } from '../variants.ts';
import { meanCell } from './cost.ts';
import { measuredCell, rounded, SEEDS_NOTE, text } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Column, Row, TableModel } from './table.ts';

/** τ against accuracy and policies: the methods that ran with several temperatures and are otherwise the same; null without such. */
export function temperatureTable(conditions: readonly Condition[], names: ReturnType<typeof datasetNames>): TableModel | null {
  const parts = conditions.flatMap((condition) => {
    const families =
      isTenth(condition) || condition.dataset.task === 'profile' ? [] : temperatureFamilies(inOrder(condition.variants));
    return families.map((variants) => ({
      condition,
      variants,
      name: names.get(condition.dataset.hash) ?? condition.dataset.name,
    }));
  });
  if (parts.length === 0) return null;
  const right = (title: string): Column => ({ title, align: 'right' });
  return {
    id: 'temperature',
    title: 'Temperature τ against accuracy and policies',
    columns: [
      { title: 'Dataset', align: 'left' },
      { title: 'Method', align: 'left' },
      right('τ'),
      right('HR@5'),
      right('MRR@5'),
      right('distinct policies'),
      right('collapsed runs'),
    ],
    rows: parts.flatMap(({ name, variants }, part) =>
      variants.map(
        (variant, i): Row => ({
          cells: [
            text(i === 0 ? name : ''),
            text(i === 0 ? describeMethod(variant.method).label : ''),
            { text: String(temperatureOf(variant)), value: temperatureOf(variant) },
            measuredCell(variant, 'HR@5'),
            measuredCell(variant, 'MRR@5'),
            meanCell(variant, ({ report }) => report.policy?.distinct ?? null, rounded),
            text(`${variant.runs.filter(({ report }) => report.policy?.collapsed === true).length} of ${variant.runs.length}`),
          ],
          ruleAbove: i === 0 && part > 0,
        }),
      ),
    ),
    notes: [
      ...parts
        .map(({ name, condition, variants }) => conditionNote(name, condition, variants))
        .filter((note, i, all) => all.indexOf(note) === i),
      ...selectionNotes(parts.map(({ condition }) => condition)),
      SEEDS_NOTE,
      'Distinct policies: the mean number over seeds; a run is collapsed if one policy covers 99 % of the users.',
    ],
  };
}
