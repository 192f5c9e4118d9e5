import { parameterCounts } from '../../configuration/parameterCounts.ts';
import { POLICY_DILATIONS, receptiveField } from '../../configuration/receptiveField.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { FormulaText } from '../shared/glossary.ts';

/** The kinds of parts that Fig. 2 is drawn from. */
export type PartKind =
  | 'sequence'
  | 'embedding'
  | 'block'
  | 'softmax'
  | 'policyEmbedding'
  | 'policyBlocks'
  | 'policyOutput'
  | 'frozen'
  | 'tuned'
  | 'gate'
  | 'vector'
  | 'target';

export interface Part {
  readonly kind: PartKind;
  /** The block that it is of, from 1; 0 where it is of none. */
  readonly block: number;
}

/** What the figure is told for: settings, and how many items the domains have. */
export interface Setting {
  readonly configuration: Configuration;
  readonly sourceItems: number;
  readonly targetItems: number;
}

export interface PartDetails {
  readonly title: string;
  readonly words: string;
  readonly formula: FormulaText;
  /** Where the paper has it: “Eq. 6”. */
  readonly equation: string;
  readonly shapes: readonly { readonly name: string; readonly shape: string }[];
  /** Values that are learned; 0 for what only passes values on. */
  readonly parameters: number;
}

const shapeOf = (...sizes: (number | string)[]): string =>
  `[${sizes.map((size) => (typeof size === 'number' ? size.toLocaleString('en') : size)).join(', ')}]`;

/** What is to be said about one part, with its sizes in this setting. B stands for the users of a batch. */
export function detailsOf({ kind, block }: Part, { configuration, sourceItems, targetItems }: Setting): PartDetails {
  const { channels: k, sequenceLength: n, dilations, kernelSize, targetBias } = configuration;
  const counts = parameterCounts(configuration, { sourceItems, targetItems });
  const d = dilations[block - 1] ?? 0;
  const states = { name: 'states', shape: shapeOf('B', n, k) };
  const tensors = [
    { name: 'two kernels (tap, in, out)', shape: shapeOf(kernelSize, k, k) },
    { name: 'bias, gain and bias of the norm, twice', shape: shapeOf(k) },
  ];
  const branch = {
    formula: {
      tex: `F_{${block}}(x) = \\mathrm{relu}(\\mathrm{LN}_2(\\mathrm{conv}_{${2 * d}}(\\mathrm{relu}(\\mathrm{LN}_1(\\mathrm{conv}_{${d}}(x))))))`,
      text: `F${block}(x) = relu(LN₂(conv${2 * d}(relu(LN₁(conv${d}(x))))))`,
    },
    equation: 'Eqs. 1-2',
    shapes: [states, ...tensors],
    parameters: counts.block,
  };
  switch (kind) {
    case 'sequence':
      return {
        title: 'Source sequence',
        words: `The last ${n} items of a user, oldest first. Shorter sequences are padded at the beginning with item 0.`,
        formula: { tex: 'x_1, x_2, \\dots, x_n', text: 'x₁, x₂, …, xₙ' },
        equation: 'the model’s input',
        shapes: [{ name: 'item numbers', shape: shapeOf('B', n) }],
        parameters: 0,
      };
    case 'embedding':
      return {
        title: 'Item embedding',
        words: 'A learned vector for each source item, and one for padding. UAF goes on training it in fine-tuning.',
        formula: { tex: 'E_0 = [e_{x_1}, \\dots, e_{x_n}]', text: 'E₀ = [e(x₁), …, e(xₙ)]' },
        equation: 'before Eq. 1',
        shapes: [{ name: 'table (items + padding, k)', shape: shapeOf(sourceItems + 1, k) }, states],
        parameters: counts.itemEmbedding,
      };
    case 'block':
      return {
        ...branch,
        title: `Block ${block}`,
        words: `Two causal convolutions with dilations ${d} and ${2 * d}; the input is added to what they give: x + F(x).`,
      };
    case 'softmax':
      return {
        title: 'Softmax over the next item',
        words: 'At each position, the probability of every source item to be the next. Only pre-training has this layer.',
        formula: {
          tex: 'p(x_{t+1} \\mid x_1, \\dots, x_t) = \\mathrm{softmax}(W h_t + b)',
          text: 'p(next | x₁ … x_t) = softmax(W h_t + b)',
        },
        equation: 'Eqs. 3-5',
        shapes: [
          { name: 'weight W (items + padding, k)', shape: shapeOf(sourceItems + 1, k) },
          { name: 'bias b', shape: shapeOf(sourceItems + 1) },
        ],
        parameters: counts.output,
      };
    case 'frozen':
      return {
        ...branch,
        title: `Block ${block}, frozen`,
        words: `As pre-training left it. No step of fine-tuning changes these values.`,
      };
    case 'tuned':
      return {
        ...branch,
        formula: {
          tex: branch.formula.tex.replace('F_', '\\hat F_'),
          text: branch.formula.text.replace('F', 'F̂'),
        },
        title: `Block ${block}, fine-tuned copy`,
        words: 'Starts as a copy of the frozen block beside it, and is trained on the target domain.',
      };
    case 'gate':
      return {
        title: `Gate of block ${block}`,
        words: 'One number for each user: 1 takes the fine-tuned copy, 0 the frozen block, and UAF-Soft mixes them.',
        formula: {
          tex: `E_{${block}} = I_{${block}}\\,\\hat F_{${block}}(E_{${block - 1}}) + (1 - I_{${block}})\\,F_{${block}}(E_{${block - 1}}) + E_{${block - 1}}`,
          text: `E${block} = I${block} F̂${block}(E${block - 1}) + (1 − I${block}) F${block}(E${block - 1}) + E${block - 1}`,
        },
        equation: 'Eq. 6',
        shapes: [{ name: `I${block}`, shape: shapeOf('B') }, states],
        parameters: 0,
      };
    case 'policyEmbedding':
      return {
        title: 'Embedding of the policy network',
        words: 'A table of its own, which starts from the pre-trained one.',
        formula: { tex: 'E^{\\pi}_0 = [e^{\\pi}_{x_1}, \\dots, e^{\\pi}_{x_n}]', text: 'E₀ = [e(x₁), …, e(xₙ)]' },
        equation: 'before Eq. 9',
        shapes: [{ name: 'table (items + padding, k)', shape: shapeOf(sourceItems + 1, k) }],
        parameters: counts.policyEmbedding,
      };
    case 'policyBlocks':
      return {
        title: 'Two blocks of the policy network',
        words: `Dilations [${POLICY_DILATIONS.join(', ')}]: its last position can see ${receptiveField(POLICY_DILATIONS, kernelSize)} positions, the trunk’s ${receptiveField(dilations, kernelSize)}.`,
        formula: { tex: 'x + F(x)', text: 'x + F(x)' },
        equation: 'Eqs. 1-2',
        shapes: [states, ...tensors],
        parameters: counts.policyBlocks,
      };
    case 'policyOutput':
      return {
        title: 'Logits of the policy',
        words: 'For each block a pair, freeze and fine-tune. UAF-Hard adds Gumbel noise in training and takes the larger one.',
        formula: {
          tex: 'I_l = \\arg\\max_i\\,(\\log \\pi_{l,i} + g_i),\\quad \\pi_l = \\mathrm{softmax}(v_l)',
          text: 'I_l = argmax(log π_l + g), π_l = softmax(v_l)',
        },
        equation: 'Eqs. 9-10',
        shapes: [
          { name: 'weight (2N, k)', shape: shapeOf(2 * dilations.length, k) },
          { name: 'bias', shape: shapeOf(2 * dilations.length) },
        ],
        parameters: counts.policyOutput,
      };
    case 'vector':
      return {
        title: 'User vector',
        words: 'The last position of what the last block gives: all that the target layer knows of the user.',
        formula: { tex: 'h = E_N[n]', text: 'h = E_N[n]' },
        equation: 'Eq. 7',
        shapes: [{ name: 'h', shape: shapeOf('B', k) }],
        parameters: 0,
      };
    case 'target':
      return {
        title: 'Target items',
        words: 'A score for each target item. In training a user’s item has to score higher than one drawn at random.',
        formula: {
          tex: 'o_y = w_y \\cdot h + b_y,\\quad \\mathcal{L} = -\\log \\sigma(o^+ - o^-)',
          text: 'o_y = w_y · h + b_y, loss = −log σ(o⁺ − o⁻)',
        },
        equation: 'Eqs. 7-8',
        shapes: [
          { name: 'weight w (items, k)', shape: shapeOf(targetItems, k) },
          ...(targetBias ? [{ name: 'bias b', shape: shapeOf(targetItems) }] : []),
        ],
        parameters: counts.target,
      };
  }
}

/** A place in the figure's grid, which is drawn left to right, or top to bottom on a narrow page. */
export interface Place {
  readonly column: number;
  readonly row: number;
}

export interface Box extends Place, Part {
  readonly label: string;
  readonly note: string;
}

/** Boxes, gates between them, and the lines that join them. */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly boxes: readonly Box[];
  readonly gates: readonly (Place & Part)[];
  readonly lines: readonly { readonly through: readonly Place[]; readonly dashed: boolean }[];
}

/** The blocks that are drawn: all of few; of many the first two and the last, with a gap (null) between. */
const drawnBlocks = (count: number): (number | null)[] =>
  count <= 3 ? Array.from({ length: count }, (_, l) => l + 1) : [1, 2, null, count];

const at = (column: number, row: number): Place => ({ column, row });
const solid = (...through: Place[]) => ({ through, dashed: false });
const dashed = (...through: Place[]) => ({ through, dashed: true });

/** Fig. 2, above: source sequence → embedding → residual blocks → softmax over the next item. */
export function pretrainingLayout(dilations: readonly number[]): Layout {
  const levels = drawnBlocks(dilations.length);
  const end = 2 + levels.length;
  return {
    columns: end + 1,
    rows: 1,
    boxes: [
      { kind: 'sequence', block: 0, label: 'sequence', note: 'source items', ...at(0, 0) },
      { kind: 'embedding', block: 0, label: 'embedding', note: 'E', ...at(1, 0) },
      ...levels.flatMap((block, i) =>
        block === null
          ? []
          : [{ kind: 'block' as const, block, label: `block ${block}`, note: dilationNote(dilations, block), ...at(2 + i, 0) }],
      ),
      { kind: 'softmax', block: 0, label: 'softmax', note: 'next item', ...at(end, 0) },
    ],
    gates: [],
    lines: between(levels, at(1, 0), at(end, 0), 0, solid(at(0, 0), at(1, 0))),
  };
}

/** The line through a row of levels, dashed where blocks are left out. */
function between(levels: readonly (number | null)[], from: Place, to: Place, row: number, first: Layout['lines'][number]) {
  const gap = levels.indexOf(null);
  if (gap < 0) return [first, solid(from, to)];
  return [first, solid(from, at(1.5 + gap, row)), dashed(at(1.5 + gap, row), at(2.5 + gap, row)), solid(at(2.5 + gap, row), to)];
}

const dilationNote = (dilations: readonly number[], block: number): string =>
  `dilations ${dilations[block - 1]}, ${2 * dilations[block - 1]}`;

/** The rows of the fine-tuning figure; the trunk runs between copies and frozen blocks. */
const POLICY = 0;
const COPIES = 1;
const TRUNK = 1.5;
const FROZEN = 2;

/**
 * Fig. 2, below: the same sequence → a frozen block and its trainable copy at each level, the policy network choosing between
 * them → last hidden vector → target items.
 */
export function fineTuningLayout(dilations: readonly number[]): Layout {
  const levels = drawnBlocks(dilations.length);
  const end = 2 + levels.length;
  const drawn = levels.flatMap((block, i) => (block === null ? [] : [{ block, column: 2 + i }]));
  const lastGate = end - 0.5;
  return {
    columns: end + 2,
    rows: 3,
    boxes: [
      { kind: 'sequence', block: 0, label: 'sequence', note: 'source items', ...at(0, TRUNK) },
      { kind: 'embedding', block: 0, label: 'embedding', note: 'trained', ...at(1, TRUNK) },
      { kind: 'policyEmbedding', block: 0, label: 'embedding', note: 'policy network', ...at(1, POLICY) },
      { kind: 'policyBlocks', block: 0, label: 'two blocks', note: 'policy network', ...at(2, POLICY) },
      { kind: 'policyOutput', block: 0, label: 'logits', note: 'policy network', ...at(3, POLICY) },
      ...drawn.flatMap(({ block, column }) => [
        { kind: 'tuned' as const, block, label: `block ${block}`, note: 'fine-tuned copy', ...at(column, COPIES) },
        { kind: 'frozen' as const, block, label: `block ${block}`, note: 'frozen', ...at(column, FROZEN) },
      ]),
      { kind: 'vector', block: 0, label: 'user vector', note: 'last position', ...at(end, TRUNK) },
      { kind: 'target', block: 0, label: 'target items', note: 'scores', ...at(end + 1, TRUNK) },
    ],
    gates: drawn.map(({ block, column }) => ({ kind: 'gate', block, ...at(column + 0.5, TRUNK) })),
    lines: [
      solid(at(0, TRUNK), at(1.5, TRUNK)),
      solid(at(0, TRUNK), at(0, POLICY), at(3, POLICY)),
      ...drawn.flatMap(({ column }) =>
        [COPIES, FROZEN].map((row) => solid(at(column - 0.5, TRUNK), at(column, row), at(column + 0.5, TRUNK))),
      ),
      ...levels.flatMap((block, i) => (block === null ? [dashed(at(1.5 + i, TRUNK), at(2.5 + i, TRUNK))] : [])),
      solid(at(lastGate, TRUNK), at(end + 1, TRUNK)),
      // What the policy decides: from its logits along the blocks, and down to each gate.
      dashed(at(3, POLICY), at(3, 0.5)),
      dashed(at(2.5, 0.5), at(Math.max(3, lastGate), 0.5)),
      ...drawn.map(({ column }) => dashed(at(column + 0.5, 0.5), at(column + 0.5, TRUNK))),
    ],
  };
}
