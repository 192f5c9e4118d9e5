import type { SubjectView, Wanted } from '../../services/protocol.ts';

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
