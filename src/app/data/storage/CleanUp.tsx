import { Alert, Button, Checkbox, Group, List, Loader, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Freed } from '../../../services/protocol.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { CLEANING_CHOICES, type CleaningChoice, unusedDatasets, wouldFree } from '../../../storage/cleaning.ts';
import type { Room } from '../../../storage/measure.ts';
import { bytes } from '../../format.ts';
import { asError } from '../../shared/asError.ts';
import { Problem } from '../../shared/Problem.tsx';
import { askStorage } from '../../shared/useAnswer.ts';
import { CLEANING_WORDS } from './cleaningWords.ts';
import { useRoom } from './useRoom.ts';

/** What could go, what each would free, and what would no longer be possible; it asks before anything goes. */
export default function CleanUp() {
  const { value: room, error } = useRoom();
  const inUse = usePreferences((state) => state.datasetId);
  const [wanted, setWanted] = useState<readonly CleaningChoice[]>([]);
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [freed, setFreed] = useState<Freed | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  if (error !== null) return <Problem error={error} title="It could not be measured" />;
  if (room === undefined) return <Loader size="sm" aria-label="Measuring" />;
  const possible = CLEANING_CHOICES.map((choice) => ({ choice, size: wouldFree(room, new Set([choice]), inUse) }));
  const chosen = wanted.filter((choice) => possible.some((one) => one.choice === choice && one.size > 0));
  const together = wouldFree(room, new Set(chosen), inUse);
  const clean = async () => {
    setBusy(true);
    setFailed(null);
    setFreed(null);
    try {
      setFreed(await askStorage((service) => service.cleanUp(chosen, inUse)));
      setWanted([]);
    } catch (caught) {
      setFailed(asError(caught));
    } finally {
      setBusy(false);
      setAsked(false);
    }
  };
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label="What may go"
        description="Nothing of a run that waits or is being trained is touched."
        value={[...wanted]}
        onChange={(values) => setWanted(CLEANING_CHOICES.filter((choice) => values.includes(choice)))}
      >
        <Stack gap="xs" mt="xs">
          {possible.map(({ choice, size }) => (
            <Checkbox
              key={choice}
              size="sm"
              value={choice}
              disabled={size === 0 || isBusy}
              label={`${CLEANING_WORDS[choice].label}: ${size === 0 ? 'none' : bytes(size)}`}
              description={descriptionOf(choice, room, inUse)}
              className="figures"
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Group>
        <Button size="xs" color="red" variant="light" disabled={chosen.length === 0} onClick={() => setAsked(true)}>
          {chosen.length === 0 ? 'Free room' : `Free ${bytes(together)}`}
        </Button>
      </Group>
      {freed !== null && <FreedAlert freed={freed} />}
      <Problem error={failed} title="Not everything was cleaned up; what is still there is listed above" />
      <Modal opened={isAsked} onClose={() => setAsked(false)} title={`Free ${bytes(together)}?`}>
        <Stack gap="sm">
          <List size="sm" spacing={4}>
            {chosen.map((choice) => (
              <List.Item key={choice}>
                {CLEANING_WORDS[choice].label}: {descriptionOf(choice, room, inUse)}
              </List.Item>
            ))}
          </List>
          <Text size="sm">This cannot be undone: only a file of everything that you exported before brings it back.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(false)} disabled={isBusy}>
              Keep it
            </Button>
            <Button color="red" onClick={clean} loading={isBusy}>
              Clean up
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

/** Which datasets they are: nobody remembers what has no run. */
function descriptionOf(choice: CleaningChoice, room: Room, inUse: number | null): string {
  const { after } = CLEANING_WORDS[choice];
  const names = choice === 'datasets' ? unusedDatasets(room, inUse).map(({ name }) => `“${name}”`) : [];
  return names.length === 0 ? after : `${names.join(', ')}. ${after}`;
}

function FreedAlert({ freed: { measured, browser } }: { freed: Freed }) {
  return (
    <Alert color="green" role="status" className="figures">
      {bytes(Math.max(0, measured.before - measured.after))} were freed, as measured here.
      {browser !== null &&
        ` The browser says that ${bytes(browser.after)} are in use now, and said ${bytes(browser.before)} before; it may give room back only later.`}
    </Alert>
  );
}
