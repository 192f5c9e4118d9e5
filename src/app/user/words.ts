import type { NamedItem, SubjectTarget } from '../../services/protocol.ts';

/** What an item is called. */
export const itemName = ({ id, name }: NamedItem): string => name ?? id;

export const gateWord = (gate: number): string => (gate === 0 ? 'frozen' : gate === 1 ? 'fine-tuned' : 'mixed');

/** More blocks than this are not spelled out one by one. */
const MOST_SPELLED = 3;

/** Hard gates in words: “[fine-tuned, frozen]”, or of many blocks “blocks 1, 3 fine-tuned, the others frozen”. */
export function patternWords(gates: readonly number[]): string {
  if (gates.length <= MOST_SPELLED) return `[${gates.map(gateWord).join(', ')}]`;
  const tuned = gates.flatMap((gate, l) => (gate === 1 ? [l + 1] : []));
  if (tuned.length === 0) return 'all blocks frozen';
  if (tuned.length === gates.length) return 'all blocks fine-tuned';
  return `${tuned.length === 1 ? 'block' : 'blocks'} ${tuned.join(', ')} fine-tuned, the others frozen`;
}

/** A score, with a sign that is as wide as a digit. */
export const scoreText = (score: number, digits = 2): string => score.toFixed(digits).replace('-', '−');

export const PART_WORDS: Record<SubjectTarget['part'], string> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
  unused: 'unused',
};

/** Whether an item of one domain is called like one of the other, so that they could be taken for the same. */
export function namesInBoth(source: readonly NamedItem[], target: readonly NamedItem[]): boolean {
  const names = new Set(source.map(itemName));
  return target.some((item) => names.has(itemName(item)));
}
