import { MOST_TRIED_BLOCKS } from '../../engine/evaluation/policies.ts';
import type { Answer, ModelInfo, Subject } from '../../services/protocol.ts';
import { useInspection } from '../shared/useAnswer.ts';
import type { UserAddress } from './address.ts';
import { gatesByHand } from './hand.ts';
import { wantedOf } from './wanted.ts';

/** An answer with its value changed. */
const mapped = <T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> =>
  answer.ok ? { ok: true, value: change(answer.value) } : answer;

/**
 * What the page asks about a subject, each part as soon as what it depends on is there. The parts know of whom they are: what
 * is asked about next may not be answered yet.
 */
export function useSubject(run: number, model: ModelInfo, subject: Subject, { hand, target, item }: UserAddress) {
  const isEmpty = 'sequence' in subject && subject.sequence.length === 0;
  const asked = JSON.stringify([run, subject]);
  const look = useInspection(isEmpty ? null : asked, async (remote) =>
    mapped(await remote.look(run, subject), (view) => ({ of: asked, subject, view })),
  );
  const seen = look.value;
  const wanted = seen === undefined ? null : wantedOf(seen.view, target, item);
  const key = seen === undefined ? null : JSON.stringify([seen.of, wanted]);

  const lists = useInspection(key, async (remote) => {
    if (seen === undefined || key === null) throw new Error('Nobody is looked at.');
    const { gate } = seen.view;
    const policies = [gate, gate.map(() => 0), gate.map(() => 1)];
    return mapped(await remote.recommend(run, seen.subject, policies, wanted), (all) => ({
      of: key,
      view: seen.view,
      lists: all,
    }));
  });

  const gates = seen === undefined ? [] : gatesByHand(hand, seen.view.gate);
  const isHandSet = hand.length > 0 && seen?.of === asked;
  const byHand = useInspection(isHandSet && key !== null ? JSON.stringify([key, gates]) : null, async (remote) => {
    if (seen === undefined) throw new Error('Nobody is looked at.');
    return mapped(await remote.recommend(run, seen.subject, [gates], wanted), ([recommendation]) => ({
      of: key,
      recommendation,
    }));
  });

  const own = lists.value?.of === key ? lists.value : undefined;
  const isPictured = wanted !== null && model.blocks <= MOST_TRIED_BLOCKS && own !== undefined;
  const whatIfs = useInspection(isPictured ? key : null, async (remote) => {
    if (own === undefined || seen === undefined || wanted === null) throw new Error('Nothing is looked for.');
    return mapped(await remote.whatIfs(run, seen.subject, wanted), (ranks) => ({
      ranks,
      // Beside them stands the own policy of the same user.
      own: own.view.gate,
      ownRank: own.lists[0].target,
    }));
  });
  return { look, lists, byHand, whatIfs, wanted };
}
