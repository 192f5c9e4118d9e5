import { Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useState } from 'react';
import { parseExperiment } from '../../experiments/share.ts';
import { Problem } from '../shared/Problem.tsx';
import { usePlan } from './usePlan.ts';

/** An experiment that was saved as a file, dropped or chosen. */
export function OpenFile() {
  const plan = usePlan();
  const [error, setError] = useState<Error | null>(null);
  const open = async ([file]: File[]) => {
    try {
      await plan(parseExperiment(await file.text()));
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)));
    }
  };
  return (
    <Stack gap="xs" component="section" aria-label="Open a file">
      <Dropzone onDrop={open} multiple={false} p="sm" inputProps={{ 'aria-label': 'File of an experiment' }}>
        <Text size="sm" ta="center">
          Drop an experiment’s file here, or press to choose one.
        </Text>
      </Dropzone>
      <Problem error={error} title="This file cannot be opened" />
    </Stack>
  );
}
