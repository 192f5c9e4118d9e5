import { gzipSync } from 'node:zlib';
import { type Bytes, bytesOf } from './files.ts';
import { FORMATS, type FuzzFormat } from './formats.ts';
import { MadeFile } from './made.ts';

/** A file far larger than anything that is kept of it. */
interface HeavyFile {
  readonly what: string;
  readonly file: (megabytes: number) => MadeFile;
}

const PIECE = 1 << 20;
const MEMBER = 1 << 16;

const filled = (text: string, length = PIECE): Bytes => bytesOf(text.repeat(Math.ceil(length / text.length)).slice(0, length));

const plain = (what: string, head: string, text: string): HeavyFile => ({
  what,
  file: (megabytes) => new MadeFile('large.csv', bytesOf(head), filled(text), megabytes),
});

/** A gzip of so much more than it is: its members, which may follow each other, have a thousandth of what they unfold to. */
const bomb = (what: string, head: string, text: string): HeavyFile => ({
  what,
  file: (megabytes) => {
    const packed = (bytes: Bytes) => new Uint8Array(gzipSync(bytes, { level: 9 }));
    // Small members, since unpacking reads ahead: it would swallow all of a file before anybody sees how far it is.
    return new MadeFile('bomb.csv.gz', packed(bytesOf(head)), packed(filled(text, MEMBER)), (megabytes * PIECE) / MEMBER);
  },
});

const HEADER = 'user_id,item_id,timestamp\n';

const HEAVY: readonly HeavyFile[] = [
  plain('a line of 100 MB', HEADER, 'x'),
  plain('a line of 100 MB of fields', HEADER, 'ab,'),
  plain('100 MB after a quote that does not close', `${HEADER}"`, 'u1,m1\n'),
  plain('100 MB of quotes', HEADER, '"'),
  plain('a line of 100 MB of items', '', 'm1,m2,m3,m4,m5,m6,m7,m8,'),
  plain('100 MB of empty lines', '', '\n'),
  bomb('a gzip bomb of zeros', HEADER, '\0'),
  bomb('a gzip bomb of one line', HEADER, 'x'),
  bomb('a gzip bomb of empty lines', HEADER, '\n'),
  bomb('a gzip bomb of one row', HEADER, 'u1,m1,1357430400\n'),
];

/** Large files in place of the first file of a format. */
export const heavyCases = (): readonly (HeavyFile & { readonly format: FuzzFormat })[] =>
  HEAVY.map((heavy) => ({ ...heavy, format: FORMATS[0] }));

export const heavyCount = HEAVY.length;
