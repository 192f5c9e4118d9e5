import type { Scenario } from '../../data/dataset.ts';
import type { RunRow } from '../../storage/database.ts';

/** What a simulated dataset is made for, in two sentences. */
export const SCENARIO_WORDS: Readonly<Record<Scenario, string>> = {
  hidden:
    'Steady users want what they liked lately, nostalgic ones what they liked first. Who is who shows only at the beginning of their sequence, which the trunk (the blocks that all users share) cannot see: only a policy for each user can serve both.',
  open: 'Steady users want what they liked lately, nostalgic ones what they liked first. Who is who shows anywhere in their sequence, so that the trunk (the blocks that all users share) sees it too: a policy is not needed to be right, but tells who needs which block.',
};

/** What the demo will do, before it was run. */
export const DEMO_WORDS =
  '“Run the demo” pre-trains once, fine-tunes everybody alike (Finetune-All), then each user by a policy of their own (UAF).';

/** What goes on while a run of this method does. */
export function methodWords(method: string): string {
  switch (method) {
    case 'most-popular':
    case 'finetune-all':
      return 'First NextItNet learns the source domain: its loss falls. Then Finetune-All adapts the whole network to the target domain, alike for everybody: one line below.';
    case 'uaf-hard':
      return 'UAF-Hard: a policy network decides for each user and block whether the frozen or the fine-tuned block is used. The picture below is grey until an epoch is over, then all of one colour, since training begins alike for everybody. Watch a pattern appear.';
    case 'uaf-soft':
      return 'UAF-Soft: the same, but mixing both blocks. Its picture starts all of one colour, too. Compare its line with UAF-Hard’s and Finetune-All’s.';
    default:
      return 'A run is going on.';
  }
}

/** How personal the policies of a finished run are. */
function personalWords({ result, configuration }: RunRow): string {
  const policy = result?.policy;
  if (!policy) return '';
  const all = 2 ** configuration.dilations.length;
  return policy.collapsed ? 'the same policy for everyone' : `${policy.distinct} of ${all} possible policies`;
}

/**
 * Why the numbers of the demo are as they are.
 *
 * @param isBetter UAF-Hard than Finetune-All, by more than two standard errors
 * @param soft the newest UAF-Soft of the same story, if there is one
 */
export function lesson(scenario: Scenario, hard: RunRow, soft: RunRow | undefined, isBetter: boolean): string {
  const isCollapsed = hard.result?.policy?.collapsed !== false;
  if (scenario === 'hidden') {
    const wants =
      'Steady and nostalgic users want different things from the same recent items. The trunk, the blocks that all users share, cannot see who is who;';
    if (isCollapsed) return `${wants} the policy network could, but in this run it did not learn to.`;
    return isBetter
      ? `${wants} the policy network can.`
      : `${wants} the policy network can, and treats users differently; that it helps, HR@5 does not show here.`;
  }
  const found = `What the policies say of who needs which block: UAF-Hard found ${personalWords(hard)}`;
  return `Here everybody can see who a user is, also the trunk, the blocks that all users share: a policy is not needed to be right. ${found}${soft === undefined ? '' : `, UAF-Soft ${personalWords(soft)}`}.`;
}
