import type { RunRow } from '../../storage/database.ts';

/** What decides which instances are tested: runs that agree in it tested the same ones. */
export const testedBy = ({ datasetId, configuration: { dataset, fineTuning } }: RunRow): string =>
  JSON.stringify([datasetId, dataset, fineTuning.selectOn]);

/** … and among which candidates their targets are ranked. */
export const taskOf = (run: RunRow): string => `${testedBy(run)} ${run.configuration.evaluation.candidates}`;
