import { Button, Group, Kbd, Modal, Stack, Table, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useRef } from 'react';
import { useLocation } from 'wouter';
import { install, useInstall } from '../../state/install.ts';
import { useUpdate } from '../../state/update.ts';
import { PAGES } from './pages.ts';
import { isTyping, readKey, type Waiting } from './shortcuts.ts';
import { startTour } from './tour.ts';
import { offlineWords } from './updateWords.ts';

interface HelpProps {
  readonly opened: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

interface Keys {
  readonly keys: readonly string[];
  readonly words: string;
}

const KEYS: readonly Keys[] = [
  { keys: ['?'], words: 'this list' },
  { keys: ['Esc'], words: 'closes what is open' },
  { keys: ['←', '→'], words: 'move a slider, or the steps of the tour; on the page of one user, to the user before or after' },
];

/** On the map of users × blocks, once it has the focus. */
const MAP_KEYS: readonly Keys[] = [
  { keys: ['↑', '↓'], words: 'move the framed row; so do Page up, Page down, Home and End' },
  { keys: ['Shift', '↑', '↓'], words: 'choose the rows on the way' },
  { keys: ['Enter'], words: 'enlarges the rows; on a large row, opens its user' },
  { keys: ['Esc'], words: 'lets the chosen users go' },
];

/** Listens for the studio's shortcuts, and lists them. */
export function Help({ opened, open, close }: HelpProps) {
  const [, navigate] = useLocation();
  const offline = useUpdate((state) => state.offline);
  const offer = useInstall((state) => state.offer);
  const waiting = useRef<Waiting>(null);
  useWindowEvent('keydown', (event) => {
    if (isTyping(event.target) || opened) return;
    const { key, timeStamp: time } = event;
    const read = readKey({ key, time, modified: event.ctrlKey || event.altKey || event.metaKey }, waiting.current);
    waiting.current = read.waiting;
    if (read.shortcut === null) return;
    event.preventDefault();
    if (read.shortcut.kind === 'help') open();
    else navigate(read.shortcut.path);
  });
  const tour = () => {
    close();
    startTour();
  };
  return (
    <Modal.Root opened={opened} onClose={close}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          {/* Not in a Modal.Header, which would be a second banner of the page. */}
          <Stack gap="md">
            <Group justify="space-between">
              <Modal.Title fw={600}>Keyboard and help</Modal.Title>
              <Modal.CloseButton aria-label="Close" />
            </Group>
            <Table withRowBorders={false} verticalSpacing={4} aria-label="Keyboard shortcuts">
              <Table.Tbody>
                {PAGES.map(({ path, label, key }) => (
                  <Table.Tr key={path}>
                    <Table.Td w={136}>
                      <Kbd>g</Kbd> then <Kbd>{key}</Kbd>
                    </Table.Td>
                    <Table.Td>{label}</Table.Td>
                  </Table.Tr>
                ))}
                {KEYS.map(keyRow)}
                <Table.Tr>
                  <Table.Th colSpan={2} scope="rowgroup" pt="sm">
                    On the map of users × blocks (Policies)
                  </Table.Th>
                </Table.Tr>
                {MAP_KEYS.map(keyRow)}
              </Table.Tbody>
            </Table>
            <Text size="sm" c="dimmed">
              Shortcuts rest while you type. Tab reaches every control; a word underlined with dots explains itself when it has
              the focus.
            </Text>
            <Text size="sm" c="dimmed">
              {offlineWords(offline)}
            </Text>
            <Group>
              <Button onClick={tour}>Take the tour</Button>
              {offer !== null && (
                <Button variant="default" onClick={install}>
                  Install as an app
                </Button>
              )}
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

const keyRow = ({ keys, words }: Keys) => (
  <Table.Tr key={words}>
    <Table.Td>
      <Group gap={4}>
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </Group>
    </Table.Td>
    <Table.Td>{words}</Table.Td>
  </Table.Tr>
);
