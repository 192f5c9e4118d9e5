import * as tf from '@tensorflow/tfjs';
import { patternOf, valuesOf } from '../analysis/policies.ts';
import { describeMethod } from '../configuration/methods.ts';
import { type Dataset, instancesOf, rowLength, rowOf, targetUsersOf } from '../data/dataset.ts';
import { permutation, randomStream } from '../data/random.ts';
import { shownName } from '../data/shownName.ts';
import { type BackendOptions, openBackend } from '../engine/backend.ts';
import { StoppedError } from '../engine/errors.ts';
import { vectorsOf } from '../engine/evaluation/evaluate.ts';
import { policyEffects, type Resemblance, resemblance } from '../engine/inspection/effects.ts';
import {
  decide,
  type FinishedModel,
  type LoadedModel,
  loadModel,
  type Reader,
  recommend,
  whatIfs,
  withPolicy,
} from '../engine/inspection/inspect.ts';
import { positionsSeen } from '../engine/model/nextitnet.ts';
import { contentsOf, type RunRow, type StudioDatabase } from '../storage/database.ts';
import { NothingStoredError } from '../storage/errors.ts';
import { answer } from './answer.ts';
import { ModelNotKeptError, UnknownSubjectError } from './errors.ts';
import { type Exporting, listsFile, vectorsFile } from './listFiles.ts';
import { Pacer } from './pacer.ts';
import type {
  ExportedUsers,
  InspectionService,
  ModelInfo,
  NamedItem,
  SimilarUsers,
  Subject,
  SubjectTarget,
  SubjectView,
  Wanted,
} from './protocol.ts';
import { Shelf } from './shelf.ts';

interface InspectionEnvironment extends Pick<BackendOptions, 'readWasm'> {
  /** Opens a backend: a seam for tests. */
  readonly open?: typeof openBackend;
  readonly database: StudioDatabase;
}

/** A run whose model is loaded, of any method. */
interface Loaded extends LoadedModel {
  readonly run: RunRow;
  readonly targetUsers: Int32Array;
}

/** … of a method with a policy. */
interface Opened extends Loaded, FinishedModel {
  /** For each target user [N] packed decisions at the best epoch. */
  readonly policies: Uint8Array;
  /** Vectors of users to look for similar ones among; computed when first asked for. */
  neighbours: Promise<Neighbours> | null;
}

interface Neighbours {
  readonly users: Int32Array;
  /** Of length 1, [users × k]. */
  readonly vectors: Float32Array;
}

const MODELS_KEPT = 2;
const MOST_FOUND = 20;
/** Users like one are looked for among so many: their vectors are computed when first asked for. */
const MOST_NEIGHBOURS = 5000;
const NEAREST = 8;

/** Asks models of finished runs. Always on WASM: a user is little work, and a GPU is left to training. */
export function inspectionService({ database, readWasm, open = openBackend }: InspectionEnvironment): InspectionService {
  let backend: Promise<unknown> | null = null;
  let measuring: Pacer | null = null;
  let exporting: Pacer | null = null;
  const shelf = new Shelf(load, ({ model }) => tf.dispose(model.parameters), MODELS_KEPT);

  async function load(runId: number): Promise<Loaded | Opened> {
    // What could not be opened is tried again the next time.
    backend ??= open('wasm', { readWasm, startThread: null }).catch((error: unknown) => {
      backend = null;
      throw error;
    });
    const [run, stored, outcome] = await Promise.all([
      database.runs.get(runId),
      database.models.get(runId),
      database.outcomes.get(runId),
      backend,
    ]);
    if (run?.result == null)
      throw new NothingStoredError(`There is no finished run ${runId} in this browser. Choose another run.`);
    const dataset = await contentsOf(database, run.datasetId);
    if (stored === undefined) throw new ModelNotKeptError();
    const loaded: Loaded = {
      ...loadModel(dataset, run.configuration, stored.parameters, run.result.bestEpoch),
      run,
      targetUsers: targetUsersOf(dataset),
    };
    const policies = outcome?.policies ?? null;
    if (policies === null) return loaded;
    return { ...loaded, ...withPolicy(loaded), policies, neighbours: null };
  }

  /** Works with a run of a method with a policy. @throws NothingStoredError, ModelNotKeptError */
  const asking = <R>(runId: number, work: (opened: Opened) => Promise<R>): Promise<R> =>
    shelf.use(runId, async (loaded) => {
      if ('policies' in loaded) return work(loaded);
      const { label, policy } = describeMethod(loaded.run.configuration.method);
      if (policy === null) throw new NothingStoredError(`Run ${runId} has no policies: ${label} makes none.`);
      throw new ModelNotKeptError();
    });

  /** Writes a file of some users; one at a time. */
  const exported = (
    runId: number,
    users: ExportedUsers,
    onShare: (share: number) => void,
    write: (loaded: Loaded, chosen: Int32Array, pace: Exporting) => Promise<Blob>,
  ) =>
    answer(async () => {
      exporting?.stop();
      const pacer = new Pacer();
      exporting = pacer;
      try {
        return await shelf.use(runId, (loaded) => {
          const chosen = users === 'all' ? loaded.targetUsers : userNumbers(loaded, users);
          if (chosen.length === 0) throw new UnknownSubjectError('No user is chosen.');
          return write(loaded, chosen, { turn: () => pacer.turn(), share: onShare });
        });
      } finally {
        pacer.dispose();
        if (exporting === pacer) exporting = null;
      }
    });

  return {
    open: (runId) => answer(() => asking(runId, async (opened) => infoOf(opened))),
    look: (runId, subject) => answer(() => asking(runId, (opened) => look(opened, subject))),
    recommend: (runId, subject, policies, wanted) =>
      answer(() =>
        asking(runId, async (opened) => {
          const ranked = wanted && checked(opened, wanted);
          const recommendations = await recommend(opened, readerOf(opened, subject), policies, ranked);
          return recommendations.map((each) => ({
            ...each,
            items: each.top.map(({ item }) => targetItem(opened.dataset, item)),
          }));
        }),
      ),
    whatIfs: (runId, subject, wanted) =>
      answer(() => asking(runId, (opened) => whatIfs(opened, readerOf(opened, subject), checked(opened, wanted)))),
    similar: (runId, user) => answer(() => asking(runId, (opened) => similarTo(opened, user))),
    findUsers: (runId, text) => answer(() => asking(runId, async (opened) => findUsers(opened, text))),
    findItems: (runId, domain, text) => answer(() => asking(runId, async ({ dataset }) => findItems(dataset, domain, text))),
    effects: (runId, users, onShare) =>
      answer(async () => {
        measuring?.stop();
        const pacer = new Pacer();
        // From here on, also while the model is loaded, it can be told to stop.
        measuring = pacer;
        try {
          return await asking(runId, (opened) => policyEffects(opened, users, { turn: () => pacer.turn(), share: onShare }));
        } finally {
          pacer.dispose();
          if (measuring === pacer) measuring = null;
        }
      }),
    stop: async () => measuring?.stop(new StoppedError()),
    exportLists: (runId, users, k, onShare) =>
      exported(runId, users, onShare, (loaded, chosen, pace) => listsFile(loaded, chosen, k, pace)),
    exportVectors: (runId, users, onShare) =>
      exported(runId, users, onShare, async (loaded, chosen, pace) => {
        if (loaded.run.configuration.method === 'most-popular') {
          throw new NothingStoredError('MostPop scores every user alike: it has no user vectors.');
        }
        return vectorsFile(loaded, chosen, pace);
      }),
    stopExport: async () => exporting?.stop(new StoppedError()),
    resemblance: (runId, clsRunId) => answer(() => asking(runId, (opened) => resemblanceWith(opened, database, clsRunId))),
  };
}

function infoOf(opened: Opened): ModelInfo {
  const { run, model, dataset, task, targetUsers } = opened;
  const { configuration } = run;
  const { sequenceLength, dilations } = configuration;
  return {
    blocks: dilations.length,
    kind: kindOf(opened),
    task: dataset.task,
    sequenceLength,
    trunkSees: positionsSeen(sequenceLength, dilations, configuration),
    policySees: model.method.policySees?.(configuration) ?? 0,
    users: targetUsers.length,
    candidates: task.candidates,
    targetItems: dataset.targetItems.length,
  };
}

/** The dataset's number of a user with targets. @throws UnknownSubjectError for anybody else */
const userNumber = ({ dataset }: Loaded, id: string): number => withTargets(dataset, id, dataset.users.indexOf(id));

/** The same of many: a table of all users would take a hundred bytes for each of millions. */
function userNumbers({ dataset }: Loaded, ids: readonly string[]): Int32Array {
  const wanted = new Set(ids);
  const numberOf = new Map<string, number>();
  for (let user = 0; user < dataset.users.length && numberOf.size < wanted.size; user++)
    if (wanted.has(dataset.users[user])) numberOf.set(dataset.users[user], user);
  return Int32Array.from(ids, (id) => withTargets(dataset, id, numberOf.get(id) ?? -1));
}

/** @param user -1 for nobody. @throws UnknownSubjectError */
function withTargets(dataset: Dataset, id: string, user: number): number {
  if (user < 0) throw new UnknownSubjectError(`There is no user “${id}” in this dataset. Search for another one.`);
  if (rowLength(dataset.targets, user) === 0) {
    throw new UnknownSubjectError(
      `User “${id}” has no target items, so that no policy was made for them. Search for another one.`,
    );
  }
  return user;
}

/** @throws UnknownSubjectError for a user, or an item, that the dataset does not have */
function readerOf(opened: Opened, subject: Subject): Reader {
  if ('sequence' in subject) {
    const { sourceItems } = opened.dataset;
    const unknown = subject.sequence.find((item) => !(item >= 1 && item < sourceItems.length));
    if (unknown !== undefined) throw new UnknownSubjectError(`There is no source item number ${unknown} in this dataset.`);
    return { user: -1, items: subject.sequence };
  }
  const user = userNumber(opened, subject.user);
  return { user, items: rowOf(opened.dataset.source, user) };
}

/** @throws UnknownSubjectError for an item, or a class, that the dataset does not have */
function checked({ dataset }: Opened, wanted: Wanted): Wanted {
  if (!(wanted.item >= 0 && wanted.item < dataset.targetItems.length)) {
    throw new UnknownSubjectError(`There is no target item number ${wanted.item} in this dataset.`);
  }
  return wanted;
}

/** As it may stand in a sentence: an item is asked for by its number. */
const shownItem = (id: string, name = ''): Pick<NamedItem, 'id' | 'name'> => ({
  id: shownName(id),
  name: shownName(name) || null,
});

const sourceItem = ({ sourceItems, sourceNames }: Dataset, number: number): NamedItem => ({
  number,
  ...shownItem(sourceItems[number], sourceNames?.[number]),
});

const targetItem = ({ targetItems, targetNames }: Dataset, number: number): NamedItem => ({
  number,
  ...shownItem(targetItems[number], targetNames?.[number]),
});

async function look(opened: Opened, subject: Subject): Promise<SubjectView> {
  const { dataset, targetUsers, run } = opened;
  const reader = readerOf(opened, subject);
  const decisions = await decide(opened, reader);
  const read = Array.from(reader.items).slice(-run.configuration.sequenceLength);
  const view = {
    ...decisions,
    items: read.map((item) => sourceItem(dataset, item)),
    unread: reader.items.length - read.length,
  };
  if (reader.user < 0) return { ...view, id: null, targets: [], attributes: [], previous: null, next: null };
  const place = targetUsers.indexOf(reader.user);
  const idAt = (at: number) => (targetUsers[at] === undefined ? null : dataset.users[targetUsers[at]]);
  return {
    ...view,
    id: dataset.users[reader.user],
    targets: targetsOf(opened, reader.user),
    attributes: dataset.attributes.map(({ name, values, codes }) => ({
      name: shownName(name),
      value: shownName(values[codes[reader.user]]),
      planted: dataset.origin.kind === 'simulated',
    })),
    previous: idAt(place - 1),
    next: idAt(place + 1),
  };
}

function targetsOf({ dataset, task }: Opened, user: number): SubjectTarget[] {
  const { targets } = dataset;
  return Array.from(rowOf(targets, user), (item, i) => {
    const instance = targets.offsets[user] + i;
    const part = (['test', 'validation', 'train'] as const).find((name) => task.split[name].includes(instance));
    return { item: targetItem(dataset, item), instance, part: part ?? 'unused' };
  });
}

function findUsers({ dataset, targetUsers }: Opened, text: string): string[] {
  const wanted = text.toLowerCase();
  const beginning: string[] = [];
  const elsewhere: string[] = [];
  for (const user of targetUsers) {
    const id = dataset.users[user];
    const at = id.toLowerCase().indexOf(wanted);
    if (at === 0) beginning.push(id);
    else if (at > 0 && elsewhere.length < MOST_FOUND) elsewhere.push(id);
    if (beginning.length === MOST_FOUND) break;
  }
  return [...beginning, ...elsewhere].slice(0, MOST_FOUND);
}

function findItems(dataset: Dataset, domain: 'source' | 'target', text: string): NamedItem[] {
  const [ids, item, first] =
    domain === 'source' ? ([dataset.sourceItems, sourceItem, 1] as const) : ([dataset.targetItems, targetItem, 0] as const);
  const wanted = text.toLowerCase();
  const found: NamedItem[] = [];
  // Items are numbered by falling frequency.
  for (let number = first; number < ids.length && found.length < MOST_FOUND; number++) {
    const named = item(dataset, number);
    if (`${named.id}\n${named.name ?? ''}`.toLowerCase().includes(wanted)) found.push(named);
  }
  return found;
}

async function similarTo(opened: Opened, id: string): Promise<SimilarUsers> {
  const { dataset, targetUsers, policies, model } = opened;
  const user = userNumber(opened, id);
  const blocks = model.context.configuration.dilations.length;
  const decided = { bytes: policies, blocks };
  const own = patternOf(decided, targetUsers.indexOf(user));
  const same = targetUsers.filter((other, place) => other !== user && patternOf(decided, place) === own);
  const values = valuesOf(kindOf(opened));
  const gatesOf = (of: number) => {
    const place = targetUsers.indexOf(of);
    return Array.from(policies.subarray(place * blocks, (place + 1) * blocks), (byte) => values[byte]);
  };

  // With a failure nothing is kept: asked again, it is tried again.
  opened.neighbours ??= neighboursIn(opened).catch((error: unknown) => {
    opened.neighbours = null;
    throw error;
  });
  const { users, vectors } = await opened.neighbours;
  const vector = normalised(await vectorsOf(model, dataset, Int32Array.of(user), async () => {}), 1);
  const width = vector.length;
  const cosines = Array.from(users, (other, row) => {
    let cosine = 0;
    for (let c = 0; c < width; c++) cosine += vector[c] * vectors[row * width + c];
    return { other, cosine };
  });
  const nearest = cosines
    .filter(({ other }) => other !== user)
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, NEAREST);
  return {
    samePolicy: { count: same.length, ids: Array.from(same.subarray(0, NEAREST), (other) => dataset.users[other]) },
    nearest: nearest.map(({ other, cosine }) => ({
      id: dataset.users[other],
      cosine,
      gate: gatesOf(other),
    })),
    among: users.length,
  };
}

/** The vectors of the target users, or of some of them drawn at random, under their own policies. */
async function neighboursIn({ model, dataset, targetUsers }: Opened): Promise<Neighbours> {
  const random = randomStream(model.context.configuration.dataset.splitSeed, 'inspection/neighbours');
  const users =
    targetUsers.length <= MOST_NEIGHBOURS
      ? targetUsers
      : permutation(random, targetUsers.length)
          .slice(0, MOST_NEIGHBOURS)
          .map((place) => targetUsers[place]);
  const pacer = new Pacer();
  try {
    return { users, vectors: normalised(await vectorsOf(model, dataset, users, () => pacer.turn()), users.length) };
  } finally {
    pacer.dispose();
  }
}

/** Rows [rows × k] brought to length 1, in place. */
function normalised(vectors: Float32Array, rows: number): Float32Array {
  const width = vectors.length / rows;
  for (let row = 0; row < rows; row++) {
    const vector = vectors.subarray(row * width, (row + 1) * width);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    for (let c = 0; c < width && length > 0; c++) vector[c] /= length;
  }
  return vectors;
}

const kindOf = ({ run }: Opened) => (describeMethod(run.configuration.method).policy === 'soft' ? 'soft' : 'hard');

/** @throws NothingStoredError where the other run has no ranks, or is of another dataset */
async function resemblanceWith(opened: Opened, database: StudioDatabase, clsRunId: number): Promise<Resemblance> {
  const [cls, outcome] = await Promise.all([database.runs.get(clsRunId), database.outcomes.get(clsRunId)]);
  if (cls?.datasetId !== opened.run.datasetId) throw new NothingStoredError('The run of Finetune-CLS is of another dataset.');
  if (outcome === undefined) throw new NothingStoredError('The ranks of the run of Finetune-CLS were not kept. Run it again.');
  if ('predicted' in outcome.outcomes) throw new NothingStoredError('A profile task predicts one class: there are no ranks.');
  const { dataset, targetUsers, policies, model } = opened;
  const values = valuesOf(kindOf(opened));
  const gate = Float32Array.from(policies, (byte) => values[byte]);
  const placeOf = new Map(Array.from(targetUsers, (user, place) => [user, place]));
  const { user } = instancesOf(dataset);
  const tested = outcome.instances.map((instance) => user[instance]);
  const { length: blocks } = model.context.configuration.dilations;
  return resemblance({ gate, blocks }, (of) => placeOf.get(of), tested, outcome.outcomes.sampled);
}
