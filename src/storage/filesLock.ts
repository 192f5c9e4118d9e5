/** Held together by all who write files before the rows that name them, and alone by whoever removes files that no row names. */
const FILES_LOCK = 'uaf-studio files without rows';

/** Web Locks; undefined where the browser has none, and little can be done about it. */
type Locks = LockManager | undefined;

/** Writes files, and the rows that name them: until it is done, no other worker or tab takes them for left behind. */
export const whileNaming = async <T>(locks: Locks, work: () => Promise<T>): Promise<T> =>
  locks === undefined ? work() : locks.request(FILES_LOCK, { mode: 'shared' }, work);

/** Removes files that no row names, unless some wait for their rows: the next sweep makes up for it. */
export async function whileAllNamed(locks: Locks, work: () => Promise<unknown>): Promise<void> {
  if (locks === undefined) await work();
  else await locks.request(FILES_LOCK, { ifAvailable: true }, (lock) => (lock === null ? undefined : work()));
}
