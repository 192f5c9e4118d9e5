import { ConfigurationError } from '../../configuration/schema.ts';
import { finetuneAll, finetuneCls, finetuneLast, finetuneZero } from './finetune.ts';
import type { Method } from './method.ts';
import { mostPopular } from './mostPopular.ts';
import { multiTask } from './multiTask.ts';
import { peterRec } from './peterRec.ts';
import { uafHard, uafHardGru, uafRandom, uafSoft, uafSoftGru } from './uaf.ts';
import { uafRl, uafRlGru } from './uafReinforced.ts';

/** Every method of the studio, in the order of the paper's tables. Finetune-Last-N is there for any N. */
export const METHODS: readonly Method[] = [
  mostPopular,
  finetuneZero,
  finetuneCls,
  finetuneLast(1),
  finetuneLast(2),
  finetuneAll,
  multiTask,
  peterRec,
  uafRandom,
  uafHard,
  uafSoft,
  uafRl,
  uafHardGru,
  uafSoftGru,
  uafRlGru,
];

/** @throws ConfigurationError naming the methods there are */
export function methodOf(id: string): Method {
  const last = /^finetune-last-([1-9]\d*)$/.exec(id);
  const method = last === null ? METHODS.find((candidate) => candidate.id === id) : finetuneLast(Number(last[1]));
  if (method !== undefined) return method;
  throw new ConfigurationError(
    `There is no method “${id}”. There are: ${METHODS.map((m) => m.id).join(', ')}, and finetune-last-N for any N.`,
  );
}
