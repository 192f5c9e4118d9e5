import type { Verdict } from '../claims.ts';

const ONE_SEED = 'With one seed p is of the chance of the test instances alone: what another training would change is not known.';
const TWO_SEEDS =
  'From two seeds the chance of training can hardly be judged: p may be too small or too large, three or more are better.';

/** What holds of all claims that were tested with so few seeds: said once, above them; null where all had three or more. */
export function seedsWarning(verdicts: readonly Verdict[]): string | null {
  const seeds = new Set(verdicts.flatMap(({ tests }) => tests.map((test) => test.seeds)));
  const sentences = [...(seeds.has(1) ? [ONE_SEED] : []), ...(seeds.has(2) ? [TWO_SEEDS] : [])];
  return sentences.length === 0 ? null : sentences.join(' ');
}
