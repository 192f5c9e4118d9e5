import * as tf from '@tensorflow/tfjs';
import { CheckpointError } from '../checkpoint/errors.ts';
import { checkFits } from '../checkpoint/fits.ts';
import {
  type MeanState,
  type OptimiserState,
  partsOf,
  type StateTensor,
  storedOf,
  type TrainingState,
  tensorsOf,
  valuesOf,
} from '../checkpoint/state.ts';
import { copyOf, type Group, type TrainedGroup, trained, uploaded } from '../kernels/adam/group.ts';
import { type AdamState, adamStep, defersRows, replayOnHost } from '../kernels/adam/index.ts';
import { DeferredTable } from '../kernels/embedding/deferred.ts';
import type { ParameterSpecification, Parameters, StoredParameters } from '../model/parameters.ts';

/** Tables that most steps read some rows of, by the beginning or end of their names. */
const isTable = (name: string): boolean => name.endsWith('item_embedding') || /^(target|output)\./.test(name);

/** A trained table whose rows are stepped only as they are read; steps write over it. */
interface TrainedTable {
  /** Hold the tensors of `state`. */
  readonly groups: readonly Group[];
  readonly state: AdamState;
  readonly rows: DeferredTable;
}

/** Parameters on the backend, some of them trained with Adam. Owns its tensors: call `dispose`. */
export class Optimiser {
  private readonly frozen: readonly Group[];
  private readonly others: TrainedGroup;
  private readonly tables: Record<string, TrainedTable>;
  private steps = 0;

  constructor(
    initial: StoredParameters,
    isTrained: (name: string) => boolean,
    private readonly learningRate: number,
  ) {
    const those = (belongs: (name: string) => boolean): StoredParameters =>
      Object.fromEntries(Object.entries(initial).filter(([name]) => belongs(name)));
    const defers = defersRows();
    // Each table has a buffer of its own: together they may be larger than one can be.
    const frozenTables = Object.keys(initial).filter((name) => !isTrained(name) && isTable(name));
    this.frozen = [
      uploaded(those((name) => !isTrained(name) && !isTable(name))),
      ...frozenTables.map((name) => uploaded({ [name]: initial[name] })),
    ];
    this.others = trained(those((name) => isTrained(name) && !(defers && isTable(name))));
    this.tables = Object.fromEntries(
      Object.entries(those((name) => isTrained(name) && defers && isTable(name))).map(([name, stored]) => {
        const values = uploaded({ [name]: stored });
        const parameter = values.tensors[name];
        const state = { parameter, first: tf.zerosLike(parameter), second: tf.zerosLike(parameter) };
        return [name, { groups: [values], state, rows: new DeferredTable(state, learningRate) }];
      }),
    );
  }

  /**
   * One that goes on where another stood, on this backend or on another one.
   *
   * @param specifications of all parameters
   * @throws CheckpointError if the state is of another model
   */
  static async restored(
    kept: TrainingState,
    specifications: readonly ParameterSpecification[],
    isTrained: (name: string) => boolean,
    learningRate: number,
  ): Promise<Optimiser> {
    await checkFits(kept, specifications, isTrained);
    const state = defersRows() ? kept : await madeUp(kept, learningRate);
    const optimiser = new Optimiser(await storedOf(state, 'parameter'), isTrained, learningRate);
    try {
      await optimiser.restore(state);
    } catch (error) {
      optimiser.dispose();
      throw error;
    }
    return optimiser;
  }

  /** Takes the moments over, one tensor at a time. */
  private async restore(state: TrainingState): Promise<void> {
    const { step, settled } = state.numbers.optimiser;
    this.steps = step;
    const [firsts, seconds, lastSteps] = (['first', 'second', 'last step'] as const).map((role) => partsOf(state, role));
    const read = (parts: ReadonlyMap<string, StateTensor>, name: string) => {
      const part = parts.get(name);
      if (part === undefined) throw new CheckpointError(`the moments of ${name} are missing`);
      return valuesOf(part);
    };
    for (const name of Object.keys(this.others.tensors)) {
      const [first, second] = [await read(firsts, name), await read(seconds, name)];
      this.others.restore(name, first.values, second.values);
    }
    for (const [name, { groups, state: before, rows }] of Object.entries(this.tables)) {
      const { parameter } = before;
      const lastStep = await lastSteps.get(name)?.read();
      const moments = [];
      for (const parts of [firsts, seconds]) moments.push(uploaded({ [name]: await read(parts, name) }));
      rows.dispose();
      tf.dispose([before.first, before.second]);
      const [first, second] = moments.map(({ tensors }) => tensors[name]);
      const after = { parameter, first, second };
      const table = new DeferredTable(after, this.learningRate);
      this.tables[name] = { groups: [...groups, ...moments], state: after, rows: table };
      table.restore(step, lastStep instanceof Int32Array ? lastStep : null, settled.includes(name));
    }
  }

  /** What `restored` goes on from: all parameters, and what Adam knows of those that are trained. */
  state(): { readonly optimiser: OptimiserState; readonly tensors: StateTensor[] } {
    const [first, second] = this.others.moments;
    const tables = Object.entries(this.tables);
    const moments = (of: 'first' | 'second') => Object.fromEntries(tables.map(([name, { state }]) => [name, state[of]]));
    const rows = tables.map(([name, table]) => ({ name, ...table.rows.standing() }));
    return {
      optimiser: { step: this.steps, settled: rows.flatMap(({ name, isSettled }) => (isSettled ? [name] : [])) },
      tensors: [
        ...tensorsOf('parameter', this.current()),
        ...tensorsOf('first', { ...first, ...moments('first') }),
        ...tensorsOf('second', { ...second, ...moments('second') }),
        ...rows.map(({ name, lastStep }): StateTensor => {
          return { role: 'last step', name, shape: [lastStep.length], type: 'int32', read: async () => lastStep };
        }),
      ],
    };
  }

  /** Those that no step changes. */
  get frozenParameters(): Parameters {
    return Object.assign({}, ...this.frozen.map(({ tensors }) => tensors));
  }

  /** All parameters as they stand now; the next step replaces or overwrites the tensors of trained ones. */
  get parameters(): Parameters {
    for (const { rows } of Object.values(this.tables)) rows.settle();
    return this.current();
  }

  private current(): Parameters {
    const tables = Object.entries(this.tables).map(([name, { state }]) => [name, state.parameter]);
    return { ...this.frozenParameters, ...this.others.tensors, ...Object.fromEntries(tables) };
  }

  /** One step down the gradient of a loss; the loss, still on the backend. */
  step(loss: (parameters: Parameters) => tf.Tensor): tf.Scalar {
    this.steps++;
    const { tensors } = this.others;
    const names = Object.keys(tensors);
    const tables = Object.values(this.tables);
    const value = tf.tidy(() => {
      const wholes = tables.map(({ state }) => state.parameter);
      const handles = tables.map(({ rows }) => rows.handle);
      const { value, grads } = tf
        .engine()
        .gradients(() => loss(this.current()), [...names.map((name) => tensors[name]), ...wholes, ...handles], undefined, true);
      // tfjs gives null where nothing leads to the loss.
      const found: readonly (tf.Tensor | null | undefined)[] = grads;
      const gradients = names.flatMap((name, i): [string, tf.Tensor][] => {
        const gradient = found[i];
        return gradient ? [[name, gradient]] : [];
      });
      this.others.step(Object.fromEntries(gradients), this.learningRate, this.steps);
      tables.forEach((table, i) => {
        this.stepTable(table, found[names.length + i]);
      });
      return value;
    });
    return value as tf.Scalar;
  }

  /** With a gradient of the whole table all rows make the step, and what was read of it by rows in the same step adds to it. */
  private stepTable({ state, rows }: TrainedTable, gradient: tf.Tensor | null | undefined): void {
    if (!gradient) {
      rows.takeStep(this.steps);
      return;
    }
    const byRows = rows.takeGradient(this.steps);
    adamStep(state, byRows === null ? gradient : tf.add(gradient, byRows), this.learningRate, this.steps);
  }

  /** A copy of the trained parameters as they stand now: steps may write in place. */
  snapshot(): Snapshot {
    const { parameters } = this;
    const others = this.others.copy();
    const tables = Object.fromEntries(Object.keys(this.tables).map((name) => [name, copyOf(parameters[name])]));
    return snapshotOf(parameters, { ...others.tensors, ...tables }, () => {
      others.dispose();
      tf.dispose(tables);
    });
  }

  /** The snapshot that was kept in a state which this one was restored from: that fits (`checkFits`). */
  async restoredSnapshot(state: TrainingState): Promise<Snapshot> {
    const kept = await storedOf(state, 'best');
    const others = Object.keys(this.others.tensors).map((name) => [name, kept[name]]);
    const groups = [
      uploaded(Object.fromEntries(others)),
      ...Object.keys(this.tables).map((name) => uploaded({ [name]: kept[name] })),
    ];
    return snapshotOf(this.current(), Object.assign({}, ...groups.map(({ tensors }) => tensors)), () => {
      for (const group of groups) group.dispose();
    });
  }

  dispose(): void {
    for (const group of this.frozen) group.dispose();
    this.others.dispose();
    for (const { groups, state, rows } of Object.values(this.tables)) {
      rows.dispose();
      for (const group of groups) group.dispose();
      tf.dispose([state.first, state.second]);
    }
  }
}

export interface Snapshot {
  readonly parameters: Parameters;
  /** Those of them that are trained. */
  readonly trained: Parameters;
  readonly dispose: () => void;
}

const snapshotOf = (all: Parameters, trained: Parameters, dispose: () => void): Snapshot => ({
  parameters: { ...all, ...trained },
  trained,
  dispose,
});

/** A state of which no row of a table is behind. */
async function madeUp(state: TrainingState, learningRate: number): Promise<TrainingState> {
  const { step } = state.numbers.optimiser;
  const roles = ['parameter', 'first', 'second'] as const;
  const made = new Map<StateTensor | undefined, StateTensor>();
  for (const [name, rows] of partsOf(state, 'last step')) {
    const lastStep = await rows.read();
    const parts = roles.map((role) => partsOf(state, role).get(name));
    const values: Record<string, Float32Array> = {};
    for (const part of parts) {
      if (part === undefined) throw new CheckpointError(`a part of ${name} is missing`);
      values[part.role] = (await valuesOf(part)).values.slice();
      made.set(part, { ...part, read: async () => values[part.role] });
    }
    const { parameter, first, second } = values;
    if (lastStep instanceof Int32Array) replayOnHost({ parameter, first, second }, lastStep, learningRate, step);
  }
  const tensors = state.tensors.filter(({ role }) => role !== 'last step').map((tensor) => made.get(tensor) ?? tensor);
  return { ...state, tensors };
}

/** The mean of the losses of some steps, kept on the backend until it is asked for. */
export class MeanLoss {
  private sum: tf.Tensor;
  private weight: number;

  constructor(from: MeanState = { sum: 0, weight: 0 }) {
    this.sum = tf.scalar(from.sum);
    this.weight = from.weight;
  }

  /** Takes ownership of `loss`. */
  add(loss: tf.Scalar, weight: number): void {
    const next = tf.tidy(() => tf.add(this.sum, tf.mul(loss, weight)));
    tf.dispose([this.sum, loss]);
    this.sum = next;
    this.weight += weight;
  }

  async value(): Promise<number> {
    return (await this.sum.data())[0] / Math.max(1, this.weight);
  }

  /** What another one goes on from. */
  async state(): Promise<MeanState> {
    return { sum: (await this.sum.data())[0], weight: this.weight };
  }

  dispose(): void {
    this.sum.dispose();
  }
}
