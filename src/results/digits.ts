/** Decimals that keep two significant digits of a standard error; three where there is none to judge by. */
export function digitsFor(standardError: number): number {
  if (!(standardError > 0)) return 3;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
}

/** A mean with its standard error, with no more digits than the error supports: .6704 ± .0136 → 0.670 ± 0.014. */
export function withError(value: number, standardError: number): string {
  const digits = digitsFor(standardError);
  return `${value.toFixed(digits)} ± ${standardError.toFixed(digits)}`;
}

/** A difference with its sign, as far as its standard error supports: −0.030 ± 0.012. */
export function difference(effect: number, standardError: number): string {
  const digits = digitsFor(standardError);
  const amount = Math.abs(effect).toFixed(digits);
  // Nothing but zeros has no minus.
  const size = `${effect < 0 && Number(amount) > 0 ? '−' : '+'}${amount}`;
  return standardError > 0 ? `${size} ± ${standardError.toFixed(digits)}` : size;
}

/** p < .001, p = .012, p = .34. */
export function pWords(p: number): string {
  if (p < 0.001) return 'p < .001';
  return `p = ${p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')}`;
}

export const thousands = (value: number): string => value.toLocaleString('en');

/** “1 seed”, “3 seeds”. */
export const counted = (count: number, noun: string): string => `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

/** “N = 900 test instances of 300 users, 3 seeds”: what a test over instances and seeds goes over. */
export const sizeWords = ({ n, users, seeds }: { n: number; users: number | null; seeds: number }): string =>
  `N = ${counted(n, 'test instance')}${users === null || users === n ? '' : ` of ${counted(users, 'user')}`}, ${counted(seeds, 'seed')}`;

/** “a”, “a and b”, “a, b and c”. */
export const listed = (words: readonly string[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
