import { afterEach, describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../services/protocol.ts';
import { openTabs } from './tabs.ts';

const channels: BroadcastChannel[] = [];
const channel = () => {
  const made = new BroadcastChannel('tabs test');
  channels.push(made);
  return made;
};
afterEach(() => {
  for (const each of channels.splice(0)) each.close();
});

/** A tab, and what it heard. */
function tab(standing: readonly TrainingEvent[]) {
  const heard: TrainingEvent[] = [];
  return { heard, ...openTabs({ heard: (event) => heard.push(event), standing: () => standing }, channel()) };
}

describe('tabs', () => {
  it('hear what another one trains, and not themselves', async () => {
    const [trains, watches] = [tab([]), tab([])];
    trains.tell({ type: 'started', runId: 1 });
    await expect.poll(() => watches.heard).toEqual([{ type: 'started', runId: 1 }]);
    expect(trains.heard).toEqual([]);
  });

  it('that are opened in the middle ask how it stands', async () => {
    const standing: TrainingEvent[] = [
      { type: 'started', runId: 7 },
      { type: 'paused', runId: 7 },
    ];
    tab(standing);
    const late = tab([]);
    late.ask();
    await expect.poll(() => late.heard).toEqual(standing);
  });
});
