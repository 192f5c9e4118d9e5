import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** What is wrong comes first, wherever it stands; then the files, and results that were taken in. */
const VERDICTS = [':scope > [role="alert"]', ':scope > section, :scope > [role="status"]'] as const;
/** Pixels of it that have to be seen. */
const ENOUGH = 80;
/** Pixels that the page's header hides, and a little air. */
const HEADER = 72;

/**
 * Brings into sight what is said of dropped files where it begins outside the window, as on a phone; nothing moves where it is seen.
 *
 * @returns of the element whose children say it; and what is to be called once there is something new to be seen
 */
export function useVerdictInSight() {
  const ref = useRef<HTMLDivElement>(null);
  const isStill = useReducedMotion();
  const [told, setTold] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each verdict, when it is drawn
  useEffect(() => {
    const verdict = VERDICTS.map((which) => ref.current?.querySelector(which)).find((element) => element);
    if (told === 0 || !verdict) return;
    const { top, bottom } = verdict.getBoundingClientRect();
    if (bottom > HEADER + ENOUGH && top < window.innerHeight - ENOUGH) return;
    window.scrollBy({ top: top - HEADER, behavior: isStill ? 'auto' : 'smooth' });
  }, [told]);
  return { ref, tell: () => setTold((before) => before + 1) };
}
