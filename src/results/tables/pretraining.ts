import { compareVariants } from '../comparison.ts';
import { bestOfDatasets, type Condition, variantOf } from '../conditions.ts';
import { digitsFor } from '../digits.ts';
import { settingsNotes } from '../shownSettings.ts';
import type { Variant } from '../variants.ts';
import { blank, measuredCell, measuredVariant, pCell, SEEDS_NOTE, text } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, TableModel } from './table.ts';

/** Does pre-training help here: Finetune-Zero against Finetune-All, with the relative gain. */
export function pretrainingTable(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel | null {
  const parts = bestOfDatasets(conditions, (condition) => {
    const zero = variantOf(condition, 'finetune-zero');
    const all = variantOf(condition, 'finetune-all');
    return zero === null || all === null ? null : { zero, all };
  });
  if (parts.length === 0) return null;
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const named = parts.map((part) => ({ ...part, name: names.get(part.condition.dataset.hash) ?? part.condition.dataset.name }));
  return {
    id: 'pretraining',
    title: 'Does pre-training help here?',
    columns: [
      { title: 'Dataset', align: 'left' },
      { title: 'Metric', align: 'left' },
      right('Finetune-Zero'),
      right('Finetune-All'),
      right('relative gain, %'),
      right('p'),
    ],
    rows: named.flatMap(({ name, condition, found: { zero, all } }) =>
      (condition.dataset.task === 'profile' ? ['accuracy'] : ['HR@5', 'MRR@5']).map((metric, i) => {
        const base = measuredVariant(sharedWith(zero, all), metric)?.mean ?? 0;
        const compared = compareVariants(all, zero, metric);
        return {
          cells: [
            text(i === 0 ? name : ''),
            text(metric),
            measuredCell(zero, metric),
            measuredCell(all, metric),
            ...('missing' in compared || base === 0
              ? [blank('missing' in compared ? compared.missing : 'Finetune-Zero has no hit'), blank()]
              : [gainCell(compared.test, base), pCell(compared.test.p)]),
          ],
          ruleAbove: i === 0 && name !== named[0].name,
        };
      }),
    ),
    notes: [
      ...named.map(({ name, condition, found: { zero, all } }) => conditionNote(name, condition, [zero, all])),
      ...settingsNotes(
        named.map(({ name, condition, found: { zero, all } }) => ({ name, condition, variants: [zero, all] })),
        conditions,
      ),
      ...selectionNotes(parts.map(({ condition }) => condition)),
      SEEDS_NOTE,
      'The gain is of the runs whose seeds both have, relative to Finetune-Zero; ± is the standard error of the difference, relative to the same. p is two-sided, over test instances and seeds; with one seed over test instances alone.',
    ],
  };
}

/** A variant with those of its seeds that another one has, too. */
function sharedWith(variant: Variant, { runs }: Variant): Variant {
  const seeds = new Set(runs.map(({ report }) => report.seed));
  return { ...variant, runs: variant.runs.filter(({ report }) => seeds.has(report.seed)) };
}

function gainCell({ effect, standardError }: { effect: number; standardError: number }, base: number): Cell {
  const [gain, error] = [(100 * effect) / base, (100 * standardError) / base];
  const digits = digitsFor(error);
  return { text: `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(digits)} ± ${error.toFixed(digits)}`, value: gain };
}
