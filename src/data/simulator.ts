import type { Dataset, Scenario } from './dataset.ts';
import { ragged } from './dataset.ts';
import { assemble, NO_FILTERS } from './prepare.ts';
import { type RandomStream, randomStream } from './random.ts';

/** The simulator's knobs. Sizes are counts; `noise` and `nostalgicShare` are probabilities. */
export interface SimulatorSettings {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly users: number;
  readonly genres: number;
  /** Items a genre, in each domain. */
  readonly itemsPerGenre: number;
  /** Marker items a kind. */
  readonly markers: number;
  readonly targetsPerUser: number;
  /** How often a target comes from any genre. */
  readonly noise: number;
  readonly nostalgicShare: number;
  /** Markers at the beginning of a sequence of `hidden`. */
  readonly leadingMarkers: number;
  /** Genre items of a sequence of `hidden`. */
  readonly genreItems: number;
}

export const SIMULATOR_DEFAULTS: SimulatorSettings = {
  scenario: 'hidden',
  seed: 1,
  users: 2000,
  genres: 6,
  itemsPerGenre: 20,
  markers: 6,
  targetsPerUser: 4,
  noise: 0.03,
  nostalgicShare: 0.5,
  leadingMarkers: 4,
  genreItems: 13,
};

/** The attribute that says which kind a simulated user is. */
const KIND = 'kind';
const KINDS = ['steady', 'nostalgic'] as const;

/**
 * Two kinds of users with a planted difference. A user's source items come first from genre o, then from genre r; steady
 * users want r in the target domain, nostalgic ones o. Marker items say which kind a user is: in `hidden` only at the
 * beginning of the sequence, outside the trunk's sight; in `open` anywhere.
 */
export function simulate(settings: SimulatorSettings): Dataset {
  const { users, genres, itemsPerGenre, markers, targetsPerUser, noise, nostalgicShare } = settings;
  const random = randomStream(settings.seed, 'simulator', settings.scenario);
  const drawItem = zipf(random, itemsPerGenre);
  const markerOffset = genres * itemsPerGenre;
  const codes = new Uint8Array(users);
  const source: number[][] = [];
  const targets: number[][] = [];
  for (let u = 0; u < users; u++) {
    const nostalgic = random.uniform() < nostalgicShare;
    codes[u] = nostalgic ? 1 : 0;
    const older = random.integer(genres);
    const recent = (older + 1 + random.integer(genres - 1)) % genres;
    const marker = () => markerOffset + codes[u] * markers + random.integer(markers);
    const genreItem = (genre: number) => genre * itemsPerGenre + drawItem();
    source.push(sequence(settings, random, marker, (late) => genreItem(late ? recent : older)));
    const wanted = nostalgic ? older : recent;
    targets.push(
      Array.from({ length: targetsPerUser }, () => genreItem(random.uniform() < noise ? random.integer(genres) : wanted)),
    );
  }
  const genreIds = (prefix: string) =>
    Array.from({ length: genres * itemsPerGenre }, (_, i) => {
      return `${prefix}-g${Math.floor(i / itemsPerGenre) + 1}-${(i % itemsPerGenre) + 1}`;
    });
  const markerIds = KINDS.flatMap((kind) => Array.from({ length: markers }, (_, i) => `marker-${kind}-${i + 1}`));
  const dataset = assemble({
    name: settings.scenario === 'hidden' ? 'Demo: hidden kinds' : 'Demo: open kinds',
    origin: { kind: 'simulated', scenario: settings.scenario, seed: settings.seed },
    task: 'ranking',
    settings: NO_FILTERS,
    timed: true,
    users: Array.from({ length: users }, (_, u) => `user-${u + 1}`),
    pretrainingUsers: users,
    source: { itemIds: [...genreIds('source'), ...markerIds], rows: ragged(source) },
    targets: { itemIds: genreIds('target'), rows: ragged(targets) },
    attributes: [{ name: KIND, values: KINDS, codes }],
    targetOnlyUsers: 0,
    droppedTargetItems: 0,
  });
  // Of which kind of user a marker is is the planted truth, shown only to those who ask: they are counted in the dataset's order.
  let counted = 0;
  const sourceItems = dataset.sourceItems.map((id) => (id.startsWith('marker-') ? `marker-${++counted}` : id));
  const { targetItems } = dataset;
  return { ...dataset, sourceItems, sourceNames: namesOf(sourceItems), targetNames: namesOf(targetItems) };
}

/** Names that let one follow a user: genre and rank of an item. */
const namesOf = (ids: readonly string[]): string[] =>
  ids.map((id) => {
    const genreItem = /-g(\d+)-(\d+)$/.exec(id);
    return genreItem === null ? id.replace('-', ' ') : `genre ${genreItem[1]}, item ${genreItem[2]}`;
  });

function sequence(
  { scenario, leadingMarkers, genreItems }: SimulatorSettings,
  random: RandomStream,
  marker: () => number,
  genreItem: (late: boolean) => number,
): number[] {
  if (scenario === 'hidden') {
    // The switch comes after 4 to 9 of 13 genre items; other lengths keep these shares.
    const earliest = Math.round((4 / 13) * genreItems);
    const latest = Math.max(earliest, Math.round((9 / 13) * genreItems));
    const turn = earliest + random.integer(latest - earliest + 1);
    return [
      ...Array.from({ length: leadingMarkers }, marker),
      ...Array.from({ length: genreItems }, (_, i) => genreItem(i >= turn)),
    ];
  }
  const length = 12 + random.integer(5);
  const earliest = Math.floor(length / 3);
  const turn = earliest + random.integer(Math.floor((2 * length) / 3) - earliest);
  return Array.from({ length }, (_, i) => (random.uniform() < 0.25 ? marker() : genreItem(i >= turn)));
}

/** Ranks 0 … count − 1 with weights 1 / (rank + 1)^1.1. */
function zipf(random: RandomStream, count: number): () => number {
  const cumulative: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= count; rank++) {
    total += 1 / rank ** 1.1;
    cumulative.push(total);
  }
  return () => {
    const at = random.uniform() * total;
    const index = cumulative.findIndex((limit) => at < limit);
    return index < 0 ? count - 1 : index;
  };
}
