import { Button, Group, TextInput, Title } from '@mantine/core';
import { ImportBar } from './ImportBar.tsx';
import type { Standing } from './useImporting.ts';

interface StoreStepProps {
  readonly name: string;
  readonly standing: Standing;
  /** Whether the filters leave something, as far as is known. */
  readonly possible: boolean;
  readonly onName: (name: string) => void;
  readonly onStore: () => void;
  readonly onCancel: () => void;
}

/** The last step: a name, and then it is stored. */
export function StoreStep({ name, standing, possible, onName, onStore, onCancel }: StoreStepProps) {
  if (standing.step === 'storing') return <ImportBar progress={standing.progress} onCancel={onCancel} />;
  return (
    <section aria-label="Name of the new dataset">
      <Title order={3} size="h5" mb="xs">
        Name and import
      </Title>
      <Group align="flex-end">
        <TextInput label="Name" value={name} onChange={(event) => onName(event.currentTarget.value)} miw={260} />
        <Button onClick={onStore} disabled={!possible || name.trim() === ''}>
          Import
        </Button>
      </Group>
    </section>
  );
}
