import { type Verdict, verdicts } from './claims.ts';
import type { Figure } from './figures/figure.ts';
import { figuresOf } from './figures/figures.ts';
import type { ResultRun } from './run.ts';
import { paperTables } from './tables/paper.ts';
import type { TableModel } from './tables/table.ts';

/** What a report is put together of. */
export interface ReportParts {
  readonly tables: readonly TableModel[];
  readonly figures: readonly Figure[];
  readonly verdicts: readonly Verdict[];
}

/** All tables, figures and answers to claims that there are for some runs. */
export const partsOf = (runs: readonly ResultRun[]): ReportParts => ({
  tables: paperTables(runs),
  figures: figuresOf(runs),
  verdicts: verdicts(runs),
});
