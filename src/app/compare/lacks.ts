import type { RunRow } from '../../storage/database.ts';

/** Why the model of a finished run is not here, and what can be done, in sentences. Null where it is. */
export function modelLack({ elsewhere, error, search }: RunRow, hasModel: boolean): string | null {
  if (hasModel) return null;
  if (elsewhere !== undefined)
    return 'The model of this run is not here: files of runs hold none. Import its own file (safetensors), or run it again.';
  if (error !== null) return `The model of this run could not be saved: ${error.message} Run it again.`;
  if (search !== null) return 'The model of this run is not here: of a search that of the best trial is kept.';
  return 'The model of this run is not here: an earlier version of the studio did not keep it. Run it again.';
}

/** Why nothing can be said about users; null where something can. @param hasContents whether the data is here */
export const usersLack = (run: RunRow, hasModel: boolean, hasContents: boolean): string | null =>
  modelLack(run, hasModel) ??
  (hasContents ? null : 'The data of this run is not here, only results: import the files of its dataset on the Data page.');
