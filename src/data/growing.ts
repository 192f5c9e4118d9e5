import { giveBack } from './giveBack.ts';

/** Whole numbers below 2^32, as many as come. */
export class Growing {
  private values = new Uint32Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.values);
      giveBack(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  at(place: number): number {
    return this.values[place];
  }

  clear(): void {
    this.length = 0;
  }

  /** Nothing is in it any more, nor can be. */
  giveBack(): void {
    giveBack(this.values);
  }
}
