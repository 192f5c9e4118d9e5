/**
 * What the paper prints (Chen et al. 2021). Its numbers are of the protocol with 100 candidates. The data of ColdRec-3 and -4 are
 * private, and none comes with the studio: where a dataset has no such name, these are of other data than the user's.
 */

export type PublishedMetric = 'MRR@5' | 'HR@5' | 'accuracy' | 'macroF1';

export interface PublishedTable {
  readonly metrics: readonly [PublishedMetric, PublishedMetric];
  readonly datasets: readonly string[];
  /** By the method's id: of each dataset a pair, in the order of `metrics`. */
  readonly rows: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

/** Table 2 (the usual ways and UAF-Hard, -Soft, -RL), Table 3 (UAF-Random) and Table 4 (-GRU). */
export const COLD_REC: PublishedTable = {
  metrics: ['MRR@5', 'HR@5'],
  datasets: ['ColdRec-1', 'ColdRec-2', 'ColdRec-3', 'ColdRec-4'],
  rows: {
    'finetune-zero': [
      [0.2332, 0.4013],
      [0.3632, 0.5464],
      [0.1174, 0.215],
      [0.1929, 0.3257],
    ],
    'finetune-cls': [
      [0.2419, 0.4124],
      [0.3712, 0.5547],
      [0.0909, 0.1657],
      [0.1935, 0.3283],
    ],
    'finetune-last-1': [
      [0.2546, 0.4307],
      [0.3864, 0.5724],
      [0.1062, 0.1918],
      [0.2032, 0.3433],
    ],
    'finetune-last-2': [
      [0.2575, 0.4337],
      [0.3885, 0.5753],
      [0.1176, 0.2118],
      [0.2073, 0.3485],
    ],
    'finetune-all': [
      [0.2565, 0.4345],
      [0.388, 0.5758],
      [0.1185, 0.2192],
      [0.2077, 0.3495],
    ],
    mtl: [
      [0.241, 0.4114],
      [0.3633, 0.5468],
      [0.1169, 0.2181],
      [0.2093, 0.3527],
    ],
    peterrec: [
      [0.2578, 0.4356],
      [0.3886, 0.5763],
      [0.0993, 0.1795],
      [0.2117, 0.355],
    ],
    'uaf-random': [
      [0.2562, 0.4346],
      [0.3917, 0.5796],
      [0.1172, 0.2158],
      [0.2123, 0.3587],
    ],
    'uaf-hard': [
      [0.2594, 0.4378],
      [0.394, 0.5824],
      [0.119, 0.2212],
      [0.2151, 0.364],
    ],
    'uaf-soft': [
      [0.26, 0.4397],
      [0.3939, 0.5841],
      [0.1209, 0.2189],
      [0.214, 0.3613],
    ],
    'uaf-rl': [
      [0.2599, 0.4386],
      [0.3942, 0.5837],
      [0.1196, 0.2197],
      [0.2142, 0.3619],
    ],
    'uaf-hard-gru': [
      [0.2591, 0.4382],
      [0.3943, 0.5836],
      [0.1186, 0.2204],
      [0.2159, 0.3634],
    ],
    'uaf-soft-gru': [
      [0.2598, 0.4389],
      [0.3941, 0.5845],
      [0.1217, 0.222],
      [0.2151, 0.3627],
    ],
    'uaf-rl-gru': [
      [0.2597, 0.4381],
      [0.394, 0.5833],
      [0.1199, 0.2201],
      [0.2146, 0.3625],
    ],
  },
};

/** Table 5: 10 % of the training instances. */
export const COLD_REC_TENTH: PublishedTable = {
  metrics: ['MRR@5', 'HR@5'],
  datasets: ['ColdRec-1', 'ColdRec-2'],
  rows: {
    'finetune-zero': [
      [0.1624, 0.297],
      [0.2766, 0.4362],
    ],
    'finetune-all': [
      [0.1857, 0.3366],
      [0.2915, 0.4533],
    ],
    peterrec: [
      [0.1999, 0.3562],
      [0.2938, 0.4557],
    ],
    'uaf-hard': [
      [0.212, 0.3714],
      [0.3025, 0.4651],
    ],
    'uaf-soft': [
      [0.2108, 0.3704],
      [0.3021, 0.4649],
    ],
    'uaf-rl': [
      [0.2125, 0.3721],
      [0.3023, 0.4655],
    ],
  },
};

/** Table 7: user profiles. Which F1 is not said there. */
export const PROFILES: PublishedTable = {
  metrics: ['accuracy', 'macroF1'],
  datasets: ['GenEst', 'AgeEst', 'LifeEst'],
  rows: {
    'finetune-cls': [
      [0.8882, 0.777],
      [0.5717, 0.2747],
      [0.5165, 0.2471],
    ],
    'finetune-all': [
      [0.9042, 0.8205],
      [0.6221, 0.3457],
      [0.5227, 0.267],
    ],
    peterrec: [
      [0.904, 0.8184],
      [0.6163, 0.3338],
      [0.5342, 0.2616],
    ],
    'uaf-hard': [
      [0.9051, 0.822],
      [0.6243, 0.3481],
      [0.5491, 0.2733],
    ],
    'uaf-soft': [
      [0.9048, 0.8215],
      [0.6259, 0.3496],
      [0.5484, 0.2728],
    ],
    'uaf-rl': [
      [0.9049, 0.8217],
      [0.625, 0.3487],
      [0.5478, 0.2725],
    ],
  },
};

/** Sizes of a dataset of Table 1 or 6, as printed there: some are rounded to thousands. */
export interface PublishedSize {
  readonly name: string;
  readonly sourceInstances: number;
  readonly sourceItems: number;
  readonly targetInstances: number;
  /** Of a profile task, the classes. */
  readonly targetItems: number;
}

/** Tables 1 and 6. */
export const SIZES: readonly PublishedSize[] = [
  { name: 'ColdRec-1', sourceInstances: 1_649_095, sourceItems: 191_022, targetInstances: 3_798_114, targetItems: 20_343 },
  { name: 'ColdRec-2', sourceInstances: 1_472_428, sourceItems: 645_981, targetInstances: 2_947_688, targetItems: 17_880 },
  { name: 'ColdRec-3', sourceInstances: 22_360, sourceItems: 11_349, targetInstances: 24_643, targetItems: 162 },
  { name: 'ColdRec-4', sourceInstances: 340_858, sourceItems: 52_171, targetInstances: 1_267_117, targetItems: 6_288 },
  { name: 'GenEst', sourceInstances: 1_550_000, sourceItems: 646_000, targetInstances: 1_550_000, targetItems: 2 },
  { name: 'AgeEst', sourceInstances: 1_550_000, sourceItems: 646_000, targetInstances: 1_550_000, targetItems: 6 },
  { name: 'LifeEst', sourceInstances: 1_080_000, sourceItems: 488_000, targetInstances: 1_080_000, targetItems: 8 },
];

/** A published value; undefined where the paper has none. @param dataset its name, in any case */
export function publishedValue(
  table: PublishedTable,
  method: string,
  dataset: string,
  metric: PublishedMetric,
): number | undefined {
  const column = publishedName(table, dataset);
  const place = column === undefined ? -1 : table.datasets.indexOf(column);
  return table.rows[method]?.[place]?.[table.metrics.indexOf(metric)];
}

/** The paper's dataset that one is named after: “ColdRec-1”, “coldrec1”. */
export function publishedName({ datasets }: PublishedTable, dataset: string): string | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return datasets.find((name) => plain(name) === plain(dataset));
}

/** As the paper prints it: .2332. */
export const printed = (value: number): string => value.toFixed(4).replace(/^0/, '');
