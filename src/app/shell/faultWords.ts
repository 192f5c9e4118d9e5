import type { WorkerName } from '../../services/clients.ts';
import type { Fault } from '../../state/faults.ts';
import type { ClosedFor } from '../../storage/connection.ts';
import type { DamagedRow } from '../../storage/whole.ts';

/** A fault in words: what happened, what that means for what was saved, what to do. */
export interface FaultWords {
  readonly title: string;
  readonly text: string;
}

/** What a worker does, after “the worker”. */
const WORKERS: Readonly<Record<WorkerName, string>> = {
  training: 'that trains',
  import: 'that reads files',
  planning: 'that foretells what a GPU needs',
  policies: 'that reads policies',
  inspection: 'that asks finished models',
  results: 'that makes tables and files',
  storage: 'that measures, cleans up and saves what is stored',
};

const KEPT = 'What was saved is still there: a run resumes from its last checkpoint, and starts anew where it has none.';

const TABLES: Readonly<Record<string, string>> = { runs: 'Run', datasets: 'Dataset', epochs: 'Epoch', experiments: 'Experiment' };

/** “Run 12”; an epoch by its run and number. */
export function damagedName({ table, key }: DamagedRow): string {
  const name = TABLES[table] ?? table;
  return table === 'epochs' && Array.isArray(key) ? `Epoch ${key[1]} of run ${key[0]}` : `${name} ${String(key)}`;
}

/** What was to be stored: the first of it, and how much more. */
function listed(what: readonly string[]): string {
  const shown = what.slice(0, 3).join(', ');
  return what.length > 3 ? `${shown} and ${what.length - 3} more` : shown;
}

const clock = (time: number): string => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function notSaved(
  { unsaved: { what, since, why }, runId }: Extract<Fault, { kind: 'not-saved' }>,
  elsewhere: boolean,
): FaultWords {
  if (runId === null) {
    return {
      title: 'Not saved: the browser’s storage is full',
      text: 'What you did last was not stored; all that was saved before is still there. Make room on the Data page, then do it again.',
    };
  }
  const waits = `Since ${clock(since)} nothing more of the run could be stored; waiting in memory: ${listed(what)}.`;
  const until = elsewhere
    ? 'Until then, closing the tab that trains loses it; there it can be saved to a file.'
    : 'Until then, closing this tab loses it; you can save it to a file.';
  return why === 'full'
    ? {
        title: 'Not saved: the browser’s storage is full',
        text: `${waits} Training goes on, and what was saved before is still there. Delete what you do not need: as soon as there is room, all of it is stored. ${until}`,
      }
    : {
        title: 'Not saved: the browser’s database does not answer',
        text: `${waits} Training goes on, and it is tried again every few seconds. ${until}`,
      };
}

const CLOSED: Readonly<Record<ClosedFor, (message: string) => FaultWords>> = {
  absent: (message) => ({
    title: 'This window keeps nothing',
    text: `The browser gives the studio no database here (${message}), as some private windows do. Nothing could be saved, so nothing is trained. Open the studio in an ordinary window.`,
  }),
  newer: () => ({
    title: 'This studio is older than what is stored here',
    text: 'A newer version of the studio stored the data of this browser. All of it is still there, and this tab does not touch it. Reload to get the newer version.',
  }),
  outdated: () => ({
    title: 'A newer version of the studio is open in another tab',
    text: 'This tab has stopped writing, and training here has ended. What was saved is still there for the newer version, which offers to resume the run. Reload this tab to use it.',
  }),
  'not-upgraded': (message) => ({
    title: 'What is stored could not be brought to this version',
    text: `${message} All of it is as it was before. Reload to try again; an earlier version of the studio can still open it.`,
  }),
  unreadable: (message) => ({
    title: 'The browser’s database cannot be opened',
    text: `It said: “${message}” Nothing can be read or saved until it opens again; what was saved before was not changed. Close other tabs of the studio, see whether the disk is full, then reload.`,
  }),
};

/** The words of a fault, the same wherever it is shown. @param elsewhere whether another tab trains */
export function faultWords(fault: Fault, elsewhere = false): FaultWords {
  switch (fault.kind) {
    case 'worker-died':
      return {
        title: `The worker ${WORKERS[fault.worker]} has stopped`,
        text:
          fault.worker === 'training'
            ? `Its last word: ${fault.message}. ${KEPT} ${fault.runId === null ? 'Nothing was being trained.' : 'The run that it trained goes no further: restart the worker, then resume it.'}`
            : `Its last word: ${fault.message}. What it was doing has come to nothing; what was saved is still there. Restart it, then try again.`,
      };
    case 'worker-silent':
      return {
        title: `The worker ${WORKERS[fault.worker]} does not answer`,
        text: `It has said nothing for a minute. On a slow machine something may take that long: if it answers, this goes away by itself. If it does not, restart it: a run that it trained is interrupted then, and can be resumed. ${KEPT}`,
      };
    case 'device-lost':
      return {
        title: 'The GPU went away',
        text: `The browser lost its device (${fault.message}). ${fault.runId === null ? 'Nothing was being trained.' : `${KEPT} The run ended there and did not finish.`} The queue waits: open the GPU again, or go on with WASM on the CPU.`,
      };
    case 'out-of-memory':
      return {
        title: fault.where === 'gpu' ? 'A run needs more memory than the GPU has' : 'A run needs more memory than there is',
        text: `${fault.message} The run has failed; ${KEPT.charAt(0).toLowerCase()}${KEPT.slice(1)} The queue goes on with other runs.`,
      };
    case 'not-saved':
      return notSaved(fault, elsewhere);
    case 'waiting-lost':
      return {
        title: 'What waited in memory could not be saved',
        text: `What trained the run has ended before there was room for it: ${listed(fault.what)}. What was saved before is still there; if the run goes on, it computes the rest again.`,
      };
    case 'connection-lost':
      return {
        title: 'Not saved: the browser closed its database',
        text: 'It is being opened again. Until then nothing new is stored; what was saved before is still there, and training goes on.',
      };
    case 'connection-blocked':
      return {
        title: 'An older version of the studio is open in another tab',
        text: 'It holds the data, which this version has to bring to a new form first. Nothing is lost. Close the other tabs of the studio: this one goes on by itself.',
      };
    case 'emptied':
      return {
        title: 'All that was stored is gone',
        text: 'The data of this site was cleared while the studio was open: by you, or by the browser to free the disk. It cannot be brought back from here. Reload to begin anew; files that you saved can be dropped on the Compare page.',
      };
    case 'closed':
      return CLOSED[fault.why](fault.message);
    case 'damaged':
      return {
        title: fault.rows.length === 1 ? 'One record is damaged' : `${fault.rows.length} records are damaged`,
        text: 'They do not have the form that they should, and are left out everywhere; all others are as they were. Save a record as it is, or delete it with all that belongs to it.',
      };
    case 'interrupted': {
      const one = fault.runIds.length === 1;
      return {
        title: one ? 'A run was interrupted' : `${fault.runIds.length} runs were interrupted`,
        text: `${
          fault.discarded
            ? 'The browser had put this tab aside to free memory while it trained.'
            : 'Its tab was closed, reloaded or lost, or its worker stopped, while it was trained.'
        } ${one ? 'It resumes' : 'Each resumes'} from its last checkpoint, which is kept, or starts anew where it has none.`,
      };
    }
    case 'no-backend':
      return {
        title: 'This backend cannot be had here',
        text: `${fault.message} Nothing that was saved is touched; the queue waits.`,
      };
    case 'files-unavailable':
      return {
        title: 'What was saved cannot be opened at the moment',
        text: `${fault.message} If that does not help, restart the browser. Nothing is lost, and nothing in the queue has failed: what needs the files waits.`,
      };
    case 'failed':
      return { title: 'Training cannot go on', text: `${fault.message} What was saved is still there.` };
    default:
      return fault satisfies never;
  }
}

/** What stands in the row of a run that a fault concerns; null where its own words say it. */
export function wordsOnRun(faults: readonly Fault[], runId: number): string | null {
  for (const fault of faults) {
    if (!('runId' in fault) || fault.runId !== runId) continue;
    if (fault.kind === 'worker-died') return 'its worker has stopped: restart it to go on';
    if (fault.kind === 'worker-silent') return 'its worker does not answer';
    if (fault.kind === 'not-saved') return `not saved since ${clock(fault.unsaved.since)}: ${listed(fault.unsaved.what)}`;
  }
  return null;
}
