import { Accordion, Card, Loader, Progress, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { bytes } from '../../format.ts';
import { useBrowserStorage } from '../../shared/useBrowserStorage.ts';
import { WorkspaceStatus } from '../../shared/WorkspaceStatus.tsx';
import { KeepingLine } from './KeepingLine.tsx';

// Loaded when it is opened: the page is the first that a visitor sees.
const RoomTables = lazy(() => import('./RoomTables.tsx'));
const CleanUp = lazy(() => import('./CleanUp.tsx'));
const WorkspaceFile = lazy(() => import('./WorkspaceFile.tsx'));

const PANELS = [
  { value: 'takes', title: 'What takes how much', Panel: RoomTables },
  { value: 'clean', title: 'Clean up', Panel: CleanUp },
  { value: 'workspace', title: 'Everything as one file: export and import', Panel: WorkspaceFile },
] as const;

/** What the studio keeps in this browser, how safe it is, and what can be done about it. */
export function StorageSection() {
  const estimate = useBrowserStorage();
  const [opened, setOpened] = useState<string[]>([]);
  return (
    <Card withBorder component="section" aria-label="Storage">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Storage
        </Title>
        {estimate !== null && (
          <div>
            <Text size="sm" className="figures">
              {bytes(estimate.usage)} of {bytes(estimate.quota)} in use, as the browser reports it
            </Text>
            <Progress
              mt={4}
              maw={480}
              value={(100 * estimate.usage) / Math.max(1, estimate.quota)}
              aria-label="Share of the browser’s storage in use"
            />
          </div>
        )}
        <KeepingLine />
        <WorkspaceStatus />
        <Accordion multiple variant="contained" value={opened} onChange={setOpened} order={3}>
          {PANELS.map(({ value, title, Panel }) => (
            <Accordion.Item key={value} value={value}>
              <Accordion.Control>{title}</Accordion.Control>
              <Accordion.Panel>
                {/* What is measured is measured for whoever looks. */}
                {opened.includes(value) && (
                  <Suspense fallback={<Loader size="sm" aria-label={`Loading: ${title}`} />}>
                    <Panel />
                  </Suspense>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </Stack>
    </Card>
  );
}
