/** What a model recommends to one subject under one policy. */
export interface Recommendation {
  /** The gates it was made under, [N]. */
  readonly policy: readonly number[];
  /** The five items (classes) with the highest scores, best first. */
  readonly top: readonly { readonly item: number; readonly score: number }[];
  /** Null where nothing in particular is looked for. */
  readonly target: {
    /** w_y · h + b_y. */
    readonly score: number;
    readonly rankAll: number;
    /** Among the candidates of its instance; null for an item that is no instance of the user, and in profile tasks. */
    readonly rankSampled: number | null;
  } | null;
}

/** A target under each of the 2^N hard policies; policy p fine-tunes block l where bit l of p (1 for block 1, 2 for block 2, 4, …) is set. */
export interface WhatIfs {
  readonly score: Float32Array;
  readonly rankAll: Int32Array;
  /** Null as in `Recommendation`. */
  readonly rankSampled: Int32Array | null;
}
