import { type Condition, variantOf } from '../conditions.ts';
import { groupedBy } from '../lists.ts';
import { inOrder, nameOf, type Variant } from '../variants.ts';

/** One variant of each method of a condition, in the order of the paper's tables; of UAF-Random one for each kind of gates. */
export const distinctVariants = (condition: Condition): Variant[] =>
  inOrder(
    Array.from(groupedBy(condition.variants, nameOf).values(), ([{ method, otherGates }]) =>
      variantOf(condition, method, otherGates),
    ).filter((variant) => variant !== null),
  );
