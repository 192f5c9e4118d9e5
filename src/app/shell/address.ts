import { useSyncExternalStore } from 'react';
import type { BaseLocationHook } from 'wouter';

/** `#/learn?term=policy` → page `/learn` and search `term=policy`. */
export function parseAddress(hash: string): { readonly page: string; readonly search: string } {
  const [page, ...search] = hash.replace(/^#?\/?/, '').split('?');
  return { page: `/${page}`, search: search.join('?') };
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

interface NavigateOptions {
  readonly replace?: boolean;
  readonly state?: unknown;
}

/** Goes to a page, with or without a search: `/learn?term=policy`. A search of the page before is not carried along. */
export function navigate(to: string, { replace = false, state = null }: NavigateOptions = {}): void {
  const url = new URL(location.href);
  url.search = '';
  url.hash = to.startsWith('/') ? to : `/${to}`;
  if (replace) history.replaceState(state, '', url);
  else history.pushState(state, '', url);
  window.dispatchEvent(new Event('hashchange'));
}

/**
 * Where one is, for wouter: page and search both in the hash, so that any static host serves any link, a link opened in a
 * new tab is the same as one clicked, and a page's search ends with the page.
 */
export const useHashAddress: BaseLocationHook = () => [
  useSyncExternalStore(subscribe, () => parseAddress(location.hash).page),
  navigate,
];
useHashAddress.hrefs = (href) => `#${href}`;
useHashAddress.searchHook = () => useSyncExternalStore(subscribe, () => parseAddress(location.hash).search);
