import { useSyncExternalStore } from 'react';

/** `#/policies?run=3` → the path `/policies` and the search `run=3`. Both are behind the hash: hosts without routing can serve them. */
const parts = (): { path: string; search: string } => {
  const [path, ...search] = location.hash.replace(/^#?\/?/, '').split('?');
  return { path: `/${path}`, search: search.join('?') };
};

/** The path as it is now, whatever was drawn last. */
export const currentPath = (): string => parts().path;

function subscribe(listen: () => void): () => void {
  addEventListener('hashchange', listen);
  addEventListener('popstate', listen);
  return () => {
    removeEventListener('hashchange', listen);
    removeEventListener('popstate', listen);
  };
}

function navigate(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const url = new URL(location.href);
  const oldURL = url.href;
  url.hash = to.replace(/^#?\/?/, '/');
  history[replace ? 'replaceState' : 'pushState'](state, '', url);
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: url.href }));
}

/** Where one is, for wouter: its own hash location keeps the search before the hash, where a link to a view cannot carry it. */
export const useHashLocation = Object.assign(
  (): [string, typeof navigate] => [useSyncExternalStore(subscribe, currentPath), navigate],
  {
    hrefs: (href: string) => `#${href}`,
    searchHook: () => useSyncExternalStore(subscribe, () => parts().search),
  },
);
