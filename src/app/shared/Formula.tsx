import { useEffect, useRef, useState } from 'react';
import type { FormulaText } from './glossary.ts';

let last = Promise.resolve();

/** Formulas are set one after the other, each in a task of its own, so that a page full of them still answers at once. */
function inTurn(work: () => void): void {
  last = last.then(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            work();
          } finally {
            resolve();
          }
        });
      }),
  );
}

/** One of our formulas, set by KaTeX with MathML for screen readers; in plain characters until KaTeX is there. */
export function Formula({ tex, text }: FormulaText) {
  // KaTeX writes into an element that React leaves empty.
  const element = useRef<HTMLSpanElement>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    import('./katex.ts').then(({ render }) => {
      inTurn(() => {
        if (!current || element.current === null) return;
        render(`\\displaystyle ${tex}`, element.current, { output: 'htmlAndMathml', throwOnError: true });
        setDrawn(tex);
      });
    });
    return () => {
      current = false;
    };
  }, [tex]);
  return (
    <span className="formula">
      {drawn !== tex && <span>{text}</span>}
      <span ref={element} hidden={drawn !== tex} />
    </span>
  );
}
