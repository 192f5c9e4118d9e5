/** Keeps what was last asked for, at most so many values; what is being fetched is not fetched twice. */
export class Kept<Key, Value> {
  readonly #values = new Map<Key, Promise<Value>>();

  constructor(readonly most: number) {}

  get(key: Key, fetch: () => Promise<Value>): Promise<Value> {
    const value = this.#values.get(key) ?? fetch();
    // The newest stand last; what failed is asked for again.
    this.#values.delete(key);
    this.#values.set(key, value);
    value.catch(() => this.#values.delete(key));
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.most) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}
