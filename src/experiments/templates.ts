import { METHOD_DESCRIPTIONS } from '../configuration/methods.ts';
import { PRESETS, type PresetName, RELEASED_DIFFERENCES } from '../configuration/presets.ts';
import { flatten, type Value } from '../configuration/schema.ts';
import { EXPERIMENT_VERSION, type Experiment } from './experiment.ts';

/** What a dataset asks for: items to be ranked, or a class of each user. */
export type DatasetTask = 'ranking' | 'profile';

/** What a template decides; the rest of an experiment is the same for all. */
type Plan = Pick<Experiment, 'methods'> & Partial<Pick<Experiment, 'changes' | 'grid' | 'variants' | 'seeds'>>;

/** One of the questions that an experiment can begin with. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** What it answers, in one sentence. */
  readonly question: string;
  /** The kinds of datasets that it is for. */
  readonly tasks: readonly DatasetTask[];
  readonly plan: (preset: PresetName, task: DatasetTask) => Plan;
}

const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];
const GRU = UAF.map((id) => `${id}-gru`);
const ALL = METHOD_DESCRIPTIONS.map(({ id }) => id);
/** The columns of Tables 5 and 7 that all of them share. */
const SHORT = ['finetune-all', 'peterrec', ...UAF];
const BOTH: readonly DatasetTask[] = ['ranking', 'profile'];
const RANKING: readonly DatasetTask[] = ['ranking'];

/** Another seed than those of the runs: gates at evaluation that no run has had in training. */
const OTHER_GATES = 1001;

/** In the order of the paper's questions, then those that it leaves open. */
export const TEMPLATES: readonly Template[] = [
  {
    id: 'table-2',
    title: 'Table 2: all methods',
    question: 'Does adaptive fine-tuning beat the usual ways to fine-tune?',
    tasks: RANKING,
    plan: () => ({ methods: ALL }),
  },
  {
    id: 'table-3',
    title: 'Table 3: random policy',
    question: 'Is the learned policy better than a coin, with the coin’s own gates at evaluation and with others?',
    tasks: RANKING,
    plan: () => ({
      methods: ['uaf-random', 'uaf-hard'],
      variants: [
        { name: 'the gates of training', changes: {}, methods: null },
        { name: 'other gates at evaluation', changes: { evaluationSeed: OTHER_GATES }, methods: ['uaf-random'] },
      ],
    }),
  },
  {
    id: 'figure-3',
    title: 'Fig. 3: the policies',
    question: 'Which share of users takes the fine-tuned copy of each block?',
    tasks: BOTH,
    plan: () => ({ methods: UAF }),
  },
  {
    id: 'table-4',
    title: 'Table 4: GRU as policy network',
    question: 'Does it matter which network decides, convolutions or a GRU?',
    tasks: RANKING,
    plan: () => ({ methods: [...UAF, ...GRU] }),
  },
  {
    id: 'table-5',
    title: 'Table 5: 10 % of the training data',
    question: 'Who is still good with a tenth of the training instances?',
    tasks: RANKING,
    plan: () => ({ methods: ['finetune-zero', ...SHORT], changes: { 'fineTuning.trainingFraction': 0.1 } }),
  },
  {
    id: 'figure-4',
    title: 'Fig. 4: over-fitting',
    question: 'Who gets worse when training goes on for twice the epochs?',
    tasks: BOTH,
    plan: (preset) => ({
      methods: ['most-popular', 'finetune-all', ...UAF],
      changes: { 'fineTuning.epochs': 2 * PRESETS[preset].fineTuning.epochs, 'fineTuning.patience': 0 },
    }),
  },
  {
    id: 'table-7',
    title: 'Table 7: user profiles',
    question: 'Does it help to tell who a user is, from labels in place of items?',
    tasks: ['profile'],
    plan: () => ({ methods: ['most-popular', 'finetune-cls', ...SHORT] }),
  },
  {
    id: 'pretraining',
    title: 'Does pre-training help here?',
    question: 'The same network from random values and from the pre-trained model: what is the source domain worth?',
    tasks: BOTH,
    plan: () => ({ methods: ['finetune-zero', 'finetune-all'] }),
  },
  {
    id: 'cold',
    title: 'How cold?',
    question: 'How good is each method for users with one training target, with two, with many?',
    tasks: RANKING,
    plan: () => ({ methods: ['most-popular', 'finetune-zero', 'finetune-all', 'uaf-hard', 'uaf-soft'] }),
  },
  {
    id: 'cost',
    title: 'Cost against accuracy',
    question: 'What do fewer fine-tuned blocks cost, when a penalty γ and a weight β make UAF-RL save them?',
    tasks: BOTH,
    plan: () => ({
      methods: ['finetune-all', 'uaf-hard', 'uaf-rl'],
      grid: [
        { key: 'rewardGamma', values: [0, 1, 3] },
        { key: 'rewardBeta', values: [0.1, 1, 10] },
      ],
    }),
  },
  {
    id: 'trained',
    title: 'What is trained?',
    question: 'How many parameters does each method train, how long does it take, and what does it bring?',
    tasks: BOTH,
    // Parameters are the same for any seed.
    plan: () => ({ methods: ALL, seeds: [1] }),
  },
  {
    id: 'temperature',
    title: 'Temperature τ',
    question: 'How much does it matter how soft the gates are while they are learned?',
    tasks: BOTH,
    plan: () => ({ methods: ['uaf-hard', 'uaf-rl'], grid: [{ key: 'temperature', values: [0.1, 1, 10, 100] }] }),
  },
  {
    id: 'released',
    title: 'Paper or released code?',
    question: 'Which of the differences between the paper and its authors’ code change the results?',
    tasks: BOTH,
    plan: (preset, task) => ({ methods: ['finetune-all', 'uaf-hard', 'uaf-rl'], variants: releasedVariants(preset, task) }),
  },
];

/** What a class of each user is not learned by. */
const RANKING_KEYS = ['targetLoss'];

/** Each difference alone, then all: to the code's side, or from there to the paper's. */
function releasedVariants(preset: PresetName, task: DatasetTask): Experiment['variants'] {
  const isReleased = preset === 'released-code';
  const paper: Record<string, Value> = flatten(PRESETS.paper);
  const differences = RELEASED_DIFFERENCES.filter(({ key }) => task === 'ranking' || !RANKING_KEYS.includes(key));
  const changes = differences.map(({ key, released }) => ({ [key]: isReleased ? paper[key] : released }));
  const side = isReleased ? 'as in the paper' : 'as released';
  return [
    { name: 'as it is', changes: {}, methods: null },
    ...differences.map(({ key }, i) => ({ name: `${key} ${side}`, changes: changes[i], methods: null })),
    { name: `all ${side}`, changes: Object.assign({}, ...changes), methods: null },
  ];
}

/** The experiment that a template asks for; three seeds where it does not say. */
export function experimentOf(template: Template, preset: PresetName, task: DatasetTask): Experiment {
  return { ...emptyExperiment(preset), name: template.title, question: template.id, ...template.plan(preset, task) };
}

/** One of one's own, to be filled in. */
export const emptyExperiment = (preset: PresetName): Experiment => ({
  version: EXPERIMENT_VERSION,
  name: 'My experiment',
  question: null,
  preset,
  changes: {},
  methods: ['most-popular', 'finetune-all', 'uaf-hard'],
  seeds: [1, 2, 3],
  grid: [],
  variants: [],
});
