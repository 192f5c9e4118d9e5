import { useCallback, useRef, useState } from 'react';

/** Keeps a place as high as it is until what comes next is there, so that the page does not jump meanwhile. */
export function useHeld() {
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  const hold = useCallback(() => setHeight(place.current?.offsetHeight ?? 0), []);
  const letGo = useCallback(() => setHeight(0), []);
  return { place, height, hold, letGo };
}
