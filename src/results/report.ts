import type { ResultRun } from './run.ts';

/** What a report is of. */
export interface ReportOf {
  readonly title: string;
  readonly runs: readonly ResultRun[];
  /** When it was made. */
  readonly date: Date;
}

/** One self-contained HTML page: tables, figures, claims, configuration, environment, seeds, protocol and notes. No script. */
export function htmlReport(_of: ReportOf): string {
  return '';
}
