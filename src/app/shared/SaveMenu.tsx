import { Button, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import { asError } from './asError.ts';

interface SaveMenuProps {
  /** Of what is saved. */
  readonly title: string;
  /** What each line of the menu does. */
  readonly ways: readonly { readonly label: string; readonly save: () => Promise<void> }[];
}

/** The ways in which something can leave the studio; says so where one does not work. */
export function SaveMenu({ title, ways }: SaveMenuProps) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const run = async (label: string, save: () => Promise<void>) => {
    setBusy(true);
    setSaid(null);
    try {
      await save();
      setSaid(label === 'Copy' ? 'Copied.' : null);
    } catch (error) {
      setSaid(`${label} did not work: ${asError(error).message}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <span>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="compact-xs" variant="subtle" aria-label={`Save as: ${title}`} loading={busy}>
            Save as
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {ways.map(({ label, save }) => (
            <Menu.Item key={label} onClick={() => run(label, save)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Text span size="xs" c="dimmed" role="status">
        {said}
      </Text>
    </span>
  );
}
