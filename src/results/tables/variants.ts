import { describeMethod, METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { type Condition, ownSettings, type Variant, variantOf } from '../conditions.ts';

/** One variant of each method of a condition, in the order of the paper's tables; of UAF-Random one for each kind of gates. */
export function distinctVariants(condition: Condition): Variant[] {
  const all = condition.variants.map(({ method, otherGates }) => variantOf(condition, method, otherGates));
  return inOrder(Array.from(new Set(all.filter((variant) => variant !== null))));
}

export const inOrder = (variants: readonly Variant[]): Variant[] =>
  variants.toSorted(
    (a, b) => placeOf(a.method) - placeOf(b.method) || Number(a.otherGates) - Number(b.otherGates) || a.newest - b.newest,
  );

function placeOf(method: string): number {
  const place = METHOD_DESCRIPTIONS.findIndex(({ id }) => id === method);
  if (place >= 0) return place;
  const last = /^finetune-last-(\d+)$/.exec(method);
  // Between Finetune-Last2 and Finetune-All.
  return last === null
    ? METHOD_DESCRIPTIONS.length
    : METHOD_DESCRIPTIONS.findIndex(({ id }) => id === 'finetune-last-2') + 1 - 1 / Number(last[1]);
}

/** “UAF-RL (rewardGamma 0.5)”: a method, and where a condition has it several times, in what this one differs. */
export function variantLabel(
  { method, otherGates, runs }: Variant,
  { variants }: Condition,
  without: readonly string[] = [],
): string {
  const alike = variants.filter((other) => other.method === method && other.otherGates === otherGates);
  const settings = alike.map((other) => ownSettings(other.runs[0].report.configuration));
  const own = ownSettings(runs[0].report.configuration);
  const words = Object.keys(own)
    .filter((key) => !without.includes(key) && settings.some((other) => JSON.stringify(other[key]) !== JSON.stringify(own[key])))
    .map((key) => `${key} ${[own[key]].flat().join(' ')}`);
  const name = `${describeMethod(method).label}${otherGates ? ', other gates' : ''}`;
  return words.length === 0 ? name : `${name} (${words.join(', ')})`;
}
