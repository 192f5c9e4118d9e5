import { checkLine } from '../limits.ts';
import { type ReadOptions, readText, type SourceFile } from '../text.ts';

/** The lines of a file with their numbers (from 1), some at a time; empty ones are left out, spaces around them dropped. */
export async function* readLines(
  file: SourceFile,
  options: ReadOptions,
): AsyncGenerator<readonly { readonly line: number; readonly text: string }[]> {
  let pending = '';
  let line = 0;
  const numbered = (texts: readonly string[]) => {
    const lines = texts.flatMap((text, i) => (text.trim() === '' ? [] : [{ line: line + i + 1, text: text.trim() }]));
    line += texts.length;
    return lines;
  };
  for await (const piece of readText(file, options)) {
    const text = pending + piece;
    // What follows the last character is not known yet: it may be the first half of a line break.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const texts = text.slice(0, end).split(text.includes('\r') ? /\r\n?|\n/ : '\n');
    pending = (texts.pop() ?? '') + text.slice(end);
    checkLine(file.name, line + texts.length + 1, pending.length);
    if (texts.length > 0) yield numbered(texts);
  }
  if (pending.trim() !== '') yield numbered([pending]);
}
