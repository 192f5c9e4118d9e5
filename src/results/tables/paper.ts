import { conditionsOf, datasetNames } from '../conditions.ts';
import type { ResultRun } from '../run.ts';
import { costTables } from './cost.ts';
import { datasetsTable } from './datasets.ts';
import { howColdTables } from './howCold.ts';
import { methodTables } from './layouts.ts';
import { withoutOnlyDataset } from './onlyDataset.ts';
import { pretrainingTable } from './pretraining.ts';
import { releasedTable } from './released.ts';
import { runsTable } from './runs.ts';
import { significanceTables } from './significance.ts';
import type { TableModel } from './table.ts';
import { temperatureTable } from './temperature.ts';
import { trainedTables } from './trained.ts';

/**
 * The paper's tables as layouts, the published value and ours side by side, and those of the further questions; each only where there
 * are runs for it. Of each dataset all tables take the same settings, where these have what a table is of (`bestOfDatasets`);
 * `runsTable` has all of them.
 *
 * @param runs with their details; without them differences are tested over seeds alone
 */
export function paperTables(runs: readonly ResultRun[]): TableModel[] {
  const conditions = conditionsOf(runs);
  const names = datasetNames(runs.map(({ dataset }) => dataset));
  return [
    datasetsTable(runs, names) ?? [],
    methodTables(conditions, names),
    ['HR@5', 'MRR@5', 'accuracy'].map((metric) => significanceTables(conditions, names, metric)),
    only(pretrainingTable(conditions, names)),
    howColdTables(conditions, names),
    costTables(conditions, names),
    trainedTables(conditions, names),
    only(temperatureTable(conditions, names)),
    only(releasedTable(conditions, names)),
    only(runsTable(runs)),
  ].flat(2);
}

const only = (table: TableModel | null): TableModel[] => (table === null ? [] : [withoutOnlyDataset(table)]);
