/** Something that was asked about is not, or no longer, in the database. */
export class NothingStoredError extends Error {
  override name = 'NothingStoredError';
}
