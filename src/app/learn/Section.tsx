import { Card, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** One idea of the Learn page. `id` is what its address names: `/learn?section=id`. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <Card withBorder padding="md" component="section" className="section" id={`section-${id}`} aria-label={title}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}
