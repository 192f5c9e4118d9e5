import { Button } from '@mantine/core';

/** The page's content, which the skip link leads to. */
export const CONTENT_ID = 'content';

/** Seen only while it has the focus: past the header and the menu, to the page. A link cannot do it, the address is behind the `#`. */
export function SkipLink() {
  return (
    <Button className="skip-link" size="xs" onClick={() => document.getElementById(CONTENT_ID)?.focus()}>
      Skip to content
    </Button>
  );
}
