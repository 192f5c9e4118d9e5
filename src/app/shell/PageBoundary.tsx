import { Alert, Button, Group } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { asError } from '../shared/asError.ts';

interface PageBoundaryProps {
  readonly children: ReactNode;
}

/** A page that cannot be drawn says so in its place: the others, and what trains, go on. Remounted for each page (`key`). */
export class PageBoundary extends Component<PageBoundaryProps, { readonly error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: asError(error) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert color="red" title="This page could not be drawn" role="alert">
        {error.message} What was saved is still there. Other pages may go on; if not, reload: a run that is going on is then
        offered again.
        <Group mt="xs">
          <Button size="xs" onClick={() => location.reload()}>
            Reload the studio
          </Button>
        </Group>
      </Alert>
    );
  }
}
