import { type Configuration, ConfigurationError } from '../../configuration/schema.ts';
import { finetuneAll, finetuneCls, finetuneZero } from './finetune.ts';
import type { Method } from './method.ts';
import { mostPopular } from './mostPopular.ts';
import { uafHard, uafSoft } from './uaf.ts';

/** Every method of the studio, in the order of the paper's tables. */
export const METHODS: readonly Method[] = [mostPopular, finetuneZero, finetuneCls, finetuneAll, uafHard, uafSoft];

/** @throws ConfigurationError naming the methods there are */
export function methodOf(id: string): Method {
  const method = METHODS.find((candidate) => candidate.id === id);
  if (method !== undefined) return method;
  throw new ConfigurationError(`There is no method “${id}” in this version. There are: ${METHODS.map((m) => m.id).join(', ')}.`);
}

/**
 * Refuses settings that the configuration knows but this version does not compute yet, rather than ignore them.
 *
 * @throws ConfigurationError
 */
export function checkSupported(configuration: Configuration): void {
  methodOf(configuration.method);
  const refuse = (key: string, value: string, instead: string) => {
    throw new ConfigurationError(`“${key}”: “${value}” is not computed in this version; use “${instead}”.`);
  };
  if (configuration.pretraining.softmax === 'sampled') refuse('pretraining.softmax', 'sampled', 'full');
  if (configuration.evaluationGate === 'sampled') refuse('evaluationGate', 'sampled', 'argmax');
  if (configuration.gateLogits === 'sigmoid' && configuration.exploration !== 1) {
    throw new ConfigurationError(
      '“exploration” below 1 mixes probabilities, which “gateLogits”: “sigmoid” does not have; use one of the two.',
    );
  }
  if (configuration.fineTuning.selectOn === 'test') refuse('fineTuning.selectOn', 'test', 'validation');
}
