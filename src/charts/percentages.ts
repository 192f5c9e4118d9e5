/**
 * Parts of a whole in percent with one decimal, rounded so that they add up to 100.0 and one part reads the same wherever it
 * stands: each is rounded down, and the tenths that are left go to those who lost most (of equals, to the smaller).
 *
 * @param parts counts; together the whole
 */
export function percentages(parts: readonly number[]): string[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  if (whole === 0) return parts.map(() => '0 %');
  // Whole numbers throughout: no remainder is blurred by fractions.
  const tenths = parts.map((part) => Math.floor((1000 * part) / whole));
  const lost = parts.map((part) => (1000 * part) % whole);
  const left = 1000 - tenths.reduce((sum, one) => sum + one, 0);
  const places = parts.map((_, place) => place).sort((a, b) => lost[b] - lost[a] || parts[a] - parts[b]);
  for (const place of places.slice(0, left)) tenths[place]++;
  return tenths.map((one, place) => `${(one / 10).toFixed(parts[place] === whole ? 0 : 1)} %`);
}

/** The share of each of the largest groups and, last, of all others together. */
export function sharesOfLargest(largest: readonly { readonly users: number }[], users: number): string[] {
  const listed = largest.map((group) => group.users);
  return percentages([...listed, users - listed.reduce((sum, n) => sum + n, 0)]);
}
