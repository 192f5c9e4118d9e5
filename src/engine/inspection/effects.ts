import type { Measured } from '../evaluation/metrics.ts';
import type { PairedTest } from '../evaluation/significance.ts';

/**
 * Gates that take the place of a user's own: the opposite ones, those of another user, all frozen, all fine-tuned, or those of
 * the 2^N that rank the user's own test targets best, which is an upper bound that nobody could know beforehand.
 */
export type Replacement = 'own' | 'opposite' | 'shuffled' | 'frozen' | 'tuned' | 'hindsight';

/** Test metrics under other policies than the users' own. */
export interface PolicyEffects {
  /** Users, drawn at random from `of` users of the test instances; and their test instances. */
  readonly users: number;
  readonly of: number;
  readonly instances: number;
  /** Of the target and its negatives; the classes of a profile task. */
  readonly candidates: number;
  readonly rows: readonly {
    readonly gates: Replacement;
    /** Headline metrics by name: HR@5 and MRR@5 among the candidates, or accuracy. */
    readonly metrics: readonly {
      readonly name: string;
      readonly measured: Measured;
      /** This − own, paired over instances; null for `own` itself. */
      readonly test: PairedTest | null;
    }[];
  }[];
  /** Share of users to whom shuffling gives other gates than their own (Soft rounded at ½). */
  readonly changedByShuffling: number;
}

/** The paper's hypothesis: who keeps more frozen blocks is a user whose target domain resembles the source domain. */
export interface Resemblance {
  /** Spearman's ρ between a user's frozen blocks and the mean reciprocal rank of their test targets under Finetune-CLS. */
  readonly rho: number;
  /** Two-sided; null where ρ is not defined. */
  readonly p: number | null;
  readonly users: number;
  /** Users by their number of frozen blocks (Soft rounded at ½): how well Finetune-CLS ranks their targets. */
  readonly groups: readonly { readonly frozen: number; readonly users: number; readonly reciprocalRank: Measured }[];
}
