import { useEffect, useRef } from 'react';

/** Milliseconds in which a page has to show its heading. */
const PATIENCE = 5000;

/**
 * Gives the focus to a page's heading after a change of page: else it falls to the body, and a screen reader says nothing. Who
 * has gone on elsewhere in the meantime is left alone, and so are the tour and a visit’s first page, to which one is redirected.
 */
export function useHeadingFocus(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    const isVisitBegun = before.current !== '/';
    if (before.current === path) return;
    before.current = path;
    if (!isVisitBegun) return;
    const { activeElement } = document;
    const focus = () => {
      const heading = document.querySelector<HTMLElement>(`main [data-page="${path}"] h1`);
      if (heading === null) return false;
      const hasMoved = ![document.body, activeElement].includes(document.activeElement);
      if (hasMoved || document.body.classList.contains('driver-active')) return true;
      heading.tabIndex = -1;
      heading.focus();
      return true;
    };
    if (focus()) return;
    const drawing = new MutationObserver(() => focus() && drawing.disconnect());
    drawing.observe(document.body, { childList: true, subtree: true });
    const giveUp = window.setTimeout(() => drawing.disconnect(), PATIENCE);
    return () => {
      drawing.disconnect();
      window.clearTimeout(giveUp);
    };
  }, [path]);
}
