import { create } from 'zustand';
import { ServiceError, shareListener, storing, unwrap } from '../services/clients.ts';
import type { WorkspaceExported } from '../services/protocol.ts';
import type { WorkspaceTaken } from '../storage/workspace/takeInWorkspace.ts';
import { database } from './database.ts';
import { askToKeep } from './keeping.ts';
import { usePreferences } from './preferences.ts';

/** What was stopped; `exportToFile`: to a file that was chosen, which is there whatever happens. */
export type Stopped = 'export' | 'exportToFile' | 'import';

/** Where the file of the whole workspace stands: it goes on while one looks at another page. */
interface WorkspaceState {
  /** What is going on, and how much of it is done, 0 to 1. */
  readonly doing: { readonly kind: 'export' | 'import'; readonly share: number } | null;
  /** What came of the last one. */
  readonly exported: WorkspaceExported | null;
  readonly taken: WorkspaceTaken | null;
  readonly stopped: Stopped | null;
  readonly error: Error | null;
}

const AT_REST: WorkspaceState = { doing: null, exported: null, taken: null, stopped: null, error: null };

export const useWorkspace = create<WorkspaceState>()(() => AT_REST);

async function carryOut(what: Stopped, work: (onShare: (share: number) => void) => Promise<Partial<WorkspaceState>>) {
  const kind = what === 'import' ? 'import' : 'export';
  // One at a time: the worker that does it has one state.
  if (useWorkspace.getState().doing !== null) return;
  useWorkspace.setState({ ...AT_REST, doing: { kind, share: 0 } });
  try {
    const came = await work((share) => useWorkspace.setState({ doing: { kind, share } }));
    useWorkspace.setState({ ...AT_REST, ...came });
  } catch (error) {
    const isStopped = error instanceof ServiceError && error.problem.name === 'StoppedError';
    const cause = error instanceof Error ? error : new Error(String(error));
    useWorkspace.setState({ ...AT_REST, ...(isStopped ? { stopped: what } : { error: cause }) });
  }
}

/** @param to the file that was chosen; null: into a blob, which `save` hands to the browser */
export const exportWorkspace = (to: FileSystemFileHandle | null, save: (blob: Blob) => void): Promise<void> =>
  carryOut(to === null ? 'export' : 'exportToFile', async (onShare) => {
    const { remote, call } = storing();
    const { datasetId } = usePreferences.getState();
    const exported = unwrap(await call(remote.exportWorkspace(to, datasetId, shareListener(onShare))));
    if (exported.blob !== null) save(exported.blob);
    return { exported: { ...exported, blob: null } };
  });

export const importWorkspace = (file: File): Promise<void> =>
  carryOut('import', async (onShare) => {
    askToKeep();
    const { remote, call } = storing();
    const taken = unwrap(await call(remote.importWorkspace(file, shareListener(onShare))));
    const { datasetId, chooseDataset } = usePreferences.getState();
    const inUse = datasetId === null ? undefined : await database.datasets.get(datasetId);
    // What is in use here stays in use.
    if (inUse === undefined && taken.datasetId !== null) chooseDataset(taken.datasetId);
    return { taken };
  });

export function stopWorkspace(): void {
  const { remote, call } = storing();
  call(remote.stop()).catch((error: unknown) => {
    useWorkspace.setState({ ...AT_REST, error: error instanceof Error ? error : new Error(String(error)) });
  });
}
