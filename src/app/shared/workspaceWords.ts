import { counted, listed } from '../../results/digits.ts';
import type { WorkspaceExported } from '../../services/protocol.ts';
import type { Stopped } from '../../state/workspace.ts';
import type { WorkspaceTaken } from '../../storage/workspace/takeInWorkspace.ts';

export const STOPPED_WORDS: Record<Stopped, string> = {
  export: 'Stopped. No file was written.',
  exportToFile: 'Stopped. The file was not written to.',
  import: 'Stopped. What came in until then stays; importing the file again brings the rest.',
};

export const exportedTitle = ({ leftOut }: Pick<WorkspaceExported, 'leftOut'>): string =>
  leftOut.length === 0 ? 'Everything is exported' : 'Exported, but not all';

/** What came of a workspace, in sentences. */
export function takenWords({ datasets, runs, experiments, pretrained, completed, waiting }: WorkspaceTaken): string[] {
  const kinds = [
    { noun: 'dataset', ...datasets },
    { noun: 'run', ...runs },
    { noun: 'experiment', ...experiments },
    { noun: 'pre-trained model', ...pretrained },
  ];
  const added = kinds.filter((kind) => kind.added > 0).map((kind) => counted(kind.added, kind.noun));
  const known = kinds.filter((kind) => kind.known > 0).map((kind) => counted(kind.known, kind.noun));
  const sentences = [added.length === 0 ? 'Nothing new came.' : `New here: ${listed(added)}.`];
  if (known.length > 0) sentences.push(`Here already, and not stored twice: ${listed(known)}.`);
  if (completed > 0) sentences.push(`What had been cleaned up of ${counted(completed, 'run')} is here again.`);
  if (waiting > 0) {
    sentences.push(`${counted(waiting, 'run')} had not finished: resume on the Train page, or with the experiment.`);
  }
  return sentences;
}
