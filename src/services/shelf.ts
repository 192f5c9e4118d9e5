interface Kept<T> {
  readonly thing: Promise<T>;
  /** How many use it right now. */
  users: number;
}

/** Keeps the things that were used last, such as loaded models, and gives the others back once nobody uses them any more. */
export class Shelf<T> {
  /** The one used last stands last. */
  private readonly kept = new Map<number, Kept<T>>();

  /** @param most that are kept while idle */
  constructor(
    private readonly open: (id: number) => Promise<T>,
    private readonly close: (thing: T) => void,
    private readonly most: number,
  ) {}

  /** Works with a thing, which is opened unless it is here. */
  async use<R>(id: number, work: (thing: T) => Promise<R>): Promise<R> {
    const kept = this.kept.get(id) ?? { thing: this.open(id), users: 0 };
    this.kept.delete(id);
    this.kept.set(id, kept);
    kept.users++;
    try {
      return await work(await kept.thing);
    } finally {
      kept.users--;
      // What could not be opened is tried anew the next time.
      await kept.thing.catch(() => this.kept.delete(id));
      await this.tidy();
    }
  }

  private async tidy(): Promise<void> {
    for (const [id, { thing, users }] of Array.from(this.kept)) {
      if (this.kept.size <= this.most) return;
      if (users > 0) continue;
      this.kept.delete(id);
      this.close(await thing);
    }
  }
}
