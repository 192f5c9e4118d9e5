import { ImportError } from '../errors.ts';

/** Encodings that a file says itself, or that need no saying. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const NOTHING = new Uint8Array();

/** What Windows-1252 leaves undefined, and what no text has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are looked for by.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0081\u008d\u008f\u0090\u009d]/;

/** What Windows-1252 has from 0x80 on: versions of Node take it for Latin-1, which has control characters there. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const C1 = /[\u0080-\u009f]/g;

const strict = (encoding: Encoding): TextDecoder => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

/**
 * Makes text of the bytes of a file, piece by piece; a byte order mark is dropped. Text without one is UTF-8 or, where its first byte
 * beyond ASCII begins no character of UTF-8, Windows-1252, as German and French spreadsheets write CSV: up to there both are the same.
 */
export class Decoder {
  /** Whether no text was given yet, so that a byte order mark means something. */
  isAtBeginning = true;
  private isWindows1252 = false;
  /** Null: nothing but ASCII until now. */
  private decoder: TextDecoder | null;
  /** The beginning of a character whose end is still to come. */
  private pending: Uint8Array = NOTHING;

  constructor(
    private readonly name: string,
    encoding: Encoding,
    private readonly onNote: (sentence: string) => void = () => {},
  ) {
    this.decoder = encoding === 'utf-8' ? null : strict(encoding);
  }

  /**
   * @param goesOn whether a character may go on in the next piece
   * @throws ImportError for what is no text
   */
  decode(bytes: Uint8Array, goesOn: boolean): string {
    const text = this.textOf(bytes, goesOn);
    if (text.includes('\u0000') || (this.isWindows1252 && CONTROL.test(text))) throw new ImportError(binary(this.name));
    if (text === '' || !this.isAtBeginning) return text;
    this.isAtBeginning = false;
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  /** What is left of a character that did not end. */
  end(): string {
    return this.decode(NOTHING, false);
  }

  private textOf(bytes: Uint8Array, goesOn: boolean): string {
    const decoder = this.decoder;
    if (decoder === null) return this.first(bytes, goesOn);
    try {
      const text = decoder.decode(bytes, { stream: goesOn });
      return this.isWindows1252 ? text.replace(C1, (sign) => HIGH[sign.charCodeAt(0) - 0x80]) : text;
    } catch (error) {
      throw new ImportError(decoder.encoding === 'utf-8' ? mixed(this.name) : binary(this.name), { cause: error });
    }
  }

  /** The first byte beyond ASCII decides. */
  private first(piece: Uint8Array, goesOn: boolean): string {
    const bytes = this.pending.length === 0 ? piece : Uint8Array.from([...this.pending, ...piece]);
    this.pending = NOTHING;
    let at = 0;
    while (at < bytes.length && bytes[at] < 128) at++;
    const missing = at === bytes.length ? null : missingAt(bytes, at);
    if (missing !== null && missing > 0 && goesOn) {
      this.pending = bytes.slice(at);
      return ASCII.decode(bytes.subarray(0, at));
    }
    if (at === bytes.length) return ASCII.decode(bytes);
    this.isWindows1252 = missing !== 0;
    this.decoder = this.isWindows1252 ? new TextDecoder('windows-1252') : strict('utf-8');
    if (this.isWindows1252)
      this.onNote(`${this.name} was read as Windows-1252, because it is not UTF-8: look whether names are right.`);
    return this.textOf(bytes, goesOn);
  }
}

const ASCII = strict('utf-8');

/** How many bytes are missing of the character of UTF-8 that begins at a byte; null where none does. */
function missingAt(bytes: Uint8Array, at: number): number | null {
  const lead = bytes[at];
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  const rest = bytes.subarray(at + 1, at + length);
  if (length === 0 || rest.some((byte) => byte < 0x80 || byte > 0xbf)) return null;
  return length - 1 - rest.length;
}

const binary = (name: string): string =>
  `${name} is a binary file (not text, Parquet, zip or gzip), or text of an encoding that is not known here. Expected text with one interaction a line, such as “user,item,timestamp”; text of another encoding has to be saved as UTF-8.`;

const mixed = (name: string): string =>
  `${name} begins as UTF-8 and goes on as something else: it was damaged, or put together from files of different encodings. Save it as UTF-8.`;
