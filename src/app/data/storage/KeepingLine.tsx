import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { askAgain, lookAtKeeping, useKeeping } from '../../../state/keeping.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { asError } from '../../shared/asError.ts';

/** Whether the browser keeps what is stored, and what one can do where it does not promise to. */
export function KeepingLine() {
  const keeping = useKeeping((state) => state.keeping);
  const keepAsked = usePreferences((state) => state.keepAsked);
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    lookAtKeeping().catch((error: unknown) => setProblem(asError(error).message));
  }, []);
  const ask = () => {
    setAsking(true);
    setProblem(null);
    askAgain()
      .catch((error: unknown) => setProblem(asError(error).message))
      .finally(() => setAsking(false));
  };
  if (keeping === 'unknown' && problem === null) return null;
  return (
    <div>
      <Text size="sm" maw={760} role="status">
        {problem === null ? wordsFor(keeping, keepAsked) : `The browser could not be asked whether it keeps this: ${problem}`}
      </Text>
      {keeping !== 'kept' && keeping !== 'impossible' && (
        <Group mt={4}>
          <Button size="xs" variant="default" onClick={ask} loading={asking}>
            {keepAsked ? 'Ask the browser again' : 'Ask the browser to keep it'}
          </Button>
        </Group>
      )}
    </div>
  );
}

const WAYS = 'Install the studio or bookmark it, then ask again; or export everything to a file below.';

function wordsFor(keeping: 'unknown' | 'impossible' | 'kept' | 'not-kept', keepAsked: boolean): string {
  switch (keeping) {
    case 'kept':
      return 'The browser keeps this until you delete it yourself, also when the disk is nearly full.';
    case 'not-kept':
      return keepAsked
        ? `The browser was asked to keep this for good, and did not promise to: it may clear it when the disk is nearly full. ${WAYS}`
        : 'The browser may clear this when the disk is nearly full. It is asked to keep it for good at your first import or run.';
    case 'impossible':
      return 'This browser does not say whether it keeps this: it may clear it when the disk is nearly full. Export everything to a file below to be safe.';
    case 'unknown':
      return '';
  }
}
