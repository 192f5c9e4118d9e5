/** A finished run of which the parameters, or the policies, are not in the database. */
export class ModelNotKeptError extends Error {
  override name = 'ModelNotKeptError';
  constructor() {
    super(
      'The model of this run was not kept: it was made by an earlier version, came from a file without it, is not the best trial of its search, or could not be saved. Run it again.',
    );
  }
}

/** A user or an item that the run’s dataset does not have: an address of another dataset, or mistyped. */
export class UnknownSubjectError extends Error {
  override name = 'UnknownSubjectError';
}

/** Filters or a name for files that were not read, or were dropped meanwhile. */
export class NothingReadError extends Error {
  override name = 'NothingReadError';
  constructor() {
    super('No files are being imported: choose them once more.');
  }
}
