import { STUDIO_VERSION } from '../engine/training/report.ts';
import { verdicts } from '../results/claims.ts';
import { figuresOf } from '../results/figures/figures.ts';
import { htmlReport } from '../results/report.ts';
import { paperTables } from '../results/tables/paper.ts';
import type { StudioDatabase } from '../storage/database.ts';
import { resultRuns } from '../storage/results.ts';
import { answer } from './answer.ts';
import type { ResultsService } from './protocol.ts';

/** Makes tables, figures, claims and files of stored runs. @param platform the browser, in its own words */
export function resultsService(database: StudioDatabase, platform: string): ResultsService {
  const environment = { studio: STUDIO_VERSION, platform };
  const runs = (ids: readonly number[], withDetails: boolean) => resultRuns(database, ids, environment, withDetails);
  return {
    claims: (ids) => answer(async () => verdicts(await runs(ids, true))),
    tables: (ids) => answer(async () => paperTables(await runs(ids, false))),
    figures: (ids) => answer(async () => figuresOf(await runs(ids, false))),
    report: (ids, title) =>
      answer(async () => {
        const of = await runs(ids, true);
        const parts = { tables: paperTables(of), figures: figuresOf(of), verdicts: verdicts(of), notes: [] };
        return htmlReport({ title, runs: of, date: new Date(), ...parts });
      }),
  };
}
