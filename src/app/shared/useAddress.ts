import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { splitHash } from './hashLocation.ts';

/** Where one is on a page, by the address: a link to it shows the same. Null takes a part out of it. */
export function useAddress() {
  const [path] = useLocation();
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (parts: Readonly<Record<string, string | null>>) => {
      // While the next page is loaded this one is still there: it must not call back who has left it.
      if (splitHash(location.hash).path !== path) return;
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [key, value] of Object.entries(parts)) {
            if (value === null) next.delete(key);
            else next.set(key, value);
          }
          return next;
        },
        { replace: true },
      );
    },
    [path, setSearch],
  );
  return { search, change };
}
