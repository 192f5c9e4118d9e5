import { Button, Group, Text } from '@mantine/core';
import { bytes } from '../../format.ts';
import { ImportBar } from './ImportBar.tsx';
import type { Standing } from './useImporting.ts';

interface ReadStepProps {
  readonly standing: Standing;
  /** Of the two files. */
  readonly size: number;
  readonly disabled: boolean;
  readonly onRead: () => void;
  readonly onCancel: () => void;
}

/** From files whose format is known to what they say: large ones are read when one asks for it, and it can be ended at once. */
export function ReadStep({ standing, size, disabled, onRead, onCancel }: ReadStepProps) {
  if (standing.step === 'reading') return <ImportBar progress={standing.progress} onCancel={onCancel} />;
  if (standing.step === 'read' || standing.step === 'storing') return null;
  return (
    <Group>
      <Button onClick={onRead} disabled={disabled}>
        Read the files
      </Button>
      <Text size="sm" role="status">
        {standing.step === 'cancelled'
          ? 'Cancelled: nothing was kept.'
          : `Press to have ${bytes(size)} read and counted. Nothing is stored by that.`}
      </Text>
    </Group>
  );
}
