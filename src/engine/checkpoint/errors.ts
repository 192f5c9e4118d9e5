/** A checkpoint from which nothing can go on. */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
  /** @param why as part of a sentence */
  constructor(why: string, options?: ErrorOptions) {
    super(`The checkpoint cannot be used: ${why}.`, options);
  }
}
