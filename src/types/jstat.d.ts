/** What the studio uses of jstat, which has no types of its own. */
declare module 'jstat' {
  const jStat: {
    /** The regularised incomplete beta function I_x(a, b). */
    readonly ibeta: (x: number, a: number, b: number) => number;
    /** Student's t of a probability. */
    readonly studentt: { readonly inv: (p: number, freedom: number) => number };
    /** Spearman's ρ of two variables; ties have their mean rank. */
    readonly spearmancoeff: (first: readonly number[], second: readonly number[]) => number;
  };
  export default jStat;
}
