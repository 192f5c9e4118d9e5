import { UsageError } from './errors.ts';

/** @throws UsageError naming what is possible */
export function oneOf<T extends string>(said: string, value: string, among: readonly T[]): T {
  const found = among.find((candidate) => candidate === value);
  if (found === undefined)
    throw new UsageError(`${said}: “${value}” is none of ${among.map((word) => JSON.stringify(word)).join(', ')}.`);
  return found;
}
