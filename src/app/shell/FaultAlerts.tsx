import { Alert, Button, Group, List, Modal, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Link } from 'wouter';
import { describeMethod } from '../../configuration/methods.ts';
import { database } from '../../state/database.ts';
import { clear, type Fault, forgetDamaged, keyOf, useFaults } from '../../state/faults.ts';
import { changeToWasm, exportUnsaved, goOnAfterLoss, restartWorker, runAgain, useTraining } from '../../state/training.ts';
import { deleteDamaged, rawRow } from '../../storage/damaged.ts';
import type { DamagedRow } from '../../storage/whole.ts';
import { asError } from '../shared/asError.ts';
import { download, fileName } from '../shared/download.ts';
import { linkToRun } from '../train/asked.ts';
import { damagedName, faultWords } from './faultWords.ts';

/** On every page: each fault that is there now, with its way out. */
export function FaultAlerts() {
  const faults = useFaults((state) => state.faults);
  const elsewhere = useTraining((state) => state.elsewhere);
  return (
    <>
      {faults.map((fault) => (
        <FaultAlert key={keyOf(fault)} fault={fault} />
      ))}
      {elsewhere && (
        <Alert color="gray" title="Another tab trains" mb="md" role="status">
          This one shows what it does. What is queued here is trained there; when that tab is closed, this one goes on with the
          queue, and offers to resume the run that was being trained.
        </Alert>
      )}
    </>
  );
}

/** Faults that one takes note of, and that are over then. */
const DISMISSED: readonly Fault['kind'][] = [
  'out-of-memory',
  'waiting-lost',
  'interrupted',
  'no-backend',
  'files-unavailable',
  'failed',
];

const COLOURS: Partial<Record<Fault['kind'], string>> = { interrupted: 'orange', damaged: 'orange', 'worker-silent': 'orange' };

function FaultAlert({ fault }: { fault: Fault }) {
  const elsewhere = useTraining((state) => state.elsewhere);
  const { title, text } = faultWords(fault, elsewhere);
  const isOfPage = fault.kind === 'not-saved' && fault.runId === null;
  return (
    <Alert
      color={COLOURS[fault.kind] ?? 'red'}
      title={title}
      mb="md"
      role="alert"
      withCloseButton={DISMISSED.includes(fault.kind) || isOfPage}
      closeButtonLabel="Understood: hide this"
      onClose={() => clear(fault)}
    >
      <Text size="sm" maw={800}>
        {text}
      </Text>
      <WaysOut fault={fault} elsewhere={elsewhere} />
    </Alert>
  );
}

/** The buttons of a fault. */
function WaysOut({ fault, elsewhere }: { fault: Fault; elsewhere: boolean }) {
  switch (fault.kind) {
    case 'worker-died':
    case 'worker-silent':
      return (
        <Ways>
          <Way label="Restart the worker" act={() => restartWorker(fault.worker)} over={fault} />
        </Ways>
      );
    case 'device-lost':
      return (
        <Ways>
          <Way label="Open the GPU again" act={() => goOnAfterLoss(fault, 'same')} />
          <Way label="Go on with WASM" act={() => goOnAfterLoss(fault, 'wasm')} />
        </Ways>
      );
    case 'out-of-memory':
      return (
        <Ways>
          <Smaller runId={fault.runId} />
          <Way label="Restart the worker to free its memory" act={() => restartWorker('training')} over={fault} />
        </Ways>
      );
    case 'not-saved':
      return (
        <Ways>
          <Button size="xs" component={Link} href="/data">
            Make room on the Data page
          </Button>
          {/* What waits is in the memory of the tab that trains. */}
          {fault.runId !== null && !elsewhere && <Way label="Save it to a file" act={() => saveUnsaved(fault.runId)} />}
        </Ways>
      );
    case 'closed':
    case 'emptied':
    case 'files-unavailable':
      return (
        <Ways>
          <Button size="xs" onClick={() => location.reload()}>
            Reload
          </Button>
        </Ways>
      );
    case 'damaged':
      return <Damaged rows={fault.rows} />;
    case 'interrupted':
      return (
        <>
          <RunNames ids={fault.runIds} />
          <Ways>
            <Way
              label={fault.runIds.length === 1 ? 'Resume it' : 'Resume them'}
              act={() => resumeAll(fault.runIds)}
              over={fault}
            />
          </Ways>
        </>
      );
    case 'no-backend':
      return (
        <Ways>
          <Way label="Go on with WASM" act={changeToWasm} />
        </Ways>
      );
    case 'failed':
      return (
        <Ways>
          <Way label="Restart the worker" act={() => restartWorker('training')} over={fault} />
        </Ways>
      );
    case 'waiting-lost':
    case 'connection-lost':
    case 'connection-blocked':
      return null;
    default:
      return fault satisfies never;
  }
}

/** Which runs a fault is about, by method, seed and dataset. */
function RunNames({ ids }: { ids: readonly number[] }) {
  const runs = useLiveQuery(() => database.runs.bulkGet([...ids]), [ids.join(' ')]);
  const names = (runs ?? []).flatMap((run) =>
    run === undefined
      ? []
      : [`${describeMethod(run.configuration.method).label}, seed ${run.configuration.seed}, on “${run.datasetName}”`],
  );
  return (
    <Text size="sm" maw={800}>
      {names.slice(0, MOST_NAMES).join('; ')}
      {names.length > MOST_NAMES && ` and ${names.length - MOST_NAMES} more`}
    </Text>
  );
}

const MOST_NAMES = 3;

/** The run again, as it can be planned with less memory: whether it fits then is foretold on the Train page. */
function Smaller({ runId }: { runId: number }) {
  const run = useLiveQuery(() => database.runs.get(runId), [runId]);
  if (run === undefined) return null;
  const { pretraining, fineTuning } = run.configuration;
  const half = (size: number) => Math.max(1, Math.floor(size / 2));
  const changes = { 'pretraining.batchSize': half(pretraining.batchSize), 'fineTuning.batchSize': half(fineTuning.batchSize) };
  return (
    <Button size="xs" component={Link} href={linkToRun(run, changes)}>
      Plan it with half the batch
    </Button>
  );
}

const Ways = ({ children }: { children: React.ReactNode }) => (
  <Group gap="xs" mt="xs">
    {children}
  </Group>
);

interface WayProps {
  readonly label: string;
  readonly act: () => Promise<unknown>;
  /** The fault that is over as soon as one goes this way. */
  readonly over?: Fault;
}

/** A way out, which says where it did not lead out. */
function Way({ label, act, over }: WayProps) {
  const [going, setGoing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const go = async () => {
    setGoing(true);
    setProblem(null);
    if (over !== undefined) clear(over);
    try {
      await act();
    } catch (error) {
      setProblem(asError(error).message);
    }
    setGoing(false);
  };
  return (
    <>
      <Button size="xs" loading={going} onClick={go}>
        {label}
      </Button>
      {problem !== null && <Text size="sm">{problem}</Text>}
    </>
  );
}

async function resumeAll(runIds: readonly number[]): Promise<void> {
  for (const runId of runIds) await runAgain(runId, 'checkpoint');
}

async function saveUnsaved(runId: number | null): Promise<void> {
  download(fileName(`run ${runId} not saved`, 'json'), await exportUnsaved());
}

async function saveRaw(row: DamagedRow): Promise<void> {
  const blob = new Blob([await rawRow(database, row)], { type: 'application/json' });
  download(fileName(`${damagedName(row)} damaged`, 'json'), blob);
}

/** What is damaged, one by one. Deleting cannot be undone: it asks. */
function Damaged({ rows }: { rows: readonly DamagedRow[] }) {
  const [asked, setAsked] = useState<DamagedRow | null>(null);
  const remove = async (row: DamagedRow) => {
    await deleteDamaged(database, row);
    setAsked(null);
    forgetDamaged(row);
  };
  return (
    <>
      <List size="sm" mt="xs" spacing={4} listStyleType="none">
        {rows.map((row) => (
          <List.Item key={`${row.table} ${String(row.key)}`}>
            <Group gap="xs">
              <Text size="sm">
                {damagedName(row)}: {row.reason}.
              </Text>
              <Button size="compact-xs" variant="default" onClick={() => saveRaw(row)}>
                Save it as it is
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => setAsked(row)}>
                Delete…
              </Button>
            </Group>
          </List.Item>
        ))}
      </List>
      {asked !== null && (
        <Modal opened onClose={() => setAsked(null)} title={`Delete ${damagedName(asked).toLowerCase()}?`}>
          <Text mb="md">All that belongs to it goes, too. This cannot be undone.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              Keep it
            </Button>
            <Button color="red" onClick={() => remove(asked)}>
              Delete it
            </Button>
          </Group>
        </Modal>
      )}
    </>
  );
}
