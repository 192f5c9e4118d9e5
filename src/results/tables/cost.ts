import { reads } from '../../experiments/unread.ts';
import { bestOfDatasets, type Condition, isTenth } from '../conditions.ts';
import type { FinishedRun } from '../run.ts';
import { settingsNotes } from '../shownSettings.ts';
import { inOrder, labelsAmong, type Variant } from '../variants.ts';
import { blank, measuredCell, rounded, SEEDS_NOTE, text, whole } from './measured.ts';
import { conditionNote, selectionNotes } from './notes.ts';
import type { Cell, Column, TableModel } from './table.ts';

/** What accuracy costs: γ and β, the share of fine-tuned blocks, operations and time of a recommendation; a table a dataset. */
export function costTables(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] {
  const parts = bestOfDatasets(conditions, (condition) => {
    const found = condition.variants.filter(({ runs }) => runs.every(({ report }) => report.cost !== null));
    const hasPolicy = found.some(({ runs }) => runs[0].report.policy !== null);
    return isTenth(condition) || !hasPolicy ? null : inOrder(found);
  });
  return parts.map(({ condition, found }, place) => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    const metric = condition.dataset.task === 'profile' ? 'accuracy' : 'HR@5';
    const right = (title: string): Column => ({ title, align: 'right' });
    const labelOf = labelsAmong(found, ['rewardGamma', 'rewardBeta']);
    return {
      id: parts.length === 1 ? 'cost' : `cost-${place + 1}`,
      title: `Cost against accuracy, ${name}`,
      columns: [
        { title: 'Method', align: 'left' as const },
        right('γ'),
        right('β'),
        right(metric),
        right('fine-tuned blocks, %'),
        right('operations a recommendation'),
        right('ms a recommendation'),
      ],
      rows: found.map((variant) => ({
        cells: [
          text(labelOf(variant)),
          settingCell(variant, 'rewardGamma'),
          settingCell(variant, 'rewardBeta'),
          measuredCell(variant, metric),
          shareCell(variant),
          meanCell(variant, ({ report }) => report.cost?.operations ?? null, whole),
          meanCell(
            variant,
            ({ report: { seconds } }) => (seconds.recommendation === null ? null : 1000 * seconds.recommendation),
            rounded,
          ),
        ],
      })),
      notes: [
        conditionNote(name, condition, found),
        ...settingsNotes([{ name, condition, variants: found }], conditions),
        ...selectionNotes([condition]),
        SEEDS_NOTE,
        'Fine-tuned blocks: the mean of I over users and blocks; of UAF-Soft it is the weight of the copy. Methods without a policy have none.',
        'Operations are the floating-point ones of convolutions and matrix products for one user, where of each block only the chosen branch runs (of UAF-Soft both), with the policy network and the scores of all items; milliseconds were measured, in passes over the test users, on this backend.',
      ],
    };
  });
}

function settingCell({ runs: [{ report }] }: Variant, key: 'rewardGamma' | 'rewardBeta'): Cell {
  const { configuration } = report;
  if (!reads(configuration, key)) return blank('not a setting of this method');
  return { text: String(configuration[key]), value: configuration[key] };
}

/** The mean over seeds; empty where one of the runs has none. */
export function meanCell({ runs }: Variant, of: (run: FinishedRun) => number | null, write: (value: number) => Cell): Cell {
  const values = runs.flatMap((run) => of(run) ?? []);
  if (values.length < runs.length) return blank('not measured');
  return write(values.reduce((sum, value) => sum + value, 0) / values.length);
}

const shareCell = (variant: Variant): Cell =>
  meanCell(
    variant,
    ({ report: { policy } }) =>
      policy && (100 * policy.utilisation.reduce((sum, share) => sum + share, 0)) / policy.utilisation.length,
    (value) => ({ text: value.toFixed(0), value }),
  );
