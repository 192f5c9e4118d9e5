import { useSyncExternalStore } from 'react';

/** Path and search of an address that stands behind the `#`: `#/user?run=3` → `/user` and `run=3`. */
export function splitHash(hash: string): { path: string; search: string } {
  const address = hash.replace(/^#?\/?/, '');
  const mark = address.indexOf('?');
  return mark < 0 ? { path: `/${address}`, search: '' } : { path: `/${address.slice(0, mark)}`, search: address.slice(mark + 1) };
}

function subscribe(listen: () => void): () => void {
  addEventListener('hashchange', listen);
  return () => removeEventListener('hashchange', listen);
}

interface NavigateOptions {
  /** Take the place of the present entry of the history. */
  readonly replace?: boolean;
  readonly state?: unknown;
}

/** Goes to a page, with or without a search: `/learn?term=policy`. */
export function navigate(to: string, { replace = false, state = null }: NavigateOptions = {}): void {
  const oldURL = location.href;
  history[replace ? 'replaceState' : 'pushState'](state, '', `#/${to.replace(/^#?\/?/, '')}`);
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }));
}

/**
 * The address as wouter wants it, all of it behind the `#`. wouter's own hook puts the search in front of the hash: there it
 * outlives the page that it belongs to, and a link such as `#/user?run=3` leads nowhere.
 */
export function useHashLocation(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => splitHash(location.hash).path), navigate];
}

useHashLocation.hrefs = (href: string) => `#${href}`;
useHashLocation.searchHook = (): string => useSyncExternalStore(subscribe, () => splitHash(location.hash).search);
