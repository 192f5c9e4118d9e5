import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { GLOSSARY, type GlossaryTerm } from './glossary.ts';

/** A word with its one explanation, on hover, focus and touch. */
export function Term({ of, children }: { of: GlossaryTerm; children: ReactNode }) {
  return (
    <Tooltip label={GLOSSARY[of]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
      <span className="term" tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  );
}
