import { Alert, Button, Card, Group, Input, NumberInput, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { SIMULATOR_DEFAULTS, type SimulatorSettings } from '../../data/simulator.ts';
import { importing, unwrap } from '../../services/clients.ts';
import { usePreferences } from '../../state/preferences.ts';
import { asError } from '../shared/asError.ts';
import { SCENARIO_WORDS } from '../train/storyWords.ts';

type NumericKey = Exclude<keyof SimulatorSettings, 'scenario'>;

const KNOBS: readonly {
  readonly key: NumericKey;
  readonly label: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}[] = [
  { key: 'users', label: 'Users', help: 'Each with a sequence and some targets.', min: 20, max: 200_000 },
  { key: 'genres', label: 'Genres', help: 'A user likes two: one first, another lately.', min: 2, max: 100 },
  { key: 'itemsPerGenre', label: 'Items a genre', help: 'In each domain; the first are the most popular.', min: 1, max: 1000 },
  {
    key: 'markers',
    label: 'Marker items a kind',
    help: 'Only users of one kind have them: what gives them away.',
    min: 1,
    max: 100,
  },
  { key: 'targetsPerUser', label: 'Targets a user', help: 'What is to be recommended.', min: 1, max: 50 },
  {
    key: 'noise',
    label: 'Share of targets from any genre',
    help: 'Noise: targets that nobody can foresee.',
    min: 0,
    max: 1,
    step: 0.01,
  },
  {
    key: 'nostalgicShare',
    label: 'Share of nostalgic users',
    help: 'They want what they liked first.',
    min: 0,
    max: 1,
    step: 0.05,
  },
  { key: 'seed', label: 'Seed', help: 'The same seed makes the same dataset.', min: 0, max: 0xffffffff },
];

/** The simulator with its knobs. */
export function SimulatorPanel({ onDone }: { onDone: () => void }) {
  const [settings, setSettings] = useState<SimulatorSettings>(SIMULATOR_DEFAULTS);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { remote, call } = importing();
      usePreferences.getState().chooseDataset(unwrap(await call(remote.simulate(settings))));
      onDone();
    } catch (error) {
      setProblem(asError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card withBorder component="section" aria-label="Simulator">
      <Stack gap="sm">
        <Group align="flex-end">
          <Input.Wrapper label="What tells the kinds of users apart" labelElement="div" size="xs">
            <SegmentedControl
              display="flex"
              aria-label="What tells the kinds of users apart"
              value={settings.scenario}
              onChange={(scenario) => setSettings({ ...settings, scenario })}
              data={[
                { value: 'hidden', label: 'hidden' },
                { value: 'open', label: 'open' },
              ]}
            />
          </Input.Wrapper>
          <Text size="sm" flex={1} miw={240}>
            {SCENARIO_WORDS[settings.scenario]}
          </Text>
        </Group>
        <SimpleGrid cols={{ base: 2, md: 4 }}>
          {KNOBS.map(({ key, label, help, min, max, step }) => (
            <NumberInput
              key={key}
              size="xs"
              label={label}
              description={help}
              min={min}
              max={max}
              step={step ?? 1}
              allowDecimal={step !== undefined}
              value={settings[key]}
              onChange={(value) => typeof value === 'number' && setSettings({ ...settings, [key]: value })}
            />
          ))}
        </SimpleGrid>
        {problem !== null && (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        <Group>
          <Button onClick={make} loading={busy}>
            Make the dataset
          </Button>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
