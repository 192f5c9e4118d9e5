import { holm } from '../../engine/evaluation/significance.ts';
import { counted, difference, pWords } from '../../results/digits.ts';
import type { MatrixTest, TestMatrix } from '../../results/tests.ts';

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
