import {
  ActionIcon,
  Badge,
  Burger,
  Button,
  Group,
  Menu,
  NativeSelect,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import type { BackendChoice, BackendInfo } from '../../engine/backend.ts';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import { useStorage } from '../../state/storage.ts';
import { changeBackend, useTraining } from '../../state/training.ts';

const BACKEND_NAMES: Readonly<Record<BackendInfo['name'], string>> = {
  wasm: 'CPU (WASM)',
  webgpu: 'WebGPU',
  cpu: 'CPU (plain)',
};

const CHOICES: readonly { readonly choice: BackendChoice; readonly label: string; readonly words: string }[] = [
  { choice: 'auto', label: 'Automatic', words: 'WebGPU on a hardware adapter, else WASM' },
  { choice: 'webgpu', label: 'WebGPU', words: 'Also on a software adapter, which is slow' },
  { choice: 'wasm', label: 'WASM', words: 'On the CPU; works everywhere' },
];

interface HeaderProps {
  readonly opened: boolean;
  readonly toggle: () => void;
  readonly help: () => void;
}

export function Header({ opened, toggle, help }: HeaderProps) {
  // What came with results from elsewhere has nothing to train on.
  const isOpen = useStorage((state) => state.isOpen);
  const datasets = useLiveQuery(
    async () => (isOpen ? database.datasets.filter(({ hasContents }) => hasContents).toArray() : []),
    [isOpen],
  );
  const { datasetId, chooseDataset } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
      <Group wrap="nowrap" gap="sm">
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Pages" />
        <Text fw={700} visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
          UAF Studio
        </Text>
      </Group>
      <Group wrap="nowrap" gap="xs">
        {datasets !== undefined && datasets.length > 0 && (
          <NativeSelect
            size="xs"
            label="Dataset for new runs"
            styles={{ label: { fontSize: 10, lineHeight: 1.2 }, input: { height: 26, minHeight: 26, paddingInline: '8px 24px' } }}
            value={datasetId ?? ''}
            onChange={(event) => chooseDataset(Number(event.currentTarget.value))}
            data={datasets.map(({ id, name }) => ({ value: String(id), label: name }))}
            maw={240}
          />
        )}
        <BackendMenu />
        <ActionIcon
          variant="default"
          aria-label={scheme === 'dark' ? 'Light colours' : 'Dark colours'}
          onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
        >
          {scheme === 'dark' ? '☀' : '☾'}
        </ActionIcon>
        <Tooltip label="Keyboard and help (?)">
          <ActionIcon variant="default" aria-label="Keyboard and help" onClick={help}>
            ?
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

/** The backend in use, why it is this one, and the choice of another. */
function BackendMenu() {
  const backend = useTraining((state) => state.backend);
  const running = useTraining((state) => state.runId !== null);
  const { backend: chosen, chooseBackend } = usePreferences();
  const choose = (choice: BackendChoice) => {
    chooseBackend(choice);
    changeBackend();
  };
  const name = backend === null ? 'Backend …' : BACKEND_NAMES[backend.name];
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Tooltip
          multiline
          maw={320}
          label={backend === null ? 'The backend is being opened.' : `What computes here: ${backend.adapter}. ${backend.reason}`}
        >
          <Button
            size="xs"
            variant="default"
            px={{ base: 8, sm: 'sm' }}
            style={{ flexShrink: 0 }}
            rightSection={
              backend?.software ? (
                <Badge size="xs" color="orange">
                  software
                </Badge>
              ) : undefined
            }
          >
            {name}
          </Button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {backend !== null && (
          <Text size="xs" c="dimmed" p="xs">
            In use: {name} ({backend.adapter}). {backend.reason}
          </Text>
        )}
        <Menu.Label>{running ? 'Stop the run to change the backend' : 'Backend'}</Menu.Label>
        {CHOICES.map(({ choice, label, words }) => (
          <Menu.Item
            key={choice}
            disabled={running}
            onClick={() => choose(choice)}
            rightSection={chosen === choice ? '✓' : undefined}
          >
            {label}
            <Text size="xs" c="dimmed">
              {words}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
