import { type ReactNode, startTransition, useEffect, useState } from 'react';

/** Milliseconds between two turns: time for the page to answer. */
const PAUSE = 40;

interface InTurnProps {
  /** 1 is drawn first. */
  readonly turn: number;
  readonly children: ReactNode;
}

/** Draws what is in it after what is before it, in a task of its own: together, several charts would hold the page up. */
export function InTurn({ turn, children }: InTurnProps) {
  const [shown, setShown] = useState<ReactNode>(null);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setShown(children)), turn * PAUSE);
    return () => clearTimeout(timer);
  }, [children, turn]);
  return shown;
}
