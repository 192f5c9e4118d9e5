/** Keeps what was last asked for, as long as it weighs no more than so much; what is being fetched is not fetched twice. */
export class Kept<Key, Value> {
  readonly #values = new Map<Key, Promise<Value>>();
  /** Of what has been fetched. */
  readonly #weights = new Map<Key, number>();

  /** @param weigh what a value counts: 1, if it is left out */
  constructor(
    readonly most: number,
    readonly weigh: (value: Value) => number = () => 1,
  ) {}

  /** What is kept already, or being fetched. */
  found(key: Key): Promise<Value> | undefined {
    return this.#values.get(key);
  }

  get(key: Key, fetch: () => Promise<Value>): Promise<Value> {
    const value = this.#values.get(key) ?? this.#fetch(key, fetch);
    // The newest stand last.
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  #fetch(key: Key, fetch: () => Promise<Value>): Promise<Value> {
    const value = fetch();
    value.then(
      (fetched) => {
        this.#weights.set(key, this.weigh(fetched));
        this.#shed();
      },
      // What failed is asked for again.
      () => this.#values.delete(key),
    );
    return value;
  }

  /** Lets the oldest go until the rest is not too much. */
  #shed(): void {
    let total = Array.from(this.#weights.values()).reduce((sum, weight) => sum + weight, 0);
    for (const key of this.#values.keys()) {
      if (total <= this.most) return;
      const weight = this.#weights.get(key);
      // What is still being fetched weighs nothing yet.
      if (weight === undefined) continue;
      total -= weight;
      this.#values.delete(key);
      this.#weights.delete(key);
    }
  }
}
