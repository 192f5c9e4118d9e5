import { STUDIO_VERSION } from '../engine/training/report.ts';
import { verdicts } from '../results/claims.ts';
import { figuresOf } from '../results/figures/figures.ts';
import { htmlReport } from '../results/report.ts';
import { paperTables } from '../results/tables/paper.ts';
import { testsBetween } from '../results/tests.ts';
import type { StudioDatabase } from '../storage/database.ts';
import { resultRuns, testedRuns } from '../storage/results.ts';
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
    tests: (groups, metric, protocol, over) =>
      answer(async () => {
        const tested = await Promise.all(groups.map((ids) => testedRuns(database, ids)));
        return testsBetween(tested, metric, protocol, over);
      }),
    report: (ids, title) => answer(async () => htmlReport({ title, runs: await runs(ids, true), date: new Date() })),
  };
}
