import { Alert, Anchor, Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { stopWorkspace, useWorkspace } from '../../state/workspace.ts';
import { bytes } from '../format.ts';
import { Problem } from './Problem.tsx';
import { exportedTitle, STOPPED_WORDS, takenWords } from './workspaceWords.ts';

/** How the export or import of the whole workspace goes, and what came of it; in sight when something begins or ends. */
export function WorkspaceStatus() {
  const isBusy = useWorkspace((state) => state.doing !== null);
  const place = useRef<HTMLDivElement>(null);
  const before = useRef(isBusy);
  useEffect(() => {
    // What was going on when the page was opened may stay where it is.
    if (before.current !== isBusy) place.current?.scrollIntoView({ block: 'nearest' });
    before.current = isBusy;
  }, [isBusy]);
  return (
    <div ref={place} style={{ scrollMarginBlock: 64 }}>
      <Status />
    </div>
  );
}

function Status() {
  const { doing, exported, taken, stopped, error } = useWorkspace();
  const [path] = useLocation();
  if (doing !== null) {
    const words = doing.kind === 'export' ? 'Exporting everything' : 'Importing the workspace';
    return (
      <Stack gap={4}>
        <Text size="sm" className="figures">
          {words}: {Math.round(100 * doing.share)} %
        </Text>
        <Group wrap="nowrap" maw={480}>
          <Progress flex={1} value={100 * doing.share} aria-label={words} />
          <Button size="compact-xs" variant="default" onClick={stopWorkspace}>
            Cancel
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <>
      <Problem error={error} title="The workspace’s file did not work" />
      {stopped !== null && (
        <Alert color="gray" role="status">
          {STOPPED_WORDS[stopped]}
        </Alert>
      )}
      {exported !== null && (
        <Alert color={exported.leftOut.length === 0 ? 'green' : 'orange'} role="status" title={exportedTitle(exported)}>
          One file of {bytes(exported.bytes)}.
          <Reasons title="Could not be read, and is not in it" reasons={exported.leftOut} />
        </Alert>
      )}
      {taken !== null && (
        <Alert color={taken.problems.length === 0 ? 'green' : 'orange'} role="status" title="The workspace was imported">
          {takenWords(taken).map((sentence) => (
            <Text key={sentence} size="sm">
              {sentence}
            </Text>
          ))}
          <Reasons title="Could not be taken in" reasons={taken.problems} />
          {taken.runs.added > 0 && path !== '/compare' && (
            <Anchor component={Link} href="/compare" size="sm">
              Compare runs
            </Anchor>
          )}
        </Alert>
      )}
    </>
  );
}

/** A file with thousands of damaged records names the first of them. */
const MOST_REASONS = 20;

const Reasons = ({ title, reasons }: { title: string; reasons: readonly string[] }) =>
  reasons.length > 0 && (
    <>
      <Text size="sm" fw={600} mt={4}>
        {title}:
      </Text>
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {reasons.slice(0, MOST_REASONS).map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
        {reasons.length > MOST_REASONS && <List.Item>and {reasons.length - MOST_REASONS} more</List.Item>}
      </List>
    </>
  );
