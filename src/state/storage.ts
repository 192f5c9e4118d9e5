import { create } from 'zustand';
import { keepOpen } from '../storage/connection.ts';
import { database } from './database.ts';
import { clearKinds, connectionFault, raise, useFaults } from './faults.ts';
import { goOnAfterReopening } from './training.ts';

/** Whether the database has been opened in this visit: before that nothing can be drawn from it. */
export const useStorage = create<{ readonly isOpen: boolean }>()(() => ({ isOpen: false }));

/** Opens the database for the visit and tells of its faults. Settles when it is known whether it can be opened. */
export function openStorage(): Promise<void> {
  return keepOpen(database, (state) => {
    const wasLost = useFaults.getState().faults.some(({ kind }) => kind === 'connection-lost');
    clearKinds('connection-lost', 'connection-blocked', 'closed');
    const fault = connectionFault(state);
    if (fault !== null) raise(fault);
    if (state.type !== 'open') return;
    useStorage.setState({ isOpen: true });
    if (wasLost) goOnAfterReopening();
  });
}
