import type { Stand } from '../checkpoint/state.ts';
import type { Metrics } from '../evaluation/metrics.ts';
import type { PolicySummary, UserPolicies } from '../evaluation/policies.ts';

export type Stage = 'pretraining' | 'fine-tuning';

/** Where a stage stands. Counts from 1. */
export interface Progress {
  readonly stage: Stage;
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  /** The mean loss of this epoch so far. */
  readonly loss: number;
}

export interface PretrainingEpoch {
  readonly epoch: number;
  readonly loss: number;
}

export interface FineTuningEpoch {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly validation: Metrics;
  /** Over the users of the test instances; null for methods without a policy. */
  readonly policy: PolicySummary | null;
}

/** Who watches a run, and may hold or end it. */
export interface Observer {
  /** Milliseconds on a clock that stands still while the run is paused. */
  readonly now: () => number;
  /**
   * Awaited between steps: it gives other work its turn, holds a paused run, and throws StoppedError to end one. Whoever keeps
   * checkpoints may read the run's state from `stand` before that.
   */
  readonly turn: (stand: Stand) => Promise<void>;
  /** Called a few times a second at most. */
  readonly progress: (progress: Progress) => void;
  readonly pretrainingEpoch: (epoch: PretrainingEpoch) => Promise<void>;
  /** In place of these: the pre-trained model was there already, and took these epochs once. */
  readonly pretrainingReused: (epochs: readonly PretrainingEpoch[]) => Promise<void>;
  /** `policies` are those of all users with targets. */
  readonly fineTuningEpoch: (epoch: FineTuningEpoch, policies: UserPolicies | null) => Promise<void>;
}

/** How often progress is told, in milliseconds; reading a loss back costs a GPU some. */
export const PROGRESS_INTERVAL = 200;
