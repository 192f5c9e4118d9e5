import type { StateNumbers } from './state.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
/** What a generator's state consists of. */
const isStream = (value: unknown): boolean => Array.isArray(value) && value.length === 4 && value.every(Number.isInteger);
const isMissingOr = (is: (value: unknown) => boolean, value: unknown): boolean => value === null || is(value);

const isPosition = (value: unknown): boolean =>
  isObject(value) &&
  (value.stage === 'pretraining' || value.stage === 'fine-tuning') &&
  isCount(value.epoch) &&
  value.epoch > 0 &&
  isCount(value.step);

const isPretraining = (value: unknown): boolean => isObject(value) && areEpochs(value.epochs) && isNumber(value.seconds);

/** The first, the second …: more of them are not looked at, since nothing is allocated or decided by them. */
const areEpochs = (value: unknown): boolean =>
  Array.isArray(value) && value.every((epoch, i) => isObject(epoch) && epoch.epoch === i + 1);

const areDraws = (value: unknown): boolean =>
  isObject(value) &&
  isObject(value.streams) &&
  Object.values(value.streams).every(isStream) &&
  isObject(value.source) &&
  isCount(value.source.given) &&
  isMissingOr(isStream, value.source.sampling);

/** Whether what a header holds has all that a run goes on from. Its checksum tells of accidents, not of who wrote it. */
export const areNumbers = (value: unknown): value is StateNumbers =>
  isObject(value) &&
  isPosition(value.position) &&
  isMissingOr(isPretraining, value.pretraining) &&
  areEpochs(value.epochs) &&
  isObject(value.seconds) &&
  isNumber(value.seconds.fineTuning) &&
  isNumber(value.seconds.evaluation) &&
  isObject(value.mean) &&
  isNumber(value.mean.sum) &&
  isNumber(value.mean.weight) &&
  areDraws(value.draws) &&
  isObject(value.optimiser) &&
  isCount(value.optimiser.step) &&
  Array.isArray(value.optimiser.settled) &&
  value.optimiser.settled.every((name) => typeof name === 'string') &&
  isMissingOr((best) => isObject(best) && isCount(best.epoch) && isNumber(best.value), value.best);
