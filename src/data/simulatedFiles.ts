import { permutation, type RandomStream, randomStream } from './random.ts';

/** How large the simulated files are, and from which seed. */
export interface FileSizes {
  readonly users: number;
  /** Source items of each user. */
  readonly length: number;
  readonly sourceItems: number;
  readonly targetItems: number;
  /** The first so many users have targets. */
  readonly targetUsers: number;
  /** Target rows in all, spread evenly. */
  readonly instances: number;
  readonly seed: number;
}

/** Items of both domains belong to genres; a user likes one at first, and another later. */
const GENRES = 20;
/** Popularity of an item within its genre: 1 / rank^0.8, so that the rarest of a large catalogue still occurs. */
const ZIPF = 0.8;
/** So many items of any genre stand among a user's own. */
const NOISE = 0.1;
const PIECE = 1 << 20;
const [COMMA, LINE_FEED, ZERO] = [44, 10, 48];

/** The release's first file: a line of source items for each user. */
export function* pretrainingLines(sizes: FileSizes): Generator<Uint8Array> {
  const [people, text] = [new People(sizes), new Text()];
  for (let user = 0; user < sizes.users; user++) {
    text.numbers(people.sequence(user));
    text.byte(LINE_FEED);
    if (text.isFull) yield text.take();
  }
  yield text.take();
}

/** The release's second file: the source items of users with targets once more, a double comma, and their target items. */
export function* fineTuningLines(sizes: FileSizes): Generator<Uint8Array> {
  const [people, text] = [new People(sizes), new Text()];
  for (let user = 0; user < sizes.targetUsers; user++) {
    text.numbers(people.sequence(user));
    text.byte(COMMA);
    text.byte(COMMA);
    text.numbers(people.targets(user));
    text.byte(LINE_FEED);
    if (text.isFull) yield text.take();
  }
  yield text.take();
}

/** The same events as rows, user by user and in order of time: `user,item,timestamp`. */
export function* longRows(sizes: FileSizes, domain: 'source' | 'target'): Generator<Uint8Array> {
  const [people, text] = [new People(sizes), new Text()];
  text.words('user,item,timestamp\n');
  const isSource = domain === 'source';
  for (let user = 0; user < (isSource ? sizes.users : sizes.targetUsers); user++) {
    const random = randomStream(sizes.seed, `${domain} times`, user);
    let time = 1_500_000_000 + random.integer(10_000_000);
    for (const item of isSource ? people.sequence(user) : people.targets(user)) {
      time += 1 + random.integer(36_000);
      text.number(user + 1);
      text.byte(COMMA);
      text.number(item);
      text.byte(COMMA);
      text.number(time);
      text.byte(LINE_FEED);
    }
    if (text.isFull) yield text.take();
  }
  yield text.take();
}

/** What users do: each from their own streams, so that one file's users are those of another. */
class People {
  private readonly source: Catalogue;
  private readonly target: Catalogue;

  constructor(private readonly sizes: FileSizes) {
    this.source = new Catalogue(sizes.sourceItems, sizes.seed, 'source');
    this.target = new Catalogue(sizes.targetItems, sizes.seed, 'target');
  }

  sequence(user: number): Int32Array {
    const { seed, length } = this.sizes;
    const [older, recent] = this.tastes(user);
    const random = randomStream(seed, 'source', user);
    const turn = Math.floor(length / 3) + random.integer(Math.ceil(length / 3));
    return Int32Array.from({ length }, (_, i) => this.source.draw(random, i < turn ? older : recent));
  }

  /** Users of every other genre stay with what they liked at first. */
  targets(user: number): Int32Array {
    const { seed, instances, targetUsers } = this.sizes;
    const [older, recent] = this.tastes(user);
    const random = randomStream(seed, 'target', user);
    const length = Math.floor(((user + 1) * instances) / targetUsers) - Math.floor((user * instances) / targetUsers);
    return Int32Array.from({ length }, () => this.target.draw(random, older % 2 === 0 ? older : recent));
  }

  private tastes(user: number): readonly [older: number, recent: number] {
    const random = randomStream(this.sizes.seed, 'tastes', user);
    const older = random.integer(GENRES);
    return [older, (older + 1 + random.integer(GENRES - 1)) % GENRES];
  }
}

/** The items of a domain: ids from 1 (0 is the release's padding), in an order that tells nothing. */
class Catalogue {
  private readonly ids: Int32Array;
  private readonly rank: (random: RandomStream) => number;

  constructor(items: number, seed: number, domain: string) {
    this.ids = permutation(randomStream(seed, `${domain} ids`), items).map((id) => id + 1);
    this.rank = aliasTable(Float64Array.from({ length: Math.ceil(items / GENRES) }, (_, rank) => 1 / (rank + 1) ** ZIPF));
  }

  draw(random: RandomStream, genre: number): number {
    for (;;) {
      const drawn = random.uniform() < NOISE ? random.integer(GENRES) : genre;
      const item = this.rank(random) * GENRES + drawn;
      // The last rank is not there in every genre.
      if (item < this.ids.length) return this.ids[item];
    }
  }
}

/** Draws a number with a given weight, each in the same time (Walker, Vose). */
function aliasTable(weights: Float64Array): (random: RandomStream) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = weights.map((weight) => (weight / total) * weights.length);
  const alias = new Int32Array(weights.length);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, i) => {
    (value < 1 ? small : large).push(i);
  });
  for (;;) {
    const [poor, rich] = [small.pop(), large.at(-1)];
    if (poor === undefined || rich === undefined) break;
    alias[poor] = rich;
    share[rich] -= 1 - share[poor];
    if (share[rich] < 1) small.push(large.pop() ?? rich);
  }
  // What is left of either list is 1 but for rounding.
  for (const i of [...small, ...large]) share[i] = 1;
  return (random) => {
    const at = random.uniform() * share.length;
    const i = Math.floor(at);
    return at - i < share[i] ? i : alias[i];
  };
}

/** Text as bytes, a piece at a time: strings would take most of the time. */
class Text {
  private bytes = new Uint8Array(2 * PIECE);
  private length = 0;

  get isFull(): boolean {
    return this.length >= PIECE;
  }

  byte(code: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = code;
  }

  words(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  number(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    while (this.length + digits > this.bytes.length) this.grow();
    this.length += digits;
    for (let at = this.length - 1, rest = value; digits > 0; digits--, at--) {
      const tenth = Math.floor(rest / 10);
      this.bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
  }

  numbers(values: Int32Array): void {
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.byte(COMMA);
      this.number(values[i]);
    }
  }

  take(): Uint8Array {
    const piece = this.bytes.slice(0, this.length);
    this.length = 0;
    return piece;
  }

  private grow(): void {
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
