import { holm } from '../../engine/evaluation/significance.ts';
import type { Verdict } from '../../results/claims.ts';
import { counted, difference, pWords } from '../../results/digits.ts';
import type { MatrixTest, TestMatrix } from '../../results/tests.ts';
import { metricLabel } from '../shared/results.ts';

const isPair = (test: TestMatrix[number][number]): test is MatrixTest => test !== null && 'effect' in test;

/** The p-values of a matrix after Holm's correction for all of its pairs, each counted once; null where there is none. */
export function holmMatrix(matrix: TestMatrix): (number | null)[][] {
  const pairs = matrix.flatMap((_, a) => Array.from({ length: a }, (_unused, b) => [a, b] as const));
  const corrected = holm(
    pairs.map(([a, b]) => {
      const test = matrix[a][b];
      return isPair(test) ? test.p : null;
    }),
  );
  const table: (number | null)[][] = matrix.map((row) => row.map(() => null));
  pairs.forEach(([a, b], i) => {
    table[a][b] = corrected[i];
    table[b][a] = corrected[i];
  });
  return table;
}

/** A test in lines: the difference, how sure it is, the same after the correction where there was one, and of how many pairs. */
export function testLines({ effect, standardError, p, n, seeds }: MatrixTest, corrected: number | null): string[] {
  return [
    difference(effect, standardError),
    p === null ? (n < 2 ? 'one pair only' : 'no spread') : pWords(p),
    ...(corrected === null ? [] : [`Holm: ${pWords(corrected)}`]),
    `N = ${n.toLocaleString('en')}${seeds === undefined ? '' : `, ${counted(seeds, 'seed')}`}`,
  ];
}

/**
 * Whether runs of one seed alone decided: however small p is, another training could turn it round.
 *
 * @param isSingle whether no run was repeated with another seed: what is counted without a test does not tell its seeds
 */
export const isOfOneSeed = ({ answer, tests }: Verdict, isSingle: boolean): boolean =>
  answer !== 'cannot be told' && (isSingle || (tests.length > 0 && tests.every(({ seeds }) => seeds === 1)));

/** “On d: UAF-Hard − Finetune-All in HR@5 +0.030 ± 0.012, p = .012, Holm: p = .024, N = 900, 3 seeds.” The answer goes by Holm’s. */
export function claimTestWords({ dataset, first, second, metric, seeds, test, corrected }: Verdict['tests'][number]): string {
  const lines = testLines({ ...test, seeds }, corrected);
  return `On ${dataset}: ${first} − ${second} in ${metricLabel(metric)} ${lines.join(', ')}.`;
}
