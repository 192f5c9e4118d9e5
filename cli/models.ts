import type { Pretrained } from '../src/engine/training/pretraining.ts';
import type { PretrainingStore } from '../src/engine/training/run.ts';

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
