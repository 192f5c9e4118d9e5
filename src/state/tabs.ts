import type { TrainingEvent } from '../services/protocol.ts';

/** What tabs of the studio tell each other. */
type Message = { readonly type: 'event'; readonly event: TrainingEvent } | { readonly type: 'asks' };

interface Tab {
  /** What another tab's training tells. */
  readonly heard: (event: TrainingEvent) => void;
  /** What is live here, for a tab that was opened in the middle; nothing where nothing is trained here. */
  readonly standing: () => readonly TrainingEvent[];
}

export interface Tabs {
  /** Tells all others. */
  readonly tell: (event: TrainingEvent) => void;
  /** Asks the one that trains how it stands. */
  readonly ask: () => void;
}

/** The other tabs of the studio. @param channel a seam for tests */
export function openTabs({ heard, standing }: Tab, channel = new BroadcastChannel('uaf-studio live')): Tabs {
  const post = (message: Message) => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.type === 'event') heard(data.event);
    else for (const event of standing()) post({ type: 'event', event });
  };
  return { tell: (event) => post({ type: 'event', event }), ask: () => post({ type: 'asks' }) };
}
