/** One short explanation a concept, used wherever its word appears. */
export const GLOSSARY = {
  hr: 'HR@5, hit rate: the share of test instances whose target is among the first 5 of the ranking.',
  mrr: 'MRR@5, mean reciprocal rank: 1 / rank of the target if it is among the first 5, else 0; the mean over test instances.',
  candidates:
    'The target is ranked among a few candidates: itself and items drawn at random once, the same for all methods. Of 100 candidates, a random ranking has HR@5 0.05.',
  all: 'The target is ranked among all items of the target domain: harder, and not comparable with the 100-candidate numbers.',
  error: '± one standard error over the test instances: what the value would move by with other test instances of the same kind.',
  block: 'A residual block of NextItNet: two dilated convolutions. UAF holds each block twice: frozen, and as a fine-tuned copy.',
  gate: 'Iₗ decides for one user and one block: 0 takes the frozen pre-trained block, 1 its fine-tuned copy.',
  policy: 'The gates of all blocks for one user: which parts of what the model knew are kept, and which are re-learned.',
  utilisation: 'The share of users (of the test instances) who are on the fine-tuned copy of a block.',
  collapsed: 'One policy covers at least 99 % of the users: the policy network treats everybody alike.',
  auc: 'AUC: how well the number of fine-tuned blocks (or one block’s gate) tells the two planted kinds apart. 1 is perfect, 0.5 is chance.',
  significance:
    'Both methods ranked the same test instances, so that they are compared instance by instance: p is how often a difference of this size would come about if there were none.',
  instance: 'One source sequence of a user together with one target item.',
  seed: 'Fixes initial values, shuffles, negatives and noise: the same seed on the same backend gives the same numbers.',
  receptive: 'How many positions, counted from the last, the last position of the trunk can see.',
} as const;

export type GlossaryTerm = keyof typeof GLOSSARY;
