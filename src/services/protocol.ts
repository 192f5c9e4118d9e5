import type { BlockFigures } from '../analysis/blocks.ts';
import type { Chosen } from '../analysis/policies.ts';
import type { Rows } from '../analysis/rows.ts';
import type { PreparationSettings, TargetTask } from '../data/dataset.ts';
import type { FileFormat } from '../data/import/format.ts';
import type { TableRows } from '../data/import/readers/table.ts';
import type { Hint, Recognition } from '../data/import/recognise.ts';
import type { Role } from '../data/import/roleNames.ts';
import type { Assigned } from '../data/import/roles.ts';
import type { DatasetShape } from '../data/shape.ts';
import type { SimulatorSettings } from '../data/simulator.ts';
import type { DatasetSummary } from '../data/summary.ts';
import type { TimeSpan } from '../data/times.ts';
import type { ZipEntry } from '../data/zip/directory.ts';
import type { BackendChoice, BackendInfo } from '../engine/backend.ts';
import type { Protocol } from '../engine/evaluation/metrics.ts';
import type { PolicyEffects, Resemblance } from '../engine/inspection/effects.ts';
import type { Recommendation, WhatIfs } from '../engine/inspection/inspect.ts';
import type { Plan, Sizes } from '../engine/planner/plan.ts';
import type { Progress } from '../engine/training/observer.ts';
import type { Verdict } from '../results/claims.ts';
import type { TableModel } from '../results/tables/table.ts';
import type { Pairing, TestMatrix } from '../results/tests.ts';
import type { CleaningChoice } from '../storage/cleaning.ts';
import type { Room } from '../storage/measure.ts';
import type { WorkspaceTaken } from '../storage/workspace/takeInWorkspace.ts';

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
    /** What rows are counted in: a file of Parquet has no lines. */
    readonly unit: 'line' | 'row';
  } | null;
}

/** What a request is answered with. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** A file that was dropped, or one of those in a zip archive that was. */
export interface DroppedFile {
  readonly file: File;
  /** Where it is in the archive; null for a file of its own. */
  readonly entry: ZipEntry | null;
}

/** One dropped file and what it seems to be. */
export interface RecognisedFile extends DroppedFile {
  readonly recognition: Recognition;
  /** What it is for, if that was chosen by hand. */
  readonly chosen: Role | null;
}

/** A file, and how it is to be read. */
export interface FormattedUpload extends DroppedFile {
  readonly format: FileFormat;
  /** What files like it have in common, if the format was corrected by hand: it is kept for the next one. */
  readonly corrected: string | null;
}

/** The files of a dataset, and how they are to be read. */
export interface ReadRequest {
  /** The source domain's file, the file with both domains, or the pre-training lines. */
  readonly source: FormattedUpload;
  /** The target domain's file (the same again where it has both), the labels, or the fine-tuning lines. */
  readonly target: FormattedUpload;
  /** `item,name` for each domain, and `user,attribute…`; null where there is no such file. */
  readonly sourceNames: FormattedUpload | null;
  readonly targetNames: FormattedUpload | null;
  readonly attributes: FormattedUpload | null;
  readonly skipBadRows: boolean;
}

/** Where an import stands. */
export interface ImportProgress {
  readonly stage: 'reading' | 'preparing' | 'storing';
  /** Of the stage, 0 to 1. */
  readonly share: number;
  /** Of the stage; null before it can be told. */
  readonly secondsLeft: number | null;
}

/** What filters would do. */
export interface FilterEffect {
  /** Of all that was read. */
  readonly before: DatasetSummary;
  /** Null where they would leave nothing to train on; `reason` then says why. */
  readonly after: DatasetSummary | null;
  readonly reason: string | null;
  /** From when to when the events are that were read; null where they have no times. */
  readonly span: TimeSpan | null;
  /** What of the files was left out because it could not be used, and what was guessed of how they are written, in sentences. */
  readonly leftOut: readonly string[];
}

/** Parses, prepares and stores datasets. */
export interface ImportService {
  /** The files in a zip archive; null for any other file. */
  readonly unpack: (file: File) => Promise<Answer<readonly ZipEntry[] | null>>;
  /** What a file seems to be. Without a hint it is read as a file like it was corrected before; `anew`: as it is recognised. */
  readonly recognise: (file: DroppedFile, hint?: Hint | 'anew') => Promise<Answer<Recognition>>;
  /** What stands in a column of a file, the most frequent first: at most 50 words of what is looked at, '' among them where it is empty. */
  readonly words: (file: DroppedFile, rows: TableRows, column: number) => Promise<Answer<readonly string[]>>;
  /** Forgets how files like one were corrected. */
  readonly forget: (key: string) => Promise<Answer<void>>;
  /** What each file is for, as far as that was not chosen by hand, and how it is read then. */
  readonly assign: (files: readonly RecognisedFile[]) => Promise<Answer<readonly Assigned[]>>;
  /** Reads the files. What was read stays in the worker until it is stored or dropped, or something else is read. */
  readonly read: (request: ReadRequest, onProgress: (progress: ImportProgress) => void) => Promise<Answer<void>>;
  /** What the filters would leave of what was read; nothing is stored. */
  readonly effect: (settings: PreparationSettings) => Promise<Answer<FilterEffect>>;
  /** Prepares what was read and stores it, whole or not at all; its id. */
  readonly store: (
    name: string,
    settings: PreparationSettings,
    onProgress: (progress: ImportProgress) => void,
  ) => Promise<Answer<number>>;
  /** Drops what was read, and ends at once whatever is going on, which then answers with StoppedError. Nothing stays behind. */
  readonly drop: () => Promise<Answer<void>>;
  /** How a stored dataset is spread, kept in its row from then on. */
  readonly shape: (datasetId: number) => Promise<Answer<DatasetShape>>;
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
  /** Runs were found that a tab or a worker has left behind, and that do not go on by themselves. */
  | { readonly type: 'interrupted' }
  | { readonly type: 'device-lost'; readonly message: string }
  | { readonly type: 'failed'; readonly runId: number; readonly problem: Problem }
  | { readonly type: 'unsaved'; readonly runId: number; readonly unsaved: Unsaved }
  | { readonly type: 'saved'; readonly runId: number };

/** What of a run waits in memory, because it cannot be stored now. */
export interface Unsaved {
  /** In words, oldest first. */
  readonly what: readonly string[];
  /** When the first of it could not be stored, in milliseconds. */
  readonly since: number;
  readonly why: 'full' | 'connection';
}

/** Held by the worker that trains: browsers do not freeze its page, and other tabs see that something trains. */
export const TRAINING_LOCK = 'uaf-studio training';

/** Runs what is queued, one run at a time. A run is paused, resumed, stopped, held and deleted in its row: see `storage/trained.ts`. */
export interface TrainingService {
  readonly listen: (listener: (event: TrainingEvent) => void) => Promise<void>;
  /** Opens a backend, unless it is the one in use already; refused while a run is going on. */
  readonly openBackend: (choice: BackendChoice) => Promise<Answer<void>>;
  /** Asks for a checkpoint of the run that is going on, if this worker trains one: the page may go away. */
  readonly save: () => Promise<void>;
  /** Marks runs that a closed tab left behind as interrupted; those of searches and experiments go on by themselves. */
  readonly recover: () => Promise<Answer<void>>;
  /** Works off the queue, on the chosen backend if none is open yet; answers when nothing is queued any more. Does nothing while it is working already. */
  readonly work: (choice: BackendChoice) => Promise<Answer<void>>;
  /** A run file of the run that is going on, with what waits in memory. @throws NothingStoredError where nothing is going on */
  readonly exportUnsaved: () => Promise<Answer<Blob>>;
}

/** Says what training will ask of a GPU, before it starts. */
export interface PlanningService {
  readonly plan: (sizes: Sizes) => Promise<Answer<Plan>>;
}

/** An item, or a class, of a dataset. */
export interface NamedItem {
  readonly number: number;
  readonly id: string;
  /** Null where only the id is known. */
  readonly name: string | null;
}

/** Whose gates are looked at: a user, by id, or a sequence of source items composed by hand, oldest first. */
export type Subject = { readonly user: string } | { readonly sequence: readonly number[] };

/** A finished run's model, as far as its users can be told about it. */
export interface ModelInfo {
  readonly blocks: number;
  readonly kind: 'hard' | 'soft';
  readonly task: TargetTask;
  /** Items of a sequence that the model reads at most. */
  readonly sequenceLength: number;
  /** Positions, from the last, that the trunk's user vector depends on; at most `sequenceLength`. */
  readonly trunkSees: number;
  /** The same of the policy network. */
  readonly policySees: number;
  /** Users with targets. */
  readonly users: number;
  /** The target and its negatives; the classes of a profile task. */
  readonly candidates: number;
  readonly targetItems: number;
}

/** A target item of a user, and what the run did with it. */
export interface SubjectTarget {
  readonly item: NamedItem;
  /** Its place in the dataset's list of instances. */
  readonly instance: number;
  /** `unused`: left out by `fineTuning.trainingFraction`. */
  readonly part: 'train' | 'validation' | 'test' | 'unused';
}

/** A user, or a sequence composed by hand, as the model reads it. */
export interface SubjectView {
  /** Null for a sequence composed by hand. */
  readonly id: string | null;
  /** What the model reads of the sequence, oldest first. */
  readonly items: readonly NamedItem[];
  /** Older items that it never reads. */
  readonly unread: number;
  /** I_l of each block, and the probability of fine-tuning (the same for a soft policy). */
  readonly gate: readonly number[];
  readonly probability: readonly number[];
  readonly targets: readonly SubjectTarget[];
  /** What is known about the user, such as the planted kind. */
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly planted: boolean }[];
  /** The users with targets before and after this one in the dataset. */
  readonly previous: string | null;
  readonly next: string | null;
}

/** What is ranked for a subject: an item, with the candidates of an instance where it is one. */
export interface Wanted {
  readonly item: number;
  readonly instance: number | null;
}

/** Other users like one. */
export interface SimilarUsers {
  /** With the same policy (Soft rounded at ½): how many in all, and the first of them. */
  readonly samePolicy: { readonly count: number; readonly ids: readonly string[] };
  /** By the cosine of the user vectors, nearest first. */
  readonly nearest: readonly { readonly id: string; readonly cosine: number; readonly gate: readonly number[] }[];
  /** Among so many users the nearest were looked for. */
  readonly among: number;
}

/** Users by their ids, or all users with targets. */
export type ExportedUsers = 'all' | readonly string[];

/** Asks models of finished runs, in a worker of its own: it answers while another one trains. */
export interface InspectionService {
  /** Loads the model of a finished run; the other calls do so, too. */
  readonly open: (runId: number) => Promise<Answer<ModelInfo>>;
  readonly look: (runId: number, subject: Subject) => Promise<Answer<SubjectView>>;
  /** What is recommended under each of some policies ([N] gates each, 0 to 1). */
  readonly recommend: (
    runId: number,
    subject: Subject,
    policies: readonly (readonly number[])[],
    wanted: Wanted | null,
  ) => Promise<Answer<readonly (Recommendation & { readonly items: readonly NamedItem[] })[]>>;
  /** Where each of the 2^N hard policies would have ranked a target; N ≤ 8. */
  readonly whatIfs: (runId: number, subject: Subject, wanted: Wanted) => Promise<Answer<WhatIfs>>;
  readonly similar: (runId: number, user: string) => Promise<Answer<SimilarUsers>>;
  /** Users with targets whose id holds a text, at most 20; those that begin with it first. */
  readonly findUsers: (runId: number, text: string) => Promise<Answer<readonly string[]>>;
  /** Items whose id or name holds a text, at most 20, frequent ones first. */
  readonly findItems: (runId: number, domain: 'source' | 'target', text: string) => Promise<Answer<readonly NamedItem[]>>;
  /**
   * Whether the policy matters, over at most `users` of the users of the test instances, drawn at random. `onShare` is told
   * how much is done, 0 to 1.
   */
  readonly effects: (runId: number, users: number, onShare: (share: number) => void) => Promise<Answer<PolicyEffects>>;
  /** Ends `effects`, which then answers with StoppedError. */
  readonly stop: () => Promise<void>;
  /**
   * The `k` items (classes) with the highest scores of users with targets, under their own policies, as CSV:
   * `user,rank,item,item_name,score`. Works for every method. `onShare` is told how much is done, 0 to 1.
   */
  readonly exportLists: (
    runId: number,
    users: ExportedUsers,
    k: number,
    onShare: (share: number) => void,
  ) => Promise<Answer<Blob>>;
  /** User vectors under their own policies as CSV: `user,h_1,…,h_k`. */
  readonly exportVectors: (runId: number, users: ExportedUsers, onShare: (share: number) => void) => Promise<Answer<Blob>>;
  /** Ends an export, which then answers with StoppedError. */
  readonly stopExport: () => Promise<void>;
  /** Whether users whose domains resemble each other (`clsRunId`, a run of Finetune-CLS, ranks their targets well) keep more blocks. */
  readonly resemblance: (runId: number, clsRunId: number) => Promise<Answer<Resemblance>>;
}

/** Something known about users by which they can be sorted and split. */
export interface KnownGrouping {
  readonly key: string;
  readonly label: string;
  /** What the simulator planted: nothing of it is shown before it is asked for. */
  readonly planted: boolean;
  readonly groups: readonly string[];
}

/** What is stored of a run's policies. */
export interface PolicyRun {
  readonly users: number;
  /** Those of them with a test target; null where the run's test instances are not known. */
  readonly tested: number | null;
  readonly blocks: number;
  readonly kind: 'hard' | 'soft';
  /** Epochs whose policies are stored, ascending. */
  readonly epochs: readonly number[];
  readonly groupings: readonly KnownGrouping[];
}

/** How users are sorted: `by` a grouping, or by the change of their targets' ranks against another run. */
export type RowOrder =
  | { readonly by: 'similar' | 'probability' | 'dataset' }
  | { readonly by: 'change'; readonly against: number }
  | { readonly by: 'group'; readonly grouping: string };

/** What some users' policies look like at one epoch. */
export interface PolicyFigures extends BlockFigures {
  readonly epoch: number;
  /** How many different policies occur, and the largest of them (1 fine-tuned, block 1 first). */
  readonly distinct: number;
  readonly largest: readonly { readonly pattern: string; readonly users: number }[];
}

/** How far the gates tell some users apart, epoch by epoch. */
interface SeparationCourse {
  readonly users: number;
  readonly epochs: readonly number[];
  /** Separation (`BlockFigures`) of each block, [blocks][epochs]. */
  readonly blocks: readonly (readonly number[])[];
}

/** How well planted kinds are told apart, epoch by epoch; AUCs are at least ½, since the direction is not counted. */
export interface RecoveryCourse {
  readonly label: string;
  readonly kinds: readonly [string, string];
  /** Users of each kind. */
  readonly users: readonly [number, number];
  readonly epochs: readonly number[];
  /** AUC of the number of fine-tuned blocks. */
  readonly overall: readonly number[];
  /** AUC of each block, [blocks][epochs]. */
  readonly blocks: readonly (readonly number[])[];
  /** Standard error of the overall AUC. */
  readonly errors: readonly number[];
}

/** Shares of one run at its best epoch, of one group of users. */
export interface RunShares {
  readonly runId: number;
  /** Null where users are not split. */
  readonly group: string | null;
  readonly users: number;
  /** How many of the group there are, also those without a test target. */
  readonly all: number;
  /** False where the run's test instances are not known: the shares are then of all users with targets. */
  readonly tested: boolean;
  readonly shares: readonly number[];
}

/** Shares of the runs that could be read, and why the others could not. */
export interface SharesOfRuns {
  readonly shares: readonly RunShares[];
  readonly unread: readonly { readonly runId: number; readonly why: string }[];
}

/** Reads stored policies and reckons on them; whatever has to go over all users is done there. */
export interface PolicyService {
  readonly about: (runId: number) => Promise<Answer<PolicyRun>>;
  /** The packed policies of all users at an epoch, [users × blocks]. */
  readonly picture: (runId: number, epoch: number) => Promise<Answer<Uint8Array>>;
  /** The order of the rows by the policies of an epoch. */
  readonly rows: (runId: number, epoch: number, order: RowOrder) => Promise<Answer<Rows>>;
  readonly figures: (runId: number, epoch: number, chosen: Chosen) => Promise<Answer<PolicyFigures>>;
  readonly separation: (runId: number, chosen: Chosen) => Promise<Answer<SeparationCourse>>;
  /** Null where nothing of two kinds was planted. */
  readonly recovery: (runId: number) => Promise<Answer<RecoveryCourse | null>>;
  /** Shares of runs at their best epochs, over the users of their test instances. */
  readonly shares: (runIds: readonly number[], grouping: string | null) => Promise<Answer<SharesOfRuns>>;
  /** The id of a user, by their row in dataset order. */
  readonly userId: (runId: number, user: number) => Promise<Answer<string>>;
}

/** Makes tables, figures, claims and files of finished runs. */
export interface ResultsService {
  /** Every claim of the paper, tested on these runs. */
  readonly claims: (runIds: readonly number[]) => Promise<Answer<readonly Verdict[]>>;
  /** The paper's tables, as far as there are runs for them. */
  readonly tables: (runIds: readonly number[]) => Promise<Answer<readonly TableModel[]>>;
  /** Paired tests between groups of finished runs; the runs of a group differ in nothing but their seed. */
  readonly tests: (
    groups: readonly (readonly number[])[],
    metric: string,
    protocol: Protocol,
    over: Pairing,
  ) => Promise<Answer<TestMatrix>>;
  /** One self-contained HTML page. */
  readonly report: (runIds: readonly number[], title: string) => Promise<Answer<string>>;
  /** Runs that ended, with their ranks and policies, as one file of JSON. */
  readonly exportRuns: (runIds: readonly number[]) => Promise<Answer<Blob>>;
  /** The parameters of a finished run as safetensors. */
  readonly exportModel: (runId: number) => Promise<Answer<Blob>>;
  /** Takes in files of runs, reports, experiments and models, each whole or not at all. */
  readonly importFiles: (files: readonly File[]) => Promise<Answer<ResultsTaken>>;
}

/** How many bytes were in use before and after something was removed. */
export interface Freed {
  /** Measured, as `Room` is. */
  readonly measured: { readonly before: number; readonly after: number };
  /** What the browser says, which may follow later; null where it says nothing. */
  readonly browser: { readonly before: number; readonly after: number } | null;
}

/** The file of a workspace. */
export interface WorkspaceExported {
  /** Null where it was written to the file that was chosen. */
  readonly blob: Blob | null;
  readonly bytes: number;
  /** What could not be read, and is not in it, in words. */
  readonly leftOut: readonly string[];
}

/** Measures what is stored, cleans it up, and takes the whole workspace to and from one file. */
export interface StorageService {
  readonly measure: () => Promise<Answer<Room>>;
  /** @param inUse the dataset that is in use, which stays */
  readonly cleanUp: (choices: readonly CleaningChoice[], inUse: number | null) => Promise<Answer<Freed>>;
  /** Writes to the file that was chosen, or else into a blob. `onShare` is told how much is done, 0 to 1. */
  readonly exportWorkspace: (
    to: FileSystemFileHandle | null,
    datasetId: number | null,
    onShare: (share: number) => void,
  ) => Promise<Answer<WorkspaceExported>>;
  readonly importWorkspace: (file: Blob, onShare: (share: number) => void) => Promise<Answer<WorkspaceTaken>>;
  /** Ends an export or an import, which then answers with StoppedError. What came in until then stays. */
  readonly stop: () => Promise<void>;
}

/** What came of files of results. */
export interface ResultsTaken {
  /** In words, file by file; `refused`: nothing of it was stored. */
  readonly files: readonly { readonly name: string; readonly words: string; readonly refused: boolean }[];
  /** Runs and experiments that the files are of, also those that were here already. */
  readonly runs: readonly number[];
  readonly experiments: readonly number[];
}
