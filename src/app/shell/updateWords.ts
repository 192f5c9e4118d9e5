import type { UpdateState } from '../../state/update.ts';

/** What is said of a newer version of the studio, for one that waits and one that another tab has taken. */
export function updateWords(newer: NonNullable<UpdateState['newer']>, training: boolean): { title: string; words: string } {
  const title = newer === 'waiting' ? 'A new version is ready' : 'Another tab has taken the new version';
  const kept = 'Datasets, runs and results stay.';
  if (training) return { title, words: 'It is offered here when training ends, so that no run is cut off.' };
  return newer === 'waiting'
    ? { title, words: `Reload to use it. ${kept}` }
    : { title, words: `This tab still shows the older one, of which a page may be missing by now. Reload to follow. ${kept}` };
}

/** Whether the studio works without a network, for whoever looks for it. */
export function offlineWords(offline: UpdateState['offline']): string {
  if (typeof offline === 'object') return offline.problem;
  return offline === 'unknown'
    ? 'The studio is being kept on this device, so that it works without a network.'
    : 'The studio is kept on this device: it works without a network.';
}
