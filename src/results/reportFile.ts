import type { ResultRun } from './run.ts';
import { decoded, RunFileError } from './runFile.ts';
import { versionWords } from './versionWords.ts';

const VERSION = 1;
/** Reports do not say with which preset their runs began. */
const PRESET = 'unknown';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The runs of a `report.json` of the command line, without ranks and policies of single users: those are not in it. Reports of versions
 * before 0.3 do not say on which data they are, and are refused.
 *
 * @throws RunFileError that says what is wrong, and in which run
 */
export function readReportFile(written: Readonly<Record<string, unknown>>): ResultRun[] {
  const { version, environment, dataset, runs } = written;
  if (version !== VERSION) {
    throw new RunFileError(`This report is of ${versionWords(version)}; this studio reads version ${VERSION}.`);
  }
  if (!isObject(dataset) || !Object.hasOwn(dataset, 'hash')) {
    throw new RunFileError(
      'This report does not say on which data it is (“dataset.hash”): it is of a version before 0.3, or broken. Run the experiment again to take it in.',
    );
  }
  if (!Array.isArray(runs)) throw new RunFileError('This report is broken: “runs” is no list.');
  const about = { dataset, environment, preset: PRESET, experiment: null, details: null };
  // Checked by what checks every run that comes from outside.
  return runs.map((report: unknown, i) => decoded({ ...about, report }, `Run ${i + 1} of this file`));
}
