import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredParameters } from '../src/engine/model/parameters.ts';
import type { PretrainingEpoch } from '../src/engine/training/observer.ts';
import type { Pretrained } from '../src/engine/training/pretraining.ts';
import type { PretrainingStore } from '../src/engine/training/run.ts';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../src/results/safetensors.ts';
import { writeWhole } from './whole.ts';

/** Enough for the models of a few methods and seeds; a search over sizes makes as many as it has trials. */
const MOST_BYTES = 1 << 30;

/** Keeps pre-trained models in memory, the latest used up to a gibibyte; older ones are trained again when asked for. */
export function modelStore(mostBytes = MOST_BYTES): PretrainingStore {
  // In the order of their last use.
  const models = new Map<string, Pretrained>();
  const sizeOf = ({ parameters }: Pretrained) =>
    Object.values(parameters).reduce((sum, { values }) => sum + values.byteLength, 0);
  return {
    get: async (key) => {
      const model = models.get(key);
      if (model !== undefined) {
        models.delete(key);
        models.set(key, model);
      }
      return model;
    },
    put: async (key, model) => {
      models.set(key, model);
      let bytes = Array.from(models.values(), sizeOf).reduce((sum, size) => sum + size, 0);
      for (const [oldest, old] of models) {
        if (bytes <= mostBytes || oldest === key) break;
        models.delete(oldest);
        bytes -= sizeOf(old);
      }
    },
  };
}

/**
 * Pre-trained models in a folder, too, so that other processes and later ones find them. Nobody waits for another: two that
 * need the same model at a time both train it, and write the same. A file that is broken or of something else counts for nothing.
 *
 * @param circumstances what a model depends on beside its key: dataset, backend, version
 */
export function sharedModels(folder: string, circumstances: Readonly<Record<string, string>>): PretrainingStore {
  const memory = modelStore();
  const whole = (key: string) => JSON.stringify({ ...circumstances, key });
  const fileOf = (key: string) =>
    join(folder, `${createHash('sha256').update(whole(key)).digest('hex').slice(0, 32)}.safetensors`);
  return {
    get: async (key) => {
      const here = await memory.get(key);
      if (here !== undefined) return here;
      const there = await readModel(fileOf(key), whole(key));
      if (there !== undefined) await memory.put(key, there);
      return there;
    },
    put: async (key, model) => {
      await memory.put(key, model);
      await writeWhole(fileOf(key), [modelFile(whole(key), model)]);
    },
  };
}

function modelFile(key: string, { parameters, epochs, seconds }: Pretrained): Uint8Array {
  const metadata = { key, epochs: JSON.stringify(epochs), seconds: String(seconds) };
  return writeSafetensors(parameters, { ...metadata, hash: hashOf(parameters, metadata) });
}

async function readModel(file: string, key: string): Promise<Pretrained | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    const { tensors, metadata } = readSafetensors(await readFile(file));
    const { hash, ...own } = metadata;
    const parameters = Object.fromEntries(
      Object.entries(tensors).map(([name, { shape, values }]) => [name, { shape: [...shape], values }]),
    );
    if (own.key !== key || hash !== hashOf(parameters, own)) return undefined;
    const epochs: PretrainingEpoch[] = JSON.parse(own.epochs);
    return { parameters, epochs, seconds: Number(own.seconds) };
  } catch (error) {
    if (error instanceof SafetensorsError) return undefined;
    throw error;
  }
}

/** Of all that a file says: a disk or network that returns other bytes than were written is noticed. */
function hashOf(parameters: StoredParameters, metadata: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(metadata).sort()));
  for (const name of Object.keys(parameters).sort()) {
    const { buffer, byteOffset, byteLength } = parameters[name].values;
    hash.update(`${name}\u0000`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
