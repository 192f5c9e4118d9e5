import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../data/dataset.ts';
import type { Method, MethodContext } from '../methods/method.ts';
import { userBatch } from '../methods/userBatch.ts';
import type { Parameters } from '../model/parameters.ts';

/** Bytes that a run keeps at most of what its method leaves frozen. */
export const CACHE_BUDGET = 2 ** 28;

const ROWS_AT_A_TIME = 256;

/**
 * What a method leaves frozen (`Method.frozen`), computed once for each user of a run. Without it every one of them would pass
 * through the frozen part in each epoch that trains or evaluates them, so that filling it never is the longer way. Kept on the
 * host: the memory of a WASM backend never shrinks again, and a batch takes no more than a copy of its rows.
 */
export class UserCache {
  private constructor(
    private readonly places: ReadonlyMap<number, number>,
    /** [users × width]. */
    private readonly values: Float32Array,
    private readonly width: number,
  ) {}

  /**
   * @param users whom the run trains or evaluates, each once
   * @param budget in bytes
   * @param turn awaited between passes; whatever it throws ends the filling
   * @returns null if nothing is frozen, or more than the budget
   */
  static async fill(
    method: Method,
    parameters: Parameters,
    context: MethodContext,
    dataset: Dataset,
    users: Int32Array,
    budget: number,
    turn: () => Promise<void>,
  ): Promise<UserCache | null> {
    const frozen = method.frozen?.(context) ?? null;
    if (frozen === null || budget === 0 || users.length === 0) return null;
    const rows = Math.min(ROWS_AT_A_TIME, users.length);
    let values = new Float32Array();
    for (let from = 0; from < users.length; from += rows) {
      const part = users.subarray(from, from + rows);
      const batch = userBatch(dataset, part, rows, context.configuration.sequenceLength);
      const states = tf.tidy(() => frozen(parameters, batch));
      const width = states.size / rows;
      const computed = (await states.data()) as Float32Array;
      states.dispose();
      if (from === 0) {
        if (4 * width * users.length > budget) return null;
        values = new Float32Array(width * users.length);
      }
      values.set(computed.subarray(0, width * part.length), width * from);
      await turn();
    }
    return new UserCache(new Map(Array.from(users, (user, i) => [user, i])), values, values.length / users.length);
  }

  /**
   * What is kept of `users`, one after the other, filled up to `rows` with zeros: [rows × width].
   *
   * @throws Error for a user the cache was not filled with
   */
  rowsOf(users: Int32Array, rows: number): Float32Array {
    const { places, values, width } = this;
    const taken = new Float32Array(rows * width);
    users.forEach((user, row) => {
      const place = places.get(user);
      if (place === undefined) throw new Error(`Nothing is kept of user ${user}.`);
      taken.set(values.subarray(place * width, (place + 1) * width), row * width);
    });
    return taken;
  }
}
