import type { RunStatus } from '../../storage/database.ts';

/** A run's status as pages say it: whatever is held is paused until the user lets it go on. */
export const statusWord = (status: RunStatus): string => (status === 'held' ? 'paused' : status);
