import { Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useState } from 'react';
import { experimentIn } from '../../experiments/share.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { usePlan } from './usePlan.ts';

/** An experiment that was saved as a file, dropped or chosen. */
export function OpenFile() {
  const plan = usePlan();
  const [error, setError] = useState<Error | null>(null);
  const open = async ([file]: File[]) => {
    setError(null);
    try {
      await plan(await experimentIn(file), 'file', []);
    } catch (caught) {
      setError(asError(caught));
    }
  };
  return (
    <Stack gap="xs" component="section" aria-label="Open a file">
      <Dropzone
        onDrop={open}
        onReject={() => setError(new Error('One file can be opened at a time.'))}
        multiple={false}
        p="sm"
        inputProps={{ 'aria-label': 'File of an experiment' }}
      >
        <Text size="sm" ta="center">
          Drop an experiment’s file here, or press to choose one.
        </Text>
      </Dropzone>
      <Problem error={error} title="This file cannot be opened" />
    </Stack>
  );
}
