/** One thing at a time: of those asked for meanwhile only the newest is done next, so that dragging never piles work up. */
export class Latest {
  #next: (() => Promise<void>) | null = null;
  #busy = false;

  async put(work: () => Promise<void>): Promise<void> {
    this.#next = work;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#next !== null) {
      const current = this.#next;
      this.#next = null;
      await current();
    }
    this.#busy = false;
  }
}
