/** What pages, tables and charts know of a method; how it computes is in `engine/methods`, under the same id. */
export interface MethodDescription {
  readonly id: string;
  /** As the paper writes it. */
  readonly label: string;
  readonly words: string;
  /** What a policy network decides for each user and block: one of two (hard), a mixture (soft), or nothing at all. */
  readonly policy: 'hard' | 'soft' | null;
  /** The same colour everywhere (Okabe and Ito's, safe for colour-blind eyes), and a dash as the second cue. */
  readonly colour: string;
  readonly dash: string;
}

/** In the order of the paper's tables. */
export const METHOD_DESCRIPTIONS: readonly MethodDescription[] = [
  {
    id: 'most-popular',
    label: 'MostPop',
    words: 'Recommends the same popular items to everybody: the floor that every method must clear.',
    policy: null,
    colour: '#868e96',
    dash: '2 4',
  },
  {
    id: 'finetune-zero',
    label: 'Finetune-Zero',
    words: 'The same network from random values: what pre-training is worth.',
    policy: null,
    colour: '#56b4e9',
    dash: '1 3',
  },
  {
    id: 'finetune-cls',
    label: 'Finetune-CLS',
    words: 'Keeps the pre-trained network and trains the target layer only.',
    policy: null,
    colour: '#cc79a7',
    dash: '6 2 1 2',
  },
  {
    id: 'finetune-all',
    label: 'Finetune-All',
    words: 'Starts from the pre-trained model and trains everything.',
    policy: null,
    colour: 'light-dark(#0072b2, #4dabf7)',
    dash: '8 4',
  },
  {
    id: 'uaf-hard',
    label: 'UAF-Hard',
    words: 'A policy network takes, for each user and block, either the frozen pre-trained block or its fine-tuned copy.',
    policy: 'hard',
    colour: '#d55e00',
    dash: '',
  },
  {
    id: 'uaf-soft',
    label: 'UAF-Soft',
    words: 'As UAF-Hard, but mixing: the policy network weighs the frozen block against its fine-tuned copy.',
    policy: 'soft',
    colour: '#009e73',
    dash: '4 2',
  },
];

const unknown = (id: string): MethodDescription => ({ id, label: id, words: '', policy: null, colour: '#868e96', dash: '' });

/** Runs of another version may name methods that this one does not know: they keep their id as a label. */
export const describeMethod = (id: string): MethodDescription =>
  METHOD_DESCRIPTIONS.find((method) => method.id === id) ?? unknown(id);
