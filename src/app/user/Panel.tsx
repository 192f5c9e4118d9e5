import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  /** One sentence that says what one sees. */
  readonly words: ReactNode;
  /** What stands at the right of the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the page, with its title and the sentence that says what one sees. */
export function Panel({ title, words, action, children }: PanelProps) {
  return (
    <Card withBorder component="section" aria-label={title} padding="sm">
      <Stack gap="xs">
        <div>
          <Group justify="space-between" gap="xs">
            <Title order={2} size="h5">
              {title}
            </Title>
            {action}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {words}
          </Text>
        </div>
        {children}
      </Stack>
    </Card>
  );
}
