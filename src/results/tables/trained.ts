import { bestOfDatasets, type Condition, isTenth } from '../conditions.ts';
import { settingsNotes } from '../shownSettings.ts';
import { nameOf } from '../variants.ts';
import { meanCell } from './cost.ts';
import { rounded, text, whole } from './measured.ts';
import type { Column, TableModel } from './table.ts';
import { distinctVariants } from './variants.ts';

/** What is trained: parameters and time of each method; a table a dataset. */
export function trainedTables(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel[] {
  const parts = bestOfDatasets(conditions, (condition) => {
    const found = distinctVariants(condition).filter(({ runs }) => runs.every(({ report }) => report.cost !== null));
    return isTenth(condition) || found.length === 0 ? null : found;
  });
  return parts.map(({ condition, found }, place) => {
    const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
    const right = (title: string, group?: string): Column => ({ title, group, align: 'right' });
    const { backend, adapter } = found[0].runs[0].environment;
    return {
      id: parts.length === 1 ? 'what-is-trained' : `what-is-trained-${place + 1}`,
      title: `What is trained, ${name}`,
      columns: [
        { title: 'Method', align: 'left' as const },
        right('trained', 'Parameters'),
        right('all', 'Parameters'),
        right('trained, %', 'Parameters'),
        right('fine-tuning, s', 'Time'),
        right('epochs', 'Time'),
        right('s an epoch', 'Time'),
      ],
      rows: found.map((variant) => ({
        cells: [
          text(nameOf(variant)),
          meanCell(variant, ({ report }) => report.cost?.trained ?? null, whole),
          meanCell(variant, ({ report }) => report.cost?.parameters ?? null, whole),
          meanCell(
            variant,
            ({ report: { cost } }) => cost && (cost.parameters === 0 ? 0 : (100 * cost.trained) / cost.parameters),
            rounded,
          ),
          meanCell(variant, ({ report }) => report.seconds.fineTuning, rounded),
          meanCell(variant, ({ report }) => report.epochs.length, rounded),
          meanCell(
            variant,
            ({ report: { epochs, seconds } }) => (epochs.length === 0 ? 0 : seconds.fineTuning / epochs.length),
            rounded,
          ),
        ],
      })),
      notes: [
        ...settingsNotes([{ name, condition, variants: found }], conditions),
        'Means over seeds. Parameters are the values of the fine-tuned model; times are of training alone, without evaluation and pre-training.',
        `Measured with backend ${backend}${adapter === '' ? '' : ` (${adapter})`}; what else the machine did then is part of the times.`,
      ],
    };
  });
}
