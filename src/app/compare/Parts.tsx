import { Anchor, Group, Text } from '@mantine/core';

/** The parts of the page below its table, in their order. */
const PARTS = {
  curves: 'Curves',
  claims: 'The paper’s claims',
  scatter: 'What goes with what',
  tests: 'Paired t-tests',
  tables: 'The paper’s tables',
  files: 'Save and import',
} as const;

/** The page is long: what is on it, and a way there. */
export function Parts() {
  return (
    <Group component="nav" gap="xs" aria-label="On this page">
      <Text size="sm" c="dimmed">
        On this page:
      </Text>
      {Object.entries(PARTS).map(([id, label]) => (
        <Anchor key={id} component="button" type="button" size="sm" onClick={() => document.getElementById(id)?.scrollIntoView()}>
          {label}
        </Anchor>
      ))}
    </Group>
  );
}

/** Where a part begins: below the header that stays on top. */
export function Part({ id, children }: { id: keyof typeof PARTS; children: React.ReactNode }) {
  return (
    <div id={id} style={{ scrollMarginTop: 72 }}>
      {children}
    </div>
  );
}
