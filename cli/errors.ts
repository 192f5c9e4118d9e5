import { ConfigurationError } from '../src/configuration/schema.ts';
import { ImportError } from '../src/data/errors.ts';
import { BackendUnavailableError, UnsuitableDatasetError } from '../src/engine/errors.ts';
import { ExperimentError } from '../src/experiments/experiment.ts';

/** A wrong word on the command line, or in a file that it names. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What is wrong is one dataset: on others, an experiment can go on. */
export const isOfDataset = (error: unknown): error is Error =>
  error instanceof ImportError || error instanceof UnsuitableDatasetError;

/** Errors that are the user's to mend: told in their own words, without a stack. */
export const isExpected = (error: unknown): error is Error =>
  isOfDataset(error) ||
  [UsageError, ConfigurationError, ExperimentError, BackendUnavailableError].some((kind) => error instanceof kind);
