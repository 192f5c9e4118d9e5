/** A mean, and the standard deviation over what it is the mean of; null where there is one value only. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number | null;
}

/** A cell in words. */
export function shareWords({ mean, deviation }: Spread, isSoft: boolean, deviationOf: string): string {
  const share = isSoft
    ? `the mean gate is ${mean.toFixed(2)}, where 0 is the frozen block alone and 1 the fine-tuned one alone`
    : `${(100 * mean).toFixed(0)} % of the users are on the fine-tuned block, the others on the frozen one`;
  return deviation === null ? share : `${share}; standard deviation of ${deviationOf} ${deviation.toFixed(2)}`;
}
