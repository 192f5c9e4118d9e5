import { useState } from 'react';
import { HEAD_BYTES, resultsKind } from '../../results/recognise.ts';
import type { ResultsTaken } from '../../services/protocol.ts';
import { importWorkspace } from '../../state/workspace.ts';
import { asError } from './asError.ts';
import { askResults } from './useAnswer.ts';

interface TakingIn {
  readonly isBusy: boolean;
  /** What came of the last files. */
  readonly taken: ResultsTaken | null;
  readonly error: Error | null;
}

const IDLE: TakingIn = { isBusy: false, taken: null, error: null };

/** Takes in files of results, which are told from others by how they begin. */
export function useTakeIn() {
  const [state, setState] = useState(IDLE);

  /** @param all whether files that do not look like results are tried, too; else they are given back */
  const takeIn = async (files: readonly File[], all = false): Promise<readonly File[]> => {
    setState({ ...IDLE, isBusy: true });
    try {
      const looks = await Promise.all(files.map(looksLike));
      const workspace = files.find((_, i) => looks[i] === 'workspace');
      // It brings everything with it: whatever was dropped beside it waits for its turn.
      if (workspace !== undefined) {
        await importWorkspace(workspace);
        setState(IDLE);
        return [];
      }
      // The command line writes tables of users beside its results; alone they are interactions like any others.
      const isOfResults = looks.some((kind) => kind === 'json' || kind === 'safetensors');
      const chosen = all ? files : files.filter((_, i) => isOfResults && looks[i] !== null);
      const taken = chosen.length === 0 ? null : await askResults((service) => service.importFiles(chosen));
      setState({ ...IDLE, taken });
      return files.filter((file) => !chosen.includes(file));
    } catch (error) {
      setState({ ...IDLE, error: asError(error) });
      return [];
    }
  };
  return { ...state, takeIn };
}

const looksLike = async (file: File) => resultsKind(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), file.size);
