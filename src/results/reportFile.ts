import type { ResultRun } from './run.ts';
import { RunFileError, readRunFiles } from './runFile.ts';

const VERSION = 1;
/** Reports do not say with which preset their runs began. */
const PRESET = 'unknown';
/** What earlier reports do not have. */
const NOT_MEASURED = { byTrainingTargets: null, cost: null };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The runs of a `report.json` of the command line, without ranks and policies of single users: those are not in it.
 *
 * @throws RunFileError that says what is wrong, and in which run
 */
export function readReportFile(written: Readonly<Record<string, unknown>>): ResultRun[] {
  const { version, environment, dataset, runs } = written;
  if (version !== VERSION) {
    throw new RunFileError(`This report is of version ${String(version)}; this studio reads version ${VERSION}.`);
  }
  if (!Array.isArray(runs)) throw new RunFileError('This report is broken: “runs” is no list.');
  const head = { format: 'uaf-studio run', version: 1, dataset, environment, preset: PRESET, experiment: null, details: null };
  const files = runs.map((run: unknown) => ({ ...head, report: isObject(run) ? { ...NOT_MEASURED, ...run } : run }));
  // Checked by what checks every run that comes from outside.
  return readRunFiles(JSON.stringify({ format: 'uaf-studio runs', version: 1, runs: files }));
}
