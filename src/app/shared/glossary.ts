/** A formula of ours: KaTeX's source, and the same in plain characters for while KaTeX is loaded. */
export interface FormulaText {
  readonly tex: string;
  readonly text: string;
}

/** One concept: what the popover at its word says, and the glossary of the Learn page. */
export interface GlossaryEntry {
  readonly title: string;
  /** One short explanation, in words that need no other entry. */
  readonly short: string;
  readonly formula?: FormulaText;
  /** What the glossary adds to it. */
  readonly more?: string;
}

export const GLOSSARY = {
  uaf: {
    title: 'UAF',
    short:
      'User-specific adaptive fine-tuning: for each user and block a policy network chooses between the frozen pre-trained block and its fine-tuned copy.',
    formula: {
      tex: 'E_l = I_l\\,\\hat F_l(E_{l-1}) + (1 - I_l)\\,F_l(E_{l-1}) + E_{l-1}',
      text: 'E_l = I_l F̂_l(E) + (1 − I_l) F_l(E) + E',
    },
    more: 'Hard takes one of the two, Soft mixes them; with reinforcement the choice is learned from a reward (Eqs. 6, 9-15).',
  },
  hard: {
    title: 'UAF-Hard',
    short: 'The gate is 0 or 1: each user takes, at each block, either the frozen block or its fine-tuned copy (Eqs. 9-10).',
  },
  soft: {
    title: 'UAF-Soft',
    short: 'The gate is any number between 0 and 1: it mixes the frozen block with its fine-tuned copy (Eqs. 11-12).',
    formula: { tex: 'I_l = \\sigma(v_l)', text: 'I_l = σ(v_l)' },
  },
  reinforced: {
    title: 'UAF-RL',
    short:
      'Reinforcement learning: gates are drawn, rewarded for right recommendations with few fine-tuned blocks, and made likelier if they did better than the greedy choice (Eqs. 13-15).',
  },
  nextItNet: {
    title: 'NextItNet',
    short:
      'The recommender that is transferred: it reads a sequence of items with dilated causal convolutions and predicts the next.',
  },
  sourceDomain: {
    title: 'Source domain',
    short: 'Where there is much to learn from: each user has a sequence of items, oldest first. The model is pre-trained here.',
  },
  targetDomain: {
    title: 'Target domain',
    short:
      'Where there is little: some of the same users have a few items, which are to be recommended from what the source domain taught.',
  },
  pretraining: {
    title: 'Pre-training',
    short: 'Learning the source domain first: each position of every source sequence has to predict the next item (Eqs. 3-5).',
  },
  fineTuning: {
    title: 'Fine-tuning',
    short: 'Going on from the pre-trained model on the target domain: some parts are trained further, others stay as they are.',
  },
  fineTuningMethods: {
    title: 'Fine-tuning methods',
    short:
      'Which parts are trained: the target layer only (Finetune-CLS), the last N blocks (Finetune-LastN), everything (Finetune-All), small adapters (PeterRec), or what a policy chooses (UAF).',
    more: 'Finetune-Zero starts from random values instead: it shows what pre-training is worth. Multi-task learning trains both domains at once.',
  },
  block: {
    title: 'Block',
    short:
      'A residual block of NextItNet: two dilated convolutions. UAF holds each block twice: frozen, and as a fine-tuned copy.',
    formula: {
      tex: 'F(x) = \\mathrm{relu}(\\mathrm{LN}_2(\\mathrm{conv}_{2d}(\\mathrm{relu}(\\mathrm{LN}_1(\\mathrm{conv}_d(x))))))',
      text: 'F(x) = relu(LN₂(conv₂d(relu(LN₁(conv_d(x))))))',
    },
    more: 'Its output is x + F(x) (Eqs. 1-2). A block may be skipped in effect, since its input is always added.',
  },
  frozen: {
    title: 'Frozen',
    short: 'Kept as pre-training left it: the block holds what was learned on the source domain, and no step changes it.',
  },
  fineTuned: {
    title: 'Fine-tuned',
    short: 'Trained further on the target domain. In UAF this is a copy beside the frozen block, so that nothing is lost.',
  },
  gate: {
    title: 'Gate',
    short: 'Iₗ decides for one user and one block: 0 takes the frozen pre-trained block, 1 its fine-tuned copy.',
  },
  policy: {
    title: 'Policy',
    short: 'The gates of all blocks for one user: which parts of what the model knew are kept, and which are re-learned.',
  },
  policyNetwork: {
    title: 'Policy network',
    short:
      'A small network of its own that reads a user’s source sequence and gives, for each block, the probability of fine-tuning.',
  },
  distinct: {
    title: 'Distinct policies',
    short:
      'How many different policies the users have, of the 2 to the power N that N blocks allow. Soft gates are rounded at one half.',
  },
  utilisation: {
    title: 'Utilisation',
    short: 'The share of users (of the test instances) who are on the fine-tuned copy of a block; of soft gates, their mean.',
  },
  collapsed: {
    title: 'Collapsed',
    short: 'One policy covers at least 99 % of the users: the policy network treats everybody alike.',
    more: 'Common on small data. A higher temperature, exploration, a smaller learning rate or more data may help.',
  },
  separation: {
    title: 'Separation',
    short:
      'The standard deviation, between users, of a block’s probability of fine-tuning: 0 where the block treats all alike, one half where it splits them surely in two equal parts.',
  },
  logits: {
    title: 'Logits',
    short: 'The numbers a network gives before they are turned into probabilities: any size, and only their differences count.',
  },
  temperature: {
    title: 'Temperature (τ)',
    short:
      'Divides what the gate’s gradient is computed from. A high τ keeps the gradient of confident gates alive; at a low one they stop learning.',
    more: 'The paper takes 10. On the simulated data, τ = 1 lets the gates saturate at once, and the policy collapses to “all fine-tuned”.',
  },
  gumbel: {
    title: 'Gumbel noise',
    short:
      'Random numbers added to log π, so that taking the larger of the two options is the same as drawing it with its probability π.',
    formula: { tex: 'g = -\\log(-\\log u),\\quad u \\sim U(0, 1)', text: 'g = −log(−log u), u uniform in (0, 1)' },
  },
  straightThrough: {
    title: 'Straight-through',
    short: 'Forward the gate is exactly 0 or 1; backward it passes the gradient of its smooth version, since a step has none.',
    formula: { tex: '\\sigma(d/\\tau)\\,(1 - \\sigma(d/\\tau))\\,/\\,\\tau', text: 'σ(d/τ) (1 − σ(d/τ)) / τ' },
  },
  exploration: {
    title: 'Exploration (α)',
    short:
      'Below 1 both options keep a chance in training, so that neither the frozen block nor its copy is forgotten. 1 is off.',
    formula: { tex: "\\pi' = \\alpha\\pi + (1 - \\alpha)(1 - \\pi)", text: 'π′ = απ + (1 − α)(1 − π)' },
  },
  reward: {
    title: 'Reward',
    short:
      'What the policy of UAF-RL (by reinforcement learning) is taught by: right recommendations with few fine-tuned blocks earn most, wrong ones cost γ (Eq. 13).',
    formula: { tex: 'R = 1 - (\\text{share fine-tuned})^2', text: 'R = 1 − (share fine-tuned)²' },
  },
  dilation: {
    title: 'Dilation',
    short:
      'How many positions lie from one tap of a convolution to the next: with dilation 4 and three taps it reads this position, the fourth and the eighth before it.',
  },
  receptive: {
    title: 'Receptive field',
    short: 'How many positions, counted from the last, the last position of the trunk can see.',
    formula: { tex: '1 + (\\text{taps} - 1)\\sum_l (d_l + 2d_l)', text: '1 + (taps − 1) · Σ(d + 2d)' },
  },
  trunk: {
    title: 'Trunk',
    short:
      'The stack of blocks between the item embedding and the target layer: what is pre-trained, and what the policy is about.',
  },
  core: {
    title: 'k-core',
    short:
      'What is left when users and items with fewer than k interactions are dropped again and again, until all that are left have k or more.',
  },
  popularityCurve: {
    title: 'Popularity curve',
    short:
      'How large a share of all interactions the most popular items have. A straight diagonal would be items that are all equally popular.',
  },
  instance: {
    title: 'Instance',
    short: 'One source sequence of a user together with one target item.',
  },
  candidates: {
    title: 'Candidates',
    short:
      'The target is ranked among a few candidates: itself and items drawn at random once, the same for all methods. Of 100 candidates, a random ranking has HR@5 0.05.',
  },
  all: {
    title: 'All items',
    short:
      'The target is ranked among all items of the target domain: harder, and not comparable with the 100-candidate numbers.',
  },
  hr: {
    title: 'HR@5',
    short: 'Hit rate: the share of test instances whose target is among the first 5 of the ranking.',
  },
  mrr: {
    title: 'MRR@5',
    short: 'Mean reciprocal rank: 1 / rank of the target if it is among the first 5, else 0; the mean over test instances.',
  },
  mostPop: {
    title: 'MostPop',
    short: 'Recommends the items that are most popular in training to everybody: the floor that every method must clear.',
  },
  error: {
    title: 'Standard error (±)',
    short:
      '± one standard error over the test instances: what the value would move by with other test instances of the same kind.',
  },
  significance: {
    title: 'Paired t-test',
    short:
      'Both methods ranked the same test instances, so that they are compared instance by instance: p is how often a difference of this size would come about if there were none.',
  },
  auc: {
    title: 'AUC',
    short:
      'Area under the curve: how well the number of fine-tuned blocks (or one block’s gate) tells the two planted kinds apart. 1 is perfect, 0.5 is chance.',
  },
  spearman: {
    title: 'Spearman’s ρ',
    short:
      'How well two orders agree: 1 if they are the same, −1 if one is the other reversed, 0 if they have nothing to do with each other.',
  },
  counterfactual: {
    title: 'What-if (counterfactual)',
    short:
      'The same user and the same trained model, with other gates: what would have been recommended if one had decided otherwise.',
  },
  shuffled: {
    title: 'Shuffled policy',
    short:
      'Every user gets the policy of another, chosen at random. If that costs nothing, the policies are not about the users.',
  },
  hindsight: {
    title: 'Best in hindsight',
    short:
      'For each instance the policy that ranks its target best, chosen knowing the target. Cheating, hence an upper bound and no result.',
  },
  score: {
    title: 'Score',
    short:
      'How well the model thinks an item fits a user: the larger the better. Only the order within a list counts; a score is no probability.',
  },
  marker: {
    title: 'Marker',
    short:
      'In simulated data: a source item that says nothing of taste, only what kind of user somebody is. Whoever can see it can tell the planted kinds apart.',
  },
  epoch: {
    title: 'Epoch',
    short: 'One pass over all training instances; over all source users in pre-training.',
  },
  seed: {
    title: 'Seed',
    short: 'Fixes initial values, shuffles, negatives and noise: the same seed on the same backend gives the same numbers.',
  },
} as const satisfies Record<string, GlossaryEntry>;

export type GlossaryTerm = keyof typeof GLOSSARY;

/** By title, for lists; typed as what any entry may have. */
export const GLOSSARY_ENTRIES: readonly (readonly [string, GlossaryEntry])[] = Object.entries<GlossaryEntry>(GLOSSARY).toSorted(
  ([, a], [, b]) => a.title.localeCompare(b.title, 'en'),
);
