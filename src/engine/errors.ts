/** A backend that was asked for cannot be had on this device. */
export class BackendUnavailableError extends Error {
  override name = 'BackendUnavailableError';
  constructor(backend: string, why: string) {
    super(`The ${backend} backend is not available. ${why}`);
  }
}

/** The GPU went away while a run was using it. */
export class DeviceLostError extends Error {
  override name = 'DeviceLostError';
  constructor(message: string) {
    super(`The GPU device was lost (${message}). Reload the page, or go on with the WASM backend.`);
  }
}

/** The GPU refused something that was asked of it. */
export class GpuError extends Error {
  override name = 'GpuError';
  constructor(message: string) {
    super(`The GPU refused a command: ${message} Use the WASM backend, and please report this.`);
  }
}

/** The model and its batches do not fit into the GPU's memory. */
export class OutOfGpuMemoryError extends Error {
  override name = 'OutOfGpuMemoryError';
  constructor(message: string) {
    super(`The GPU’s memory is full (${message}). Use a smaller batch, fewer channels or sampled softmax, or the WASM backend.`);
  }
}

/** The loss is no longer a number. */
export class DivergedError extends Error {
  override name = 'DivergedError';
  constructor(stage: string, epoch: number, step: number) {
    super(`The loss of ${stage} became infinite or not a number in epoch ${epoch}, step ${step}. Try a smaller learning rate.`);
  }
}

/** The user asked a run to stop. */
export class StoppedError extends Error {
  override name = 'StoppedError';
  constructor() {
    super('The run was stopped.');
  }
}

/** A dataset on which the run that was asked for is not possible. */
export class UnsuitableDatasetError extends Error {
  override name = 'UnsuitableDatasetError';
}
