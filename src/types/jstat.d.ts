/** What the studio uses of jstat, which has no types of its own. */
declare module 'jstat' {
  const jStat: {
    /** The regularised incomplete beta function I_x(a, b). */
    readonly ibeta: (x: number, a: number, b: number) => number;
  };
  export default jStat;
}
