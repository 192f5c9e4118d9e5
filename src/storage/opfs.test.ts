import { describe, expect, it } from 'vitest';
import { storageFault } from './errors.ts';
import { FileWriteError } from './files.ts';
import { writeTo } from './opfs.ts';

const failing = (write: () => number) => {
  try {
    writeTo('checkpoint-1-a', { write }, new Uint8Array(8), 0);
  } catch (error) {
    return error;
  }
  return null;
};

describe('writing to a file', () => {
  it('is whole, or the storage is full', () => {
    expect(failing(() => 8)).toBeNull();
    expect(storageFault(failing(() => 5))).toBe('full');
  });

  it('that fails is no lost connection to the database', () => {
    const error = failing(() => {
      throw new DOMException('failed', 'InvalidStateError');
    });
    expect(error).toBeInstanceOf(FileWriteError);
    expect(storageFault(error)).toBeNull();
    const full = failing(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(storageFault(full)).toBe('full');
  });
});
