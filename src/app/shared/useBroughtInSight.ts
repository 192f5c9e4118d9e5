import { useEffect, useRef } from 'react';

/** Milliseconds in which what stands above may still be loading. */
const PATIENCE = 3000;

/** Brings an element into sight where the address asks for it, again while the page above it grows, until the reader moves. */
export function useBroughtInSight<E extends Element>(isAsked: boolean) {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (!isAsked) return;
    const observer = new ResizeObserver(() => ref.current?.scrollIntoView());
    const stop = () => observer.disconnect();
    observer.observe(document.body);
    const waiting = window.setTimeout(stop, PATIENCE);
    const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
    for (const move of moves) window.addEventListener(move, stop, { passive: true });
    return () => {
      stop();
      window.clearTimeout(waiting);
      for (const move of moves) window.removeEventListener(move, stop);
    };
  }, [isAsked]);
  return ref;
}
