import type { PreparationSettings } from '../data/dataset.ts';
import type { FileFormat, Hint, Recognition } from '../data/import/recognise.ts';
import type { SimulatorSettings } from '../data/simulator.ts';
import type { BackendChoice, BackendInfo } from '../engine/backend.ts';
import type { Plan, Sizes } from '../engine/planner/plan.ts';
import type { Progress } from '../engine/training/observer.ts';

/** An error as it crosses between page and workers: what it is called, what it says, what it came from. */
export interface Problem {
  readonly name: string;
  readonly message: string;
  readonly cause: string | null;
  /** Rows that could be skipped; only of BadRowsError. */
  readonly badRows: {
    readonly file: string;
    readonly count: number;
    readonly good: number;
    readonly named: readonly { line: number; what: string }[];
  } | null;
}

/** What a request is answered with. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** One dropped file and what it seems to be. */
export interface RecognisedFile {
  readonly file: File;
  readonly recognition: Recognition;
}

export interface ImportRequest {
  readonly name: string;
  /** The source domain's file, or the pre-training lines. */
  readonly source: { readonly file: File; readonly format: FileFormat };
  /** The target domain's file, or the fine-tuning lines. */
  readonly target: { readonly file: File; readonly format: FileFormat };
  readonly settings: PreparationSettings;
  readonly skipBadRows: boolean;
}

/** Parses, prepares and stores datasets. */
export interface ImportService {
  readonly recognise: (file: File, hint?: Hint) => Promise<Answer<Recognition>>;
  /** Stores the dataset, whole or not at all; its id. `onShare` is told how much of the files is read, 0 to 1. */
  readonly importFiles: (request: ImportRequest, onShare: (share: number) => void) => Promise<Answer<number>>;
  readonly simulate: (settings: SimulatorSettings) => Promise<Answer<number>>;
  /** On the very first visit, makes the demo dataset. */
  readonly ensureDemo: () => Promise<Answer<void>>;
}

/** What the training worker tells while it works; everything that lasts is in the database. */
export type TrainingEvent =
  | { readonly type: 'backend'; readonly backend: BackendInfo }
  | { readonly type: 'started'; readonly runId: number }
  | {
      readonly type: 'progress';
      readonly runId: number;
      readonly progress: Progress;
      readonly stepsPerSecond: number;
      readonly secondsLeft: number;
    }
  | { readonly type: 'paused'; readonly runId: number }
  | { readonly type: 'resumed'; readonly runId: number }
  | { readonly type: 'log'; readonly runId: number; readonly text: string }
  | { readonly type: 'ended'; readonly runId: number }
  | { readonly type: 'idle' }
  | { readonly type: 'elsewhere' }
  | { readonly type: 'device-lost'; readonly message: string };

/** Runs what is queued, one run at a time. */
export interface TrainingService {
  readonly listen: (listener: (event: TrainingEvent) => void) => Promise<void>;
  /** Opens a backend, unless it is the one in use already; refused while a run is going on. */
  readonly openBackend: (choice: BackendChoice) => Promise<Answer<void>>;
  /** Marks runs that a closed tab left behind as interrupted. */
  readonly recover: () => Promise<Answer<void>>;
  /** Works off the queue, on the chosen backend if none is open yet; answers when nothing is queued any more. Does nothing while it is working already. */
  readonly work: (choice: BackendChoice) => Promise<Answer<void>>;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Ends the current run; the queue goes on. */
  readonly stop: () => Promise<void>;
}

/** Says what training will ask of a GPU, before it starts. */
export interface PlanningService {
  readonly plan: (sizes: Sizes) => Promise<Answer<Plan>>;
}
