import type { WritableValues } from '../data/dataset.ts';
import { bytesOf } from '../data/scratch.ts';
import type { NewFile, StoredFile } from './files.ts';

/** Values that lie in a file, four bytes each (little endian, as every browser's own). A batch of users reads only theirs. */
export class FileValues {
  constructor(
    private readonly file: StoredFile,
    readonly length: number,
  ) {}

  /** The file's name. */
  get name(): string {
    return this.file.name;
  }

  subarray(start: number, end: number, into?: Int32Array): Int32Array {
    const values = into === undefined ? new Int32Array(end - start) : into.subarray(0, end - start);
    this.file.read(bytesOf(values), 4 * start);
    return values;
  }
}

/** The same while they are written. */
export class NewFileValues extends FileValues implements WritableValues {
  constructor(
    private readonly target: NewFile,
    length: number,
  ) {
    super(target, length);
  }

  set(values: Int32Array, at: number): void {
    this.target.write(bytesOf(values), 4 * at);
  }
}
