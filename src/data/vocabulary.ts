import { giveBack } from './giveBack.ts';

/** Names that are decoded at a time. */
const DECODED = 1 << 14;

/**
 * Numbers for names, by first appearance. Names are kept as UTF-8, one after the other, and are looked up as bytes: a file of
 * millions of rows is read without a string for each cell.
 */
export class Vocabulary {
  #bytes = new Uint8Array(1 << 10);
  /** Where the bytes of each name end. */
  #ends = new Uint32Array(1 << 7);
  #hashes = new Int32Array(1 << 7);
  #count = 0;
  /** Open addressing: numbers + 1 at the places of their hashes, 0 where nothing is. At most half full. */
  #table = new Int32Array(1 << 8);
  #names: string[] = [];
  #given = new Uint8Array(1 << 8);

  get length(): number {
    return this.#count;
  }

  /** All names, by number. */
  get names(): readonly string[] {
    while (this.#names.length < this.#count)
      this.#decode(this.#names.length, Math.min(this.#count, this.#names.length + DECODED));
    return this.#names;
  }

  /** Makes all names ready, some at a time: millions of them take a while. */
  async ready(turn: (() => Promise<void>) | undefined): Promise<readonly string[]> {
    while (this.#names.length < this.#count) {
      this.#decode(this.#names.length, Math.min(this.#count, this.#names.length + DECODED));
      await turn?.();
    }
    return this.#names;
  }

  number(name: string): number {
    if (3 * name.length > this.#given.length) this.#given = new Uint8Array(6 * name.length);
    const bytes = this.#given;
    let length = 0;
    for (; length < name.length; length++) {
      const code = name.charCodeAt(length);
      if (code > 127) break;
      bytes[length] = code;
    }
    if (length < name.length) length = new TextEncoder().encodeInto(name, bytes).written;
    return this.numberOf(bytes, 0, length);
  }

  /** The number of the name that `bytes` hold from `start` to `end`. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const number = this.#table[place] - 1;
      if (number < 0) return this.#add(bytes, start, end, hash, place);
      if (this.#hashes[number] === hash && this.#isAt(number, bytes, start, end)) return number;
    }
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1];
  }

  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    let at = this.#startOf(number);
    if (this.#ends[number] - at !== end - start) return false;
    for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, place: number): number {
    const number = this.#count;
    const from = this.#startOf(number);
    const to = from + end - start;
    if (to > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(to, 2 * this.#bytes.length)));
    if (number === this.#ends.length) {
      this.#ends = grown(this.#ends, new Uint32Array(2 * number));
      this.#hashes = grown(this.#hashes, new Int32Array(2 * number));
    }
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#ends[number] = to;
    this.#hashes[number] = hash;
    this.#table[place] = ++this.#count;
    if (2 * this.#count > this.#table.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const table = new Int32Array(2 * this.#table.length);
    const mask = table.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let place = this.#hashes[number] & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = number + 1;
    }
    giveBack(this.#table);
    this.#table = table;
  }

  /** Many at once: calling the decoder costs more than a short name does. */
  #decode(first: number, end: number): void {
    const from = this.#startOf(first);
    const bytes = this.#bytes.subarray(from, this.#ends[end - 1]);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const text = decoder.decode(bytes);
    const isAscii = text.length === bytes.length;
    for (let number = first; number < end; number++) {
      const [start, stop] = [this.#startOf(number) - from, this.#ends[number] - from];
      this.#names.push(isAscii ? text.substring(start, stop) : decoder.decode(bytes.subarray(start, stop)));
    }
  }
}

function grown<A extends Uint8Array | Uint32Array | Int32Array>(old: A, larger: A): A {
  larger.set(old);
  giveBack(old);
  return larger;
}
