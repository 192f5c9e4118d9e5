/** What pages, tables and charts know of a method; how it computes is in `engine/methods`, under the same id. */
export interface MethodDescription {
  readonly id: string;
  /** As the paper writes it. */
  readonly label: string;
  readonly words: string;
  readonly group: MethodGroup;
  /** What a policy decides for each user and block: one of two (hard), a mixture (soft), or nothing at all. */
  readonly policy: 'hard' | 'soft' | null;
  /** Whether it starts from the pre-trained model. */
  readonly pretrained: boolean;
  /** The same colour everywhere (Okabe and Ito's, safe for colour-blind eyes), and a dash as the second cue. */
  readonly colour: string;
  readonly dash: string;
}

export const METHOD_GROUPS = ['Baselines', 'Usual fine-tuning', 'UAF', 'UAF, GRU as policy network'] as const;
type MethodGroup = (typeof METHOD_GROUPS)[number];

const GREY = '#868e96';
const SKY = '#56b4e9';
const BLUE = 'light-dark(#0072b2, #4dabf7)';
const PINK = '#cc79a7';
const GREEN = '#009e73';
const VERMILION = '#d55e00';
const ORANGE = '#e69f00';
const VIOLET = 'light-dark(#7048e8, #b197fc)';

const baseline = { group: 'Baselines', policy: null, pretrained: false } as const;
const usual = { group: 'Usual fine-tuning', policy: null, pretrained: true } as const;
const uaf = { group: 'UAF', policy: 'hard', pretrained: true } as const;
const gru = { group: 'UAF, GRU as policy network', policy: 'hard', pretrained: true } as const;

/** Finetune-Last-N for any N. */
const finetuneLast = (count: number): MethodDescription => ({
  ...usual,
  id: `finetune-last-${count}`,
  label: `Finetune-Last${count}`,
  words: `Trains the last ${count === 1 ? 'block' : `${count} blocks`} and the target layer; the rest stays as pre-trained.`,
  colour: ORANGE,
  dash: count === 1 ? '2 2' : '6 2',
});

/** In the order of the paper's tables. */
export const METHOD_DESCRIPTIONS: readonly MethodDescription[] = [
  {
    ...baseline,
    id: 'most-popular',
    label: 'MostPop',
    words: 'Recommends the same popular items to everybody: the floor that every method must clear.',
    colour: GREY,
    dash: '2 4',
  },
  {
    ...baseline,
    id: 'finetune-zero',
    label: 'Finetune-Zero',
    words: 'The same network from random values: what pre-training is worth.',
    colour: SKY,
    dash: '1 3',
  },
  {
    ...usual,
    id: 'finetune-cls',
    label: 'Finetune-CLS',
    words: 'Keeps the pre-trained network and trains the target layer only.',
    colour: PINK,
    dash: '6 2 1 2',
  },
  finetuneLast(1),
  finetuneLast(2),
  {
    ...usual,
    id: 'finetune-all',
    label: 'Finetune-All',
    words: 'Starts from the pre-trained model and trains everything.',
    colour: BLUE,
    dash: '8 4',
  },
  {
    ...baseline,
    id: 'mtl',
    label: 'MTL',
    words:
      'Multi-task learning: both domains at once from random values, with a shared trunk. Its loss is the sum of both domains’.',
    colour: SKY,
    dash: '8 2 2 2',
  },
  {
    ...usual,
    id: 'peterrec',
    label: 'PeterRec',
    words: 'Keeps the pre-trained network and trains small adapters inside its blocks, with the target layer.',
    colour: PINK,
    dash: '3 3',
  },
  {
    ...uaf,
    id: 'uaf-random',
    label: 'UAF-Random',
    words: 'As UAF-Hard, but a coin decides for each user and block: what the policy network is worth.',
    colour: GREY,
    dash: '6 3 2 3',
  },
  {
    ...uaf,
    id: 'uaf-hard',
    label: 'UAF-Hard',
    words: 'A policy network takes, for each user and block, either the frozen pre-trained block or its fine-tuned copy.',
    colour: VERMILION,
    dash: '',
  },
  {
    ...uaf,
    id: 'uaf-soft',
    label: 'UAF-Soft',
    words: 'As UAF-Hard, but mixing: the policy network weighs the frozen block against its fine-tuned copy.',
    policy: 'soft',
    colour: GREEN,
    dash: '4 2',
  },
  {
    ...uaf,
    id: 'uaf-rl',
    label: 'UAF-RL',
    words: 'As UAF-Hard, but the policy learns from a reward: right recommendations with few fine-tuned blocks (Eqs. 13-15).',
    colour: VIOLET,
    dash: '10 3',
  },
  {
    ...gru,
    id: 'uaf-hard-gru',
    label: 'UAF-Hard-GRU',
    words: 'UAF-Hard with a GRU as policy network (Table 4).',
    colour: VERMILION,
    dash: '2 2',
  },
  {
    ...gru,
    id: 'uaf-soft-gru',
    label: 'UAF-Soft-GRU',
    words: 'UAF-Soft with a GRU as policy network (Table 4).',
    policy: 'soft',
    colour: GREEN,
    dash: '1 2',
  },
  {
    ...gru,
    id: 'uaf-rl-gru',
    label: 'UAF-RL-GRU',
    words: 'UAF-RL with a GRU as policy network (Table 4).',
    colour: VIOLET,
    dash: '3 2',
  },
];

/** Whether it is the id of a method: Finetune-Last-N is one for every N. */
export const isMethod = (id: string): boolean =>
  METHOD_DESCRIPTIONS.some((method) => method.id === id) || /^finetune-last-[1-9]\d{0,3}$/.test(id);

const unknown = (id: string): MethodDescription => ({ ...baseline, id, label: id, words: '', colour: GREY, dash: '' });

/** Runs of another version may name methods that this one does not know: they keep their id as a label. */
export function describeMethod(id: string): MethodDescription {
  const last = /^finetune-last-(\d+)$/.exec(id);
  if (last !== null) return finetuneLast(Number(last[1]));
  return METHOD_DESCRIPTIONS.find((method) => method.id === id) ?? unknown(id);
}

/** Its place in the order of the paper's tables; methods that these do not list, as Finetune-Last7, share the one after the last. */
export function placeOfMethod(id: string): number {
  const place = METHOD_DESCRIPTIONS.findIndex((method) => method.id === id);
  return place < 0 ? METHOD_DESCRIPTIONS.length : place;
}
