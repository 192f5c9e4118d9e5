import * as tf from '@tensorflow/tfjs';
import { type AdamState, adamStepOfRows, replayRows } from '../adam/index.ts';
import { mergeRows, type RowGradient, scatterRows } from './segments.ts';

/**
 * A table of which each step reads a few rows. Adam moves every row at every step, by what is left of its moments; here a row
 * makes up for the steps it has missed when it is read next, and all rows before the table is used as a whole. The values are
 * those of dense Adam to single precision, while plain “lazy” Adam, which forgets the missed steps, is another method.
 */
export class DeferredTable {
  /** Stands for the table on tfjs's tape, where a gradient would have to be as large as the table. */
  readonly handle: tf.Scalar = tf.scalar(0);
  /** The last step that each row has made; 0 for one that never had a gradient, which no step moves. */
  private readonly lastStep: Int32Array;
  private step = 0;
  private isSettled = true;
  private gradients: RowGradient[] = [];

  constructor(
    private readonly state: AdamState,
    private readonly learningRate: number,
  ) {
    this.lastStep = new Int32Array(state.parameter.shape[0]);
    tables.set(state.parameter, this);
  }

  /** Brings some rows to where dense Adam would have them now. */
  catchUp(rows: Int32Array): void {
    const behind = rows.filter((row) => this.lastStep[row] > 0 && this.lastStep[row] < this.step);
    if (behind.length === 0) return;
    const missed = behind.map((row) => this.step - this.lastStep[row]);
    tf.tidy(() => replayRows(this.state, behind, missed, this.learningRate, this.step));
    for (const row of behind) this.lastStep[row] = this.step;
  }

  /** Brings all rows there. */
  settle(): void {
    if (this.isSettled) return;
    this.catchUp(Int32Array.from(this.lastStep, (_, row) => row));
    this.isSettled = true;
  }

  /** Takes the gradient of some rows, each named once, −1 for none; called by the backward of `gatherRows`. */
  addGradient(rows: Int32Array, gradient: tf.Tensor): void {
    this.gradients.push({ rows, gradient: tf.keep(gradient) });
  }

  /** Step number `step` for the rows that have a gradient; all others miss it. */
  takeStep(step: number): void {
    this.step = step;
    this.isSettled = false;
    if (this.gradients.length === 0) return;
    tf.tidy(() => {
      const { rows, gradient } = mergeRows(this.gradients);
      adamStepOfRows(this.state, rows, gradient, this.learningRate, step);
      for (const row of rows) if (row >= 0) this.lastStep[row] = step;
    });
    for (const { gradient } of this.gradients) gradient.dispose();
    this.gradients = [];
  }

  /**
   * Of step number `step`, which someone else is to take for all rows: what the rows have of a gradient, for the whole table;
   * null if nothing. A table that is used as a whole must not be behind.
   */
  takeGradient(step: number): tf.Tensor | null {
    if (!this.isSettled) throw new Error('A deferred table was used as a whole while some of its rows were behind.');
    const parts = this.gradients;
    this.gradients = [];
    this.step = step;
    this.lastStep.fill(step);
    if (parts.length === 0) return null;
    const { rows, gradient } = mergeRows(parts);
    const { shape } = this.state.parameter;
    const whole = tf.reshape(scatterRows(gradient, rows, shape[0]), shape);
    for (const part of parts) part.gradient.dispose();
    return whole;
  }

  /** Where each row and the table stand: a copy. Rows that are behind stay so: making up in parts would round in other places. */
  standing(): { readonly lastStep: Int32Array; readonly isSettled: boolean } {
    return { lastStep: this.lastStep.slice(), isSettled: this.isSettled };
  }

  /** Goes on where a table stood after step number `step`. Without `lastStep` no row was behind. */
  restore(step: number, lastStep: Int32Array | null, isSettled: boolean): void {
    this.step = step;
    // Rows that never had a gradient have no moments: no step moves them.
    if (lastStep === null) this.lastStep.fill(step);
    else this.lastStep.set(lastStep);
    this.isSettled = lastStep === null || isSettled;
  }

  dispose(): void {
    tables.delete(this.state.parameter);
    this.handle.dispose();
  }
}

const tables = new WeakMap<tf.Tensor, DeferredTable>();

/** The deferred table that a tensor is the values of. */
export const tableOf = (tensor: tf.Tensor): DeferredTable | undefined => tables.get(tensor);
