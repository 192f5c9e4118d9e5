import { Growing } from '../../growing.ts';
import type { Vocabulary } from '../../vocabulary.ts';
import { Decoder } from '../decoder.ts';
import { isSpace } from '../rows.ts';
import { kindOf, onlyEmptyLines, type ReadOptions, readBlocks, type SourceFile } from '../text.ts';
import { readLines } from './lines.ts';

const [COMMA, LINE_FEED, CARRIAGE_RETURN] = [44, 10, 13];
/** The word that stands for padding in the release's files. */
const PADDING = 48;

/** The words of a line of the release's files, between commas; without those that are empty. */
export class Words {
  /** How often two commas follow each other; and the first word after the first time. */
  doubleCommas = 0;
  half = 0;
  isBlank = true;
  private bytes: Uint8Array = new Uint8Array();
  private readonly starts = new Growing();
  private readonly ends = new Growing();

  get length(): number {
    return this.starts.length;
  }

  /** Whether it is the word “0”. */
  isPadding(word: number): boolean {
    const start = this.starts.at(word);
    return this.bytes[start] === PADDING && this.ends.at(word) === start + 1;
  }

  number(word: number, vocabulary: Vocabulary): number {
    return vocabulary.numberOf(this.bytes, this.starts.at(word), this.ends.at(word));
  }

  /** Cuts a line; false, and nothing said, if it is not ASCII alone. */
  cut(bytes: Uint8Array, from: number, to: number): boolean {
    this.begin(bytes);
    let start = from;
    for (let place = from; place <= to; place++) {
      const code = place < to ? bytes[place] : COMMA;
      if (code > 127 || code === 0) return false;
      if (code !== COMMA) continue;
      if (place < to) this.isBlank = false;
      this.add(start, place);
      if (place + 1 < to && bytes[place + 1] === COMMA) {
        place++;
        this.double();
      }
      start = place + 1;
    }
    if (this.length > 0) this.isBlank = false;
    return true;
  }

  /** The same for any text: spaces of all kinds surround words. */
  cutText(text: string): void {
    const parts = text.split(',,').map((part) => part.split(',').map((word) => word.trim()));
    const bytes = new TextEncoder().encode(parts.flat().join(','));
    this.begin(bytes);
    this.isBlank = text.trim() === '';
    let start = 0;
    for (const [p, part] of parts.entries()) {
      if (p > 0) this.double();
      for (let w = 0; w < part.length; w++) {
        const comma = bytes.indexOf(COMMA, start);
        const end = comma < 0 ? bytes.length : comma;
        if (end > start) {
          this.starts.push(start);
          this.ends.push(end);
        }
        start = end + 1;
      }
    }
  }

  private begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.starts.clear();
    this.ends.clear();
    this.doubleCommas = this.half = 0;
    this.isBlank = true;
  }

  private double(): void {
    if (this.doubleCommas++ === 0) this.half = this.length;
  }

  private add(from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && isSpace(this.bytes[start])) start++;
    while (end > start && isSpace(this.bytes[end - 1])) end--;
    if (start === end) return;
    this.starts.push(start);
    this.ends.push(end);
  }
}

/** Gives the lines of a file that are not blank, with their numbers from 1; the words are only good until the next line. */
export async function takeLines(
  file: SourceFile,
  options: ReadOptions,
  take: (line: number, words: Words) => void,
): Promise<void> {
  const { encoding } = await kindOf(file);
  const words = new Words();
  let line = 0;
  const given = () => {
    if (!words.isBlank) take(line, words);
  };
  if (encoding !== 'utf-8') {
    for await (const lines of readLines(file, options)) {
      for (const { line: number, text } of lines) {
        line = number;
        words.cutText(text);
        given();
      }
    }
    return;
  }
  const decoder = new Decoder(file.name, encoding, options.onNote);
  let anything = false;
  for await (const block of readBlocks(file, options, () => line + 1)) {
    let returned = block.indexOf(CARRIAGE_RETURN);
    for (let at = 0; at < block.length; ) {
      const found = block.indexOf(LINE_FEED, at);
      let end = found < 0 ? block.length : found;
      if (returned >= 0 && returned < at) returned = block.indexOf(CARRIAGE_RETURN, at);
      // Alone it breaks a line, too.
      if (returned >= 0 && returned < end && (found < 0 || returned < found - 1)) end = returned;
      line++;
      // A byte order mark only means something in the first line.
      if (!words.cut(block, at, end)) {
        decoder.isAtBeginning = line === 1;
        words.cutText(decoder.decode(block.subarray(at, end), false));
      }
      anything ||= !words.isBlank;
      given();
      at = end + 1;
    }
  }
  if (!anything) throw onlyEmptyLines(file);
}
