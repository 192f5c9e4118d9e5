import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { BackendChoice } from '../engine/backend.ts';

interface Preferences {
  readonly backend: BackendChoice;
  /** The dataset in use, on every page. */
  readonly datasetId: number | null;
  /** Whether the tour was taken or declined: it is offered until then. */
  readonly tourSeen: boolean;
  /** Whether the browser was asked to keep the studio's data for good: it is asked by itself once. */
  readonly keepAsked: boolean;
  readonly chooseBackend: (backend: BackendChoice) => void;
  readonly chooseDataset: (datasetId: number | null) => void;
  readonly seeTour: () => void;
  readonly noteKeepAsked: () => void;
}

/** What the user chose, kept over visits. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      backend: 'auto',
      datasetId: null,
      tourSeen: false,
      keepAsked: false,
      chooseBackend: (backend) => set({ backend }),
      chooseDataset: (datasetId) => set({ datasetId }),
      seeTour: () => set({ tourSeen: true }),
      noteKeepAsked: () => set({ keepAsked: true }),
    }),
    { name: 'uaf-studio preferences' },
  ),
);
