/**
 * 1 + the items that score higher than the target + equal ones of a lower number; what is no number counts as higher.
 *
 * @param scores [items]
 */
export function rankAmongAll(scores: usize, items: i32, target: i32): i32 {
  const own = load<f32>(scores + ((<usize>target) << 2));
  const owns = f32x4.splat(own);
  let counts = i32x4.splat(0);
  let rank = 1;
  let i = 0;
  // Comparisons give −1 where they hold; counted is where they do not.
  for (; i + 4 <= target; i += 4) counts = i32x4.add(counts, v128.not(f32x4.lt(v128.load(scores + (i << 2)), owns)));
  for (; i < target; i++) if (!(load<f32>(scores + (i << 2)) < own)) rank++;
  for (i = target + 1; i + 4 <= items; i += 4) counts = i32x4.add(counts, v128.not(f32x4.le(v128.load(scores + (i << 2)), owns)));
  for (; i < items; i++) if (!(load<f32>(scores + (i << 2)) <= own)) rank++;
  const higher =
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  return rank - higher;
}
