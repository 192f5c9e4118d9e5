import * as tf from '@tensorflow/tfjs';
import { copyOf, type Group, type TrainedGroup, trained, uploaded } from '../kernels/adam/group.ts';
import { type AdamState, adamStep, defersRows } from '../kernels/adam/index.ts';
import { DeferredTable } from '../kernels/embedding/deferred.ts';
import type { Parameters, StoredParameters } from '../model/parameters.ts';

/** Tables that most steps read some rows of, by the beginning or end of their names. */
const isTable = (name: string): boolean => name.endsWith('item_embedding') || /^(target|output)\./.test(name);

/** A trained table whose rows are stepped only as they are read; steps write over it. */
interface TrainedTable {
  readonly values: Group;
  readonly state: AdamState;
  readonly rows: DeferredTable;
}

/** Parameters on the backend, some of them trained with Adam. Owns its tensors: call `dispose`. */
export class Optimiser {
  private readonly frozen: readonly Group[];
  private readonly others: TrainedGroup;
  private readonly tables: Readonly<Record<string, TrainedTable>>;
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
        return [name, { values, state, rows: new DeferredTable(state, learningRate) }];
      }),
    );
  }

  /** All parameters as they stand now; the next step replaces or overwrites the tensors of trained ones. */
  get parameters(): Parameters {
    for (const { rows } of Object.values(this.tables)) rows.settle();
    return this.current();
  }

  private current(): Parameters {
    const tables = Object.entries(this.tables).map(([name, { state }]) => [name, state.parameter]);
    const frozen = this.frozen.map(({ tensors }) => tensors);
    return Object.assign({}, ...frozen, this.others.tensors, Object.fromEntries(tables));
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
    return {
      parameters: { ...parameters, ...others.tensors, ...tables },
      dispose: () => {
        others.dispose();
        tf.dispose(tables);
      },
    };
  }

  dispose(): void {
    for (const group of this.frozen) group.dispose();
    this.others.dispose();
    for (const { values, state, rows } of Object.values(this.tables)) {
      rows.dispose();
      values.dispose();
      tf.dispose([state.first, state.second]);
    }
  }
}

export interface Snapshot {
  readonly parameters: Parameters;
  readonly dispose: () => void;
}

/** The mean of the losses of some steps, kept on the backend until it is asked for. */
export class MeanLoss {
  private sum: tf.Tensor = tf.scalar(0);
  private weight = 0;

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

  dispose(): void {
    this.sum.dispose();
  }
}
