import { Anchor, Popover, Stack, Text } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Formula } from './Formula.tsx';
import { GLOSSARY, type GlossaryEntry, type GlossaryTerm } from './glossary.ts';

/** Milliseconds in which the pointer or the focus may move from the word to its explanation. */
const PATIENCE = 200;

/** A word with its one explanation, on hover, focus and touch; Enter goes on to the link at its end. */
export function Term({ of, children }: { of: GlossaryTerm; children: ReactNode }) {
  const id = useId();
  const [opened, setOpened] = useState(false);
  const closing = useRef<number>(undefined);
  const word = useRef<HTMLSpanElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  // Enter may come before the explanation is there.
  const entering = useRef(false);
  const { title, short, formula }: GlossaryEntry = GLOSSARY[of];
  const open = () => {
    window.clearTimeout(closing.current);
    setOpened(true);
  };
  const close = () => {
    window.clearTimeout(closing.current);
    setOpened(false);
  };
  const closeSoon = () => {
    entering.current = false;
    window.clearTimeout(closing.current);
    closing.current = window.setTimeout(() => setOpened(false), PATIENCE);
  };
  const closeOnEscape = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    word.current?.focus();
    close();
  };
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="top" withArrow shadow="md" withRoles={false}>
      <Popover.Target>
        {/* biome-ignore lint/a11y/useSemanticElements: a button element does not break across lines like a word */}
        <span
          ref={word}
          role="button"
          tabIndex={0}
          className="term"
          aria-haspopup="dialog"
          aria-expanded={opened}
          aria-describedby={opened ? id : undefined}
          onMouseEnter={open}
          onMouseLeave={closeSoon}
          onFocus={open}
          onBlur={closeSoon}
          onKeyDown={(event) => {
            closeOnEscape(event);
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            // The explanation stands elsewhere in the page's order, so that Tab does not lead there.
            entering.current = link.current === null;
            link.current?.focus();
            open();
          }}
          onClick={(event) => {
            // Inside a label, a press would go on to the control.
            event.preventDefault();
            open();
          }}
        >
          {children}
        </span>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={title}
        p="sm"
        onMouseEnter={open}
        onMouseLeave={closeSoon}
        onKeyDown={closeOnEscape}
      >
        <Stack gap={4} id={id}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="sm">{short}</Text>
          {formula !== undefined && (
            <Text size="sm" component="div">
              <Formula {...formula} />
            </Text>
          )}
        </Stack>
        <Anchor
          ref={(node: HTMLAnchorElement | null) => {
            link.current = node;
            if (entering.current) node?.focus();
            entering.current = false;
          }}
          component={Link}
          href={`/learn?term=${of}`}
          size="sm"
          onFocus={open}
          onBlur={closeSoon}
          onClick={close}
        >
          More in the glossary
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}
