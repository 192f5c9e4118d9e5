/** What a run made of its test instances, as places in the dataset's list of instances, with the ranks of their targets. */
export interface RankedInstances {
  readonly instances: Int32Array;
  readonly ranks: Int32Array;
}

export class UnpairedRunsError extends Error {
  override name = 'UnpairedRunsError';
}

/**
 * How much better a run ranks each user's test targets than another run does: the mean of log₂(rank in the other / rank in
 * this) over the user's test instances. 1: twice as near to the top. Not a number for users without a test instance.
 *
 * @param userOf the row of the user of an instance
 * @throws UnpairedRunsError if the runs did not test the same instances
 */
export function rankChange(
  own: RankedInstances,
  other: RankedInstances,
  userOf: (instance: number) => number,
  users: number,
): Float64Array {
  const { instances } = own;
  if (instances.length !== other.instances.length || instances.some((instance, i) => instance !== other.instances[i]))
    throw new UnpairedRunsError('The two runs did not test the same instances, so their ranks cannot be compared.');
  const sums = new Float64Array(users);
  const counts = new Int32Array(users);
  instances.forEach((instance, i) => {
    const user = userOf(instance);
    sums[user] += Math.log2(other.ranks[i] / own.ranks[i]);
    counts[user]++;
  });
  return sums.map((sum, user) => sum / counts[user]);
}
