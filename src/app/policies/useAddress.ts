import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Where one is on a page, by the address: a link to it shows the same. Null takes a part out of it. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (parts: Readonly<Record<string, string | null>>) =>
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
      ),
    [setSearch],
  );
  return { search, change };
}
