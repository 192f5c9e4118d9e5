import type { RecognisedFile } from '../../services/protocol.ts';

/** Puts the release's pair in order, and labels last; two long files stay in the order in which they came, for the user to exchange. */
export function assignDomains(files: readonly RecognisedFile[]): readonly RecognisedFile[] {
  const isTarget = ({ recognition }: RecognisedFile) =>
    recognition.format.format === 'fine-tuning-lines' || recognition.format.format === 'labels';
  return files.toSorted((a, b) => Number(isTarget(a)) - Number(isTarget(b)));
}

/** A first name for a dataset: `electronics → beauty`. */
export const datasetName = (files: readonly RecognisedFile[]): string =>
  files.map(({ file }) => file.name.replace(/(\.(csv|tsv|txt|inter|gz|dat))+$/i, '')).join(' → ');
