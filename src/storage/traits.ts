import type { DatasetRow, RunRow } from './database.ts';

/** What presets want to know of a dataset. */
export const traitsOf = ({
  origin,
  figures,
}: Pick<DatasetRow, 'origin' | 'figures'>): Pick<RunRow, 'scenario' | 'sourceItems'> => ({
  scenario: origin.kind === 'simulated' ? origin.scenario : null,
  sourceItems: figures.sourceItems,
});
