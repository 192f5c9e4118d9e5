import type { PairedTest } from '../../../engine/evaluation/significance.ts';
import type { PolicyEffects, Replacement } from '../../../engine/inspection/effects.ts';
import { count, digitsFor } from '../../format.ts';
import { metricLabel } from '../../shared/results.ts';

/** What stands in the table for gates that take the place of a user's own. */
export const REPLACEMENT_WORDS: Record<Replacement, { readonly label: string; readonly note: string | null }> = {
  own: { label: 'own policy', note: null },
  opposite: { label: 'the opposite of the own', note: 'each block the other way round' },
  shuffled: { label: 'another user’s', note: 'policies are shuffled among these users' },
  frozen: { label: 'all frozen', note: null },
  tuned: { label: 'all fine-tuned', note: null },
  hindsight: { label: 'best in hindsight', note: 'an upper bound: it looks at the answers' },
};

/** Below, a difference counts as more than chance. */
export const SIGNIFICANT = 0.05;

/** Where a p-value stands in a sentence. */
export const pWords = (p: number): string => (p < 0.001 ? 'p < .001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')}`);

/** A signed difference with its standard error, in the unit of the metric times `scale`. */
export function differenceWords(effect: number, standardError: number, scale = 1): string {
  const digits = standardError > 0 ? digitsFor(scale * standardError) : scale === 1 ? 3 : 1;
  const size = `${Math.abs(scale * effect).toFixed(digits)} ± ${(scale * standardError).toFixed(digits)}`;
  return Number(Math.abs(scale * effect).toFixed(digits)) === 0 ? size : `${effect < 0 ? '−' : '+'}${size}`;
}

/** −: worse than the own policy, beyond chance; +: better; 0: no difference can be seen. */
type Sign = -1 | 0 | 1;

interface Compared {
  readonly sign: Sign;
  /** “HR@5 falls from 0.68 to 0.41”, whatever chance says. */
  readonly change: string;
  /** “by 27.3 ± 1.4 points, p < .001”. */
  readonly size: string;
  readonly n: number;
  readonly users: number;
  /** Not one instance was ranked otherwise. */
  readonly isSame: boolean;
}

/**
 * The metric that the verdict speaks of: the first whose difference is clear when policies are shuffled (of k metrics one must have p
 * below .05 / k), or the first of all where none is.
 */
function metricOfVerdict({ rows }: PolicyEffects): number {
  const metrics = rows.find(({ gates }) => gates === 'shuffled')?.metrics ?? [];
  return Math.max(
    0,
    metrics.findIndex(({ test }) => isClear(test, metrics.length)),
  );
}

const isClear = (test: PairedTest | null, metrics: number): boolean =>
  test !== null && test.p !== null && test.p < SIGNIFICANT / metrics;

/** A replacement beside the own policy, by one metric; null where it was not measured. */
function compared({ rows }: PolicyEffects, gates: Replacement, metric: number): Compared | null {
  const row = rows.find((each) => each.gates === gates);
  const test = row?.metrics[metric]?.test ?? null;
  if (row === undefined || test === null) return null;
  const { name, measured } = row.metrics[metric];
  const { effect, standardError, p } = test;
  const digits = digitsFor(measured.error);
  const [before, after] = [measured.value - effect, measured.value].map((value) => value.toFixed(digits));
  const size = differenceWords(Math.abs(effect), standardError, 100).replace('+', '');
  return {
    sign: isClear(test, row.metrics.length) ? (Math.sign(effect) as Sign) : 0,
    change:
      before === after
        ? `${metricLabel(name)} stays at ${after}, changed`
        : `${metricLabel(name)} ${effect < 0 ? 'falls' : 'rises'} from ${before} to ${after}`,
    size: `by ${size} points${p === null ? '' : `, ${pWords(p)}`}`,
    n: row.n,
    users: row.users,
    isSame: row.reranked === 0,
  };
}

/** Below this share of users with other gates, shuffling hardly changes anything. */
const HARDLY = 0.05;

/** Whether the policies are personal, in one or two plain sentences. */
export function verdict(effects: PolicyEffects): string[] {
  const metric = metricOfVerdict(effects);
  const shuffled = compared(effects, 'shuffled', metric);
  return [...(shuffled === null ? [] : [shufflingWords(shuffled, effects.changedByShuffling)]), ...fixedWords(effects, metric)];
}

function shufflingWords({ sign, change, size, n, users, isSame }: Compared, changed: number): string {
  const share = `${(100 * changed).toFixed(changed > 0 && changed < 0.1 ? 1 : 0)} %`;
  const measured = `${size}; N = ${count(n)} instances of ${count(users)} users`;
  const others = `${share} of the users get other gates by it`;
  if (sign < 0 && changed < HARDLY)
    return `With another user’s policy ${change} (${measured}), though hardly anybody gets other gates by it (rounded: ${share} of the users). Small differences of the gates matter.`;
  if (sign < 0) return `With another user’s policy ${change} (${measured}). ${others}: the policy is personal, and it matters.`;
  if (sign > 0)
    return `With another user’s policy ${change} (${measured}): the own policies are worse than a stranger’s, so what they decide is not personal.`;
  if (isSame && changed === 0)
    return `With another user’s policy nothing changes, not even one rank (N = ${count(n)} instances of ${count(users)} users): the policy is the same for everyone.`;
  const nothing = `Another user’s policy costs nothing that can be seen (${isSame ? `not one rank differs; N = ${count(n)}` : `${change} ${measured}`})`;
  if (changed < HARDLY) {
    const who = changed === 0 ? 'nobody gets' : `only ${share} of the users get`;
    return `${nothing}: ${who} other gates by it, so what the policy decides is the same for ${changed === 0 ? 'everyone' : 'nearly everyone'}.`;
  }
  return `${nothing}, although ${others}: what the policy decides does not matter to the ranking.`;
}

/** What would be lost or won by one fixed policy for everybody. */
function fixedWords(effects: PolicyEffects, metric: number): string[] {
  const tuned = compared(effects, 'tuned', metric);
  const frozen = compared(effects, 'frozen', metric);
  if (tuned === null || frozen === null) return [];
  const part = (name: string, { sign, change, size, isSame }: Compared) =>
    isSame
      ? `with ${name} for everyone not one rank differs`
      : sign === 0
        ? `${name} for everyone is as good, as far as can be seen (${change}, ${size})`
        : `with ${name} for everyone ${change} (${size})`;
  const words = `${part('all blocks fine-tuned', tuned)}; ${part('all frozen', frozen)}.`;
  return [words[0].toUpperCase() + words.slice(1)];
}
