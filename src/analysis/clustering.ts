import { agnes, type Cluster } from 'ml-hclust';
import type { DistinctPolicies } from './distinct.ts';

/** Clustering takes the cube of the number of policies: about a second for so many. */
export const MOST_CLUSTERED = 1000;

/**
 * The distinct policies in the order of a dendrogram (average linkage), so that similar ones lie beside each other; of two
 * branches the one with fewer fine-tuned blocks comes first. Beyond `most` policies the largest are clustered, and each of the
 * others follows the nearest of those.
 *
 * The distance is the number of blocks in which two policies differ, each block weighted by 2 √(p (1 − p)) with p the share of
 * users who fine-tune it: what splits the users in half counts 1, what only a few do differently counts little.
 *
 * @returns places in `patterns`
 */
export function clusteredOrder({ patterns, sizes }: DistinctPolicies, most = MOST_CLUSTERED): Int32Array {
  if (patterns.length < 3) return Int32Array.from(patterns.map((_, i) => i).sort((a, b) => (patterns[a] < patterns[b] ? -1 : 1)));
  const gates = patterns.map((pattern) => Uint8Array.from(pattern, Number));
  const weights = weightsOf(gates, sizes);
  const distance = (a: Uint8Array, b: Uint8Array) => {
    let sum = 0;
    for (let l = 0; l < weights.length; l++) if (a[l] !== b[l]) sum += weights[l];
    return sum;
  };
  const leading = gates.slice(0, most);
  const distances = leading.map((a) => leading.map((b) => distance(a, b)));
  const tree = agnes(distances, { method: 'average', isDistanceMatrix: true });
  const followers = leading.map((): number[] => []);
  for (let place = leading.length; place < gates.length; place++) {
    followers[nearestOf(leading, (other) => distance(gates[place], other))].push(place);
  }
  return Int32Array.from(leavesOf(tree, gates, sizes).flatMap((leaf) => [leaf, ...followers[leaf]]));
}

function weightsOf(gates: readonly Uint8Array[], sizes: Int32Array): number[] {
  const users = sizes.reduce((sum, size) => sum + size, 0);
  return Array.from(gates[0], (_, block) => {
    const p = gates.reduce((sum, gate, place) => sum + gate[block] * sizes[place], 0) / users;
    return 2 * Math.sqrt(p * (1 - p));
  });
}

function nearestOf(gates: readonly Uint8Array[], distanceTo: (gate: Uint8Array) => number): number {
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  gates.forEach((gate, place) => {
    const distance = distanceTo(gate);
    if (distance < smallest) [best, smallest] = [place, distance];
  });
  return best;
}

/** The leaves from left to right, the branch with fewer fine-tuned blocks (mean over its users) first. */
function leavesOf(tree: Cluster, gates: readonly Uint8Array[], sizes: Int32Array): number[] {
  const walk = (cluster: Cluster): { leaves: number[]; users: number; tuned: number } => {
    if (cluster.isLeaf) {
      const users = sizes[cluster.index];
      return { leaves: [cluster.index], users, tuned: users * gates[cluster.index].reduce((sum, gate) => sum + gate, 0) };
    }
    const [first, second] = cluster.children.map(walk).sort((a, b) => a.tuned / a.users - b.tuned / b.users);
    return {
      leaves: [...first.leaves, ...second.leaves],
      users: first.users + second.users,
      tuned: first.tuned + second.tuned,
    };
  };
  return walk(tree).leaves;
}
