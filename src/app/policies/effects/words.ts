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
  /** “8.3 ± 1.2 points of HR@5”, without a sign. */
  readonly size: string;
  /** “p < .001”; empty where it is not defined. */
  readonly p: string;
  readonly n: number;
  readonly users: number;
  /** Not one instance was ranked otherwise. */
  readonly isSame: boolean;
}

/**
 * A replacement beside the own policy, by the clearest difference of its metrics (of k metrics one must have p below .05 / k),
 * or by the first metric where there is none; null where nothing was measured.
 */
function compared({ rows }: PolicyEffects, gates: Replacement): Compared | null {
  const row = rows.find((each) => each.gates === gates);
  if (row === undefined) return null;
  const tested = row.metrics.flatMap(({ name, test }) => (test === null ? [] : [{ name, ...test }]));
  if (tested.length === 0) return null;
  const clearest = tested.reduce((a, b) => ((b.p ?? 1) < (a.p ?? 1) ? b : a));
  const isClear = clearest.p !== null && clearest.p < SIGNIFICANT / tested.length;
  const { name, effect, standardError, p } = isClear ? clearest : tested[0];
  return {
    sign: isClear ? (Math.sign(effect) as Sign) : 0,
    size: `${differenceWords(Math.abs(effect), standardError, 100).replace('+', '')} points of ${metricLabel(name)}`,
    p: p === null ? '' : pWords(p),
    n: row.n,
    users: row.users,
    isSame: row.reranked === 0,
  };
}

/** Below this share of users with other gates, shuffling hardly changes anything. */
const HARDLY = 0.05;

/** Whether the policies are personal, in one or two plain sentences. */
export function verdict(effects: PolicyEffects): string[] {
  const shuffled = compared(effects, 'shuffled');
  return [...(shuffled === null ? [] : [shufflingWords(shuffled, effects.changedByShuffling)]), ...fixedWords(effects)];
}

function shufflingWords({ sign, size, p, n, users, isSame }: Compared, changed: number): string {
  const share = `${(100 * changed).toFixed(changed > 0 && changed < 0.1 ? 1 : 0)} %`;
  const certainty = `${p === '' ? '' : `${p}, `}N = ${count(n)} instances of ${count(users)} users`;
  const giving = 'Giving each user somebody else’s policy';
  if (sign < 0 && changed < HARDLY)
    return `${giving} costs ${size} (${certainty}), though hardly anybody gets other gates by it (rounded: ${share} of the users). Small differences of the gates matter.`;
  if (sign < 0)
    return `${giving} costs ${size} (${certainty}); ${share} of the users get other gates by it. The policy is personal, and it matters.`;
  if (sign > 0)
    return `${giving} gains ${size} (${certainty}): the own policies are worse than a stranger’s, so what they decide is not personal.`;
  if (changed === 0 && isSame) return `${giving} changes nothing: the policy is the same for everyone.`;
  const nothing = isSame ? `not one target is ranked otherwise, ${certainty}` : `${size}, ${certainty}`;
  if (changed < HARDLY) {
    const who = changed === 0 ? 'nobody gets' : `only ${share} of the users get`;
    return `${giving} costs nothing that can be seen (${nothing}): ${who} other gates by it, so what the policy decides is the same for ${changed === 0 ? 'everyone' : 'nearly everyone'}.`;
  }
  return `${giving} costs nothing that can be seen (${nothing}), although ${share} of the users get other gates by it: what the policy decides does not matter to the ranking.`;
}

/** What would be lost or won by one fixed policy for everybody. */
function fixedWords(effects: PolicyEffects): string[] {
  const tuned = compared(effects, 'tuned');
  const frozen = compared(effects, 'frozen');
  if (tuned === null || frozen === null) return [];
  const part = (name: string, { sign, size, p, isSame }: Compared) => {
    const certain = p === '' ? size : `${size} (${p})`;
    if (sign < 0) return `${name} for everyone is worse by ${certain}`;
    if (sign > 0) return `${name} for everyone is better by ${certain}`;
    return isSame ? `${name} for everyone is the same` : `${name} for everyone is as good, as far as can be seen: ${certain}`;
  };
  return [`Beside the own policies, ${part('all fine-tuned', tuned)}; ${part('all frozen', frozen)}.`];
}
