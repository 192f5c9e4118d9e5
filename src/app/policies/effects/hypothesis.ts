import type { Resemblance } from '../../../engine/inspection/effects.ts';
import type { RunRow } from '../../../storage/database.ts';
import { count } from '../../format.ts';
import { testedBy } from '../../shared/task.ts';
import { pWords, SIGNIFICANT } from './words.ts';

/** Below this size even a certain correlation says little about single users. */
const WEAK = 0.1;

/** What was found of the paper's hypothesis, in one sentence. */
export function hypothesisWords({ correlation: { rho, p, n } }: Resemblance): string {
  const users = `N = ${count(n)} users`;
  if (rho === null || p === null)
    return `Nothing can be said (${users}): either all users keep equally many blocks frozen, or Finetune-CLS ranks their targets equally well.`;
  const measured = `Spearman’s ρ = ${rho.toFixed(2).replace('-', '−')}, ${pWords(p)}, ${users}`;
  if (p >= SIGNIFICANT)
    return `No link can be seen between how well Finetune-CLS ranks a user’s targets and how many of their blocks stay frozen (${measured}).`;
  const weak = Math.abs(rho) < WEAK ? ' The link is weak: it is a tendency, not a rule for single users.' : '';
  return rho > 0
    ? `As the paper supposes, users whose targets Finetune-CLS ranks well keep more blocks frozen (${measured}).${weak}`
    : `Contrary to the paper’s hypothesis, users whose targets Finetune-CLS ranks well keep fewer blocks frozen (${measured}).${weak}`;
}

/** A finished run of Finetune-CLS on the same instances: of the same seed if there is one, else the newest. */
export function clsRunFor(run: RunRow, finished: readonly RunRow[]): RunRow | undefined {
  const fitting = finished.filter((other) => other.configuration.method === 'finetune-cls' && testedBy(other) === testedBy(run));
  return fitting.findLast(({ configuration }) => configuration.seed === run.configuration.seed) ?? fitting.at(-1);
}
