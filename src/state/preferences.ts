import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { BackendChoice } from '../engine/backend.ts';

interface Preferences {
  readonly backend: BackendChoice;
  /** The dataset in use, on every page. */
  readonly datasetId: number | null;
  readonly chooseBackend: (backend: BackendChoice) => void;
  readonly chooseDataset: (datasetId: number | null) => void;
}

/** What the user chose, kept over visits. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      backend: 'auto',
      datasetId: null,
      chooseBackend: (backend) => set({ backend }),
      chooseDataset: (datasetId) => set({ datasetId }),
    }),
    { name: 'uaf-studio preferences' },
  ),
);
