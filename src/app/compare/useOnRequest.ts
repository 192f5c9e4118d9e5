import { useState } from 'react';

/** Beyond so many runs it takes a while, and is not begun unasked. */
const MOST_UNASKED = 200;

/** What is asked of a worker about some runs: at once if they are few, else when somebody asks for it. @param version see `versionOf` */
export function useOnRequest(what: string, runs: readonly number[], version: string) {
  const [asked, setAsked] = useState<string | null>(null);
  const key = runs.length === 0 ? null : `${what} ${version}`;
  const isAsked = runs.length <= MOST_UNASKED || asked === key;
  return { key: isAsked ? key : null, isAsked, ask: () => setAsked(key) };
}
