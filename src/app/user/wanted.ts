import type { SubjectView, Wanted } from '../../services/protocol.ts';
import { itemName, PART_WORDS } from './words.ts';

/** Which of a user's targets is looked for, from 0: the chosen one, or the first test target, or the first. Null without any. */
export function targetIndex({ targets }: Pick<SubjectView, 'targets'>, chosen: number | null): number | null {
  if (targets.length === 0) return null;
  if (chosen !== null && chosen >= 1 && chosen <= targets.length) return chosen - 1;
  return Math.max(
    0,
    targets.findIndex(({ part }) => part === 'test'),
  );
}

/** What is ranked: a user's target with its candidates, or the item that was chosen for a composed sequence. */
export function wantedOf(view: Pick<SubjectView, 'id' | 'targets'>, chosen: number | null, item: number | null): Wanted | null {
  if (view.id === null) return item === null ? null : { item, instance: null };
  const index = targetIndex(view, chosen);
  if (index === null) return null;
  const target = view.targets[index];
  return { item: target.item.number, instance: target.instance };
}

/** A line for each target: “genre 5, item 1 (training)”; what would read the same is numbered, “(training, no. 2)”. */
export function targetLines({ targets }: Pick<SubjectView, 'targets'>): string[] {
  const lines = targets.map(({ item, part }) => [itemName(item), PART_WORDS[part]] as const);
  const nameOf = ([item, part]: readonly [string, string]) => `${item} (${part})`;
  return lines.map((line, i) => {
    const same = (all: typeof lines) => all.filter((other) => nameOf(other) === nameOf(line)).length;
    return same(lines) === 1 ? nameOf(line) : `${line[0]} (${line[1]}, no. ${same(lines.slice(0, i + 1))})`;
  });
}

/** What is to be kept in mind about a rank of this target; null for one that the model has never seen. */
export const cautionAbout = (part: SubjectView['targets'][number]['part']): string | null =>
  part === 'train'
    ? 'A training target: the model has seen it, so a good rank says little. Test targets are new to it.'
    : part === 'validation'
      ? 'A validation target: the model was not trained on it, but its best epoch was chosen with such targets.'
      : null;
