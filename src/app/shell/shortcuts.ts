import { PAGES } from './pages.ts';

/** Milliseconds in which the second key of `g d` has to follow the first. */
const PATIENCE = 1500;

export type Shortcut = { readonly kind: 'help' } | { readonly kind: 'page'; readonly path: string };

/** What a listener remembers between keys: when `g` was pressed, or null. */
export type Waiting = number | null;

export interface Pressed {
  readonly key: string;
  /** Milliseconds, of any clock. */
  readonly time: number;
  /** Ctrl, Alt or Meta: a shortcut of the browser, not ours. */
  readonly modified: boolean;
}

/** What a key means after the ones before it, and what is to be remembered. */
export function readKey(
  { key, time, modified }: Pressed,
  waiting: Waiting,
): { readonly shortcut: Shortcut | null; readonly waiting: Waiting } {
  if (modified) return { shortcut: null, waiting: null };
  if (key === '?') return { shortcut: { kind: 'help' }, waiting: null };
  if (key === 'g') return { shortcut: null, waiting: time };
  const page = waiting !== null && time - waiting <= PATIENCE ? PAGES.find((candidate) => candidate.key === key) : undefined;
  return { shortcut: page === undefined ? null : { kind: 'page', path: page.path }, waiting: null };
}

const TEXT_FREE = ['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'file', 'color'];

/** Whether keys are text where the focus is. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !TEXT_FREE.includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
