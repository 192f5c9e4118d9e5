/** A two-sided test at .05. */
const Z = 1.96;

/**
 * The smallest difference between two methods' shares of hits (HR@5, accuracy) that a paired test can tell from chance:
 *
 *   δ = z · √(2 h (1 − h) (1 − ρ) / N)
 *
 * Each of the N test instances is hit or not by both methods, with probability about h, and their hits correlate by ρ: a difference of
 * two such values has the variance 2 h (1 − h) (1 − ρ), which is the share of instances that only one of them hits (McNemar 1947,
 * “Note on the sampling error of the difference between correlated proportions”, Psychometrika 12). Instances of one user move
 * together, so that it is a lower bound.
 *
 * @param instances N
 * @param hits h: .3 is what HR@5 among 100 candidates comes to on usual data; ½ is the worst case
 * @param correlation ρ: on Amazon's Electronics → Beauty (2,091 test instances) pairs of methods had .39 to .64, half of them below .48;
 *   only methods that train nearly the same are closer
 */
export const visibleDifference = (instances: number, hits = 0.3, correlation = 0.5): number =>
  Z * Math.sqrt((2 * hits * (1 - hits) * (1 - correlation)) / instances);
