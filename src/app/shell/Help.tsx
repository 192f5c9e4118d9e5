import { Button, Group, Kbd, Modal, Stack, Table, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useRef } from 'react';
import { useLocation } from 'wouter';
import { PAGES } from './pages.ts';
import { isTyping, readKey, type Waiting } from './shortcuts.ts';
import { startTour } from './tour.ts';

interface HelpProps {
  readonly opened: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** Listens for the studio's shortcuts, and lists them. */
export function Help({ opened, open, close }: HelpProps) {
  const [, navigate] = useLocation();
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
                    <Table.Td w={112}>
                      <Kbd>g</Kbd> then <Kbd>{key}</Kbd>
                    </Table.Td>
                    <Table.Td>{label}</Table.Td>
                  </Table.Tr>
                ))}
                <Table.Tr>
                  <Table.Td>
                    <Kbd>?</Kbd>
                  </Table.Td>
                  <Table.Td>this list</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Td>
                    <Kbd>Esc</Kbd>
                  </Table.Td>
                  <Table.Td>closes what is open</Table.Td>
                </Table.Tr>
                <Table.Tr>
                  <Table.Td>
                    <Kbd>←</Kbd> <Kbd>→</Kbd>
                  </Table.Td>
                  <Table.Td>move a slider, or the steps of the tour</Table.Td>
                </Table.Tr>
              </Table.Tbody>
            </Table>
            <Text size="sm" c="dimmed">
              Shortcuts rest while you type. Tab reaches every control; a word underlined with dots explains itself when it has
              the focus.
            </Text>
            <Group>
              <Button onClick={tour}>Take the tour</Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
