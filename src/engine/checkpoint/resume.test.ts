import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, nest } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { StoppedError } from '../errors.ts';
import { openNodeBackend } from '../node.ts';
import type { Observer } from '../training/observer.ts';
import type { Pretrained } from '../training/pretraining.ts';
import { type RunResult, run } from '../training/run.ts';
import { CheckpointError } from './errors.ts';
import { readState, writeState } from './format.ts';
import type { Stand, StateTensor, TrainingState } from './state.ts';
import { memoryFile } from './testing.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 40 });

const tiny = (changes: Record<string, unknown>): Configuration =>
  complete(
    PRESETS.quick,
    nest({
      channels: 6,
      dilations: [1, 2],
      'pretraining.epochs': 2,
      'pretraining.batchSize': 16,
      'fineTuning.epochs': 3,
      'fineTuning.batchSize': 24,
      ...changes,
    }),
  );

/** Trains, on from a state where there is one; the store forgets, so that a run that goes on takes nothing else along. */
async function train(
  configuration: Configuration,
  turn: (stand: Stand) => Promise<void> = async () => {},
  resumed: TrainingState | null = null,
): Promise<{ result: RunResult; told: string[] }> {
  const told: string[] = [];
  const observer: Observer = {
    now: () => performance.now(),
    turn,
    progress: () => {},
    pretrainingEpoch: async ({ epoch }) => {
      told.push(`pre-training ${epoch}`);
    },
    pretrainingReused: async () => {},
    fineTuningEpoch: async ({ epoch }) => {
      told.push(`fine-tuning ${epoch}`);
    },
  };
  const models = new Map<string, Pretrained>();
  const store = {
    get: async (key: string) => models.get(key),
    put: async (key: string, pretrained: Pretrained) => {
      models.set(key, pretrained);
    },
  };
  return { result: await run(dataset, configuration, store, observer, resumed), told };
}

/** Ends a run at a turn, and what it left: by way of the bytes of a file. */
async function killedAt(
  configuration: Configuration,
  last: number,
  resumed: TrainingState | null = null,
): Promise<TrainingState> {
  let turns = 0;
  let state: TrainingState | null = null;
  const turn = async (stand: Stand) => {
    turns++;
    if (turns < last) return;
    const file = memoryFile();
    await writeState(await stand.state(), file);
    state = readState(file);
    throw new StoppedError();
  };
  await expect(train(configuration, turn, resumed)).rejects.toThrow(StoppedError);
  if (state === null) throw new Error('It ended before.');
  return state;
}

/** An undisturbed run: what it came to, and after how many turns. */
async function undisturbed(configuration: Configuration) {
  let turns = 0;
  const { result } = await train(configuration, async () => {
    turns++;
  });
  return { result, expected: numbers(result), turns };
}

/** Everything but how long it took. */
const numbers = ({ pretraining, fineTuned: { seconds: _, ...fineTuned } }: RunResult) => ({
  pretraining: pretraining?.epochs,
  ...fineTuned,
});

const METHODS = METHOD_DESCRIPTIONS.map(({ id }) => id);

beforeAll(() => openNodeBackend('wasm'));

describe('a run that was killed and goes on', () => {
  it.each(METHODS)('%s ends with the same bits, wherever that was, and leaves no tensor behind', async (method) => {
    const configuration = tiny({ method });
    const { turns, expected } = await undisturbed(configuration);
    const before = tf.memory().numTensors;
    // The first turn, the last one, and places between them that differ from method to method.
    const places = [1, Math.ceil(turns * (0.3 + 0.02 * METHODS.indexOf(method))), Math.ceil(turns * 0.7), turns];
    for (const place of new Set(places)) {
      const state = await killedAt(configuration, place);
      expect(tf.memory().numTensors, `after turn ${place}`).toBe(before);
      const { result } = await train(configuration, undefined, state);
      expect(numbers(result), `killed at turn ${place} of ${turns}`).toEqual(expected);
      expect(tf.memory().numTensors, `gone on from turn ${place}`).toBe(before);
    }
  });

  const KINDS: Record<string, Record<string, unknown>> = {
    'with sampled softmax': { method: 'finetune-all', 'pretraining.softmax': 'sampled', 'pretraining.sampledItems': 20 },
    'with full softmax over a catalogue of deferred rows': { method: 'finetune-all', 'pretraining.softmax': 'full' },
    'with MTL over more than a pass of the source domain': {
      method: 'mtl',
      'pretraining.batchSize': 32,
      'pretraining.softmax': 'sampled',
      'pretraining.sampledItems': 20,
      'fineTuning.batchSize': 16,
    },
    'with the curriculum after the warm-up': {
      method: 'uaf-rl',
      warmupEpochs: 1,
      curriculum: 'last-to-first',
      baselineNoise: true,
    },
    'with patience': {
      method: 'finetune-all',
      'fineTuning.learningRate': 0.05,
      'fineTuning.patience': 1,
      'fineTuning.epochs': 9,
    },
    'with frozen blocks that are kept': { method: 'finetune-cls', 'fineTuning.epochs': 4 },
    'with a bias and gates drawn at evaluation': { method: 'uaf-hard', targetBias: true, evaluationGate: 'sampled' },
  };
  it.each(Object.keys(KINDS))('%s ends with the same bits', async (kind) => {
    const configuration = tiny(KINDS[kind]);
    const { turns, expected } = await undisturbed(configuration);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: turns }), async (place) => {
        const { result } = await train(configuration, undefined, await killedAt(configuration, place));
        expect(numbers(result)).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });

  it('again and again, at every turn, gets there', async () => {
    const configuration = tiny({
      method: 'uaf-hard',
      'fineTuning.epochs': 2,
      'pretraining.batchSize': 32,
      'fineTuning.batchSize': 64,
    });
    const expected = numbers((await train(configuration)).result);
    let state: TrainingState | null = null;
    for (let kills = 0; kills < 200; kills++) {
      try {
        // The first turn may be one that made no step: of the filling of a cache, of an evaluation.
        state = await killedAt(configuration, 1 + (kills % 4), state);
      } catch {
        break;
      }
    }
    expect(numbers((await train(configuration, undefined, state)).result)).toEqual(expected);
    expect(state?.numbers.position.stage).toBe('fine-tuning');
  });

  it('reading its state at every turn changes nothing', async () => {
    const configuration = tiny({ method: 'uaf-rl', warmupEpochs: 1 });
    const expected = numbers((await train(configuration)).result);
    const read = async ({ state }: Stand) => {
      for (const tensor of (await state()).tensors) await tensor.read();
    };
    expect(numbers((await train(configuration, read)).result)).toEqual(expected);
  });

  it('leaves rows behind that are behind', async () => {
    const state = await killedAt(tiny({ method: 'uaf-hard' }), (await undisturbed(tiny({ method: 'uaf-hard' }))).turns >> 1);
    const behind = [];
    for (const { role, name, read } of state.tensors) {
      if (role !== 'last step') continue;
      const rows = Array.from(await read());
      if (rows.some((step) => step > 0 && step < state.numbers.optimiser.step)) behind.push(name);
    }
    expect(behind).toContain('item_embedding');
    expect(state.numbers.optimiser.settled).not.toContain('item_embedding');
  });

  it('says each epoch once, and goes on counting the seconds', async () => {
    const configuration = tiny({ method: 'finetune-all' });
    let epochs = 0;
    let state: TrainingState | null = null;
    const until = async (stand: Stand) => {
      const { stage, epoch, step } = stand.position();
      if (stage !== 'fine-tuning' || epoch !== 2 || step !== 1) return;
      epochs = epoch;
      const file = memoryFile();
      await writeState(await stand.state(), file);
      state = readState(file);
      throw new StoppedError();
    };
    await expect(train(configuration, until)).rejects.toThrow(StoppedError);
    expect(epochs).toBe(2);
    const { result, told } = await train(configuration, undefined, state);
    expect(told).toEqual(['fine-tuning 2', 'fine-tuning 3']);
    expect(result.fineTuned.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const kept = (state as TrainingState | null)?.numbers;
    expect(result.pretraining?.seconds).toBe(kept?.pretraining?.seconds);
    expect(result.fineTuned.seconds.fineTuning).toBeGreaterThan(kept?.seconds.fineTuning ?? Number.POSITIVE_INFINITY);
  });

  it('goes on on the reference backend from the same state, and ends close by', async () => {
    const configuration = tiny({ method: 'uaf-soft', channels: 4, 'fineTuning.epochs': 2, 'pretraining.epochs': 1 });
    const { result: here, turns } = await undisturbed(configuration);
    for (const share of [0.2, 0.6]) {
      await openNodeBackend('wasm');
      const state = await killedAt(configuration, Math.ceil(share * turns));
      await openNodeBackend('cpu');
      const there = (await train(configuration, undefined, state)).result;
      for (const [name, { values }] of Object.entries(here.fineTuned.parameters)) {
        const other = there.fineTuned.parameters[name].values;
        const distance = values.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
        expect(distance, name).toBeLessThan(1e-4);
      }
    }
    // And back: a state without deferred rows.
    const state = await killedAt(configuration, 12);
    expect(state.tensors.some(({ role }) => role === 'last step')).toBe(false);
    await openNodeBackend('wasm');
    const back = (await train(configuration, undefined, state)).result;
    expect(back.fineTuned.epochs[1].trainLoss).toBeCloseTo(here.fineTuned.epochs[1].trainLoss, 4);
  });

  it('refuses the state of another model', async () => {
    const state = await killedAt(tiny({ method: 'uaf-hard' }), 20);
    const before = tf.memory().numTensors;
    for (const changes of [{ channels: 8 }, { method: 'finetune-all' }]) {
      await expect(train(tiny({ method: 'uaf-hard', ...changes }), undefined, state)).rejects.toThrow(CheckpointError);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['wasm', 'cpu'] as const)('refuses tensors of other sizes before it restores any: %s', async (backend) => {
    await openNodeBackend('wasm');
    const configuration = tiny({ method: 'uaf-hard' });
    const { turns } = await undisturbed(configuration);
    // In the last epoch: there is a best one, and rows are behind.
    const state = await killedAt(configuration, turns - 4);
    await openNodeBackend(backend);
    const before = tf.memory().numTensors;
    const changed = (role: string, change: (tensor: StateTensor) => StateTensor[]): TrainingState => {
      const at = state.tensors.findIndex((tensor) => tensor.role === role && tensor.shape.length > 0);
      expect(at, role).toBeGreaterThanOrEqual(0);
      return { ...state, tensors: state.tensors.flatMap((tensor, i) => (i === at ? change(tensor) : [tensor])) };
    };
    const longer = (tensor: StateTensor): StateTensor[] => {
      const shape = [tensor.shape[0] + 1, ...tensor.shape.slice(1)];
      const length = shape.reduce((size, one) => size * one, 1);
      const read = async () => (tensor.type === 'int32' ? new Int32Array(length) : new Float32Array(length));
      return [{ ...tensor, shape, read }];
    };
    for (const role of ['parameter', 'first', 'second', 'last step', 'best'] as const) {
      for (const [what, change] of Object.entries({
        longer,
        twice: (tensor: StateTensor) => [tensor, tensor],
        'of another name': (tensor: StateTensor) => [{ ...tensor, name: 'another' }],
        'of another type': (tensor: StateTensor) => [{ ...tensor, type: tensor.type === 'int32' ? 'float32' : 'int32' } as const],
        ...(role !== 'last step' && { missing: () => [] }),
      })) {
        const read: string[] = [];
        const lying = changed(role, change);
        const tensors = lying.tensors.map((tensor) => ({
          ...tensor,
          read: async () => {
            if (tensor.role !== 'last step') read.push(tensor.name);
            return tensor.read();
          },
        }));
        await expect(train(configuration, undefined, { ...lying, tensors }), `${role} ${what}`).rejects.toThrow(CheckpointError);
        expect(read, `${role} ${what}`).toEqual([]);
      }
    }
    // Rows cannot have made a step that none has made.
    const { step } = state.numbers.optimiser;
    for (const last of [-1, step + 1]) {
      const lying = changed('last step', (rows) => [
        { ...rows, read: async () => Int32Array.from({ length: rows.shape[0] }, () => last) },
      ]);
      await expect(train(configuration, undefined, lying)).rejects.toThrow(/steps that there were not/);
    }
    expect(tf.memory().numTensors).toBe(before);
    await openNodeBackend('wasm');
  });
});
