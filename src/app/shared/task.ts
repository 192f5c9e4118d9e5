import { testedBy as testedByOf } from '../../results/task.ts';
import type { RunRow } from '../../storage/database.ts';

/** What decides which instances are tested: runs that agree in it tested the same ones. */
export const testedBy = ({ datasetId, configuration }: RunRow): string => testedByOf(datasetId, configuration);

/** … and among which candidates their targets are ranked. */
export const taskOf = (run: RunRow): string => `${testedBy(run)} ${run.configuration.evaluation.candidates}`;
