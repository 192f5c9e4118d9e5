/** Letters that a file's name may have. */
const MOST_LETTERS = 80;

/** Whole words, as far as there is room for them; of one long word its beginning. */
function shortened(words: string): string {
  if (words.length <= MOST_LETTERS) return words;
  const end = words.lastIndexOf('-', MOST_LETTERS);
  return words.slice(0, end > 0 ? end : MOST_LETTERS);
}

/** A name that every file system takes: letters, figures, dots and hyphens of what was meant; never hidden, never empty. */
export function fileName(words: string, extension: string): string {
  const safe = shortened(words.normalize('NFC').replace(/[^\p{L}\p{N}.]+/gu, '-')).replace(/^[-.]+|[-.]+$/g, '');
  // Windows keeps these for itself.
  const name = safe === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) ? `studio-${safe || 'file'}` : safe;
  return `${name}.${extension}`;
}

/** Milliseconds after which no browser still reads what it downloads. */
const READ = 60_000;

/** Hands a file to the browser, to be saved. */
export function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ);
}
