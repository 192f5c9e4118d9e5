import { crc32 } from '../../data/zip/crc32.ts';
import { CheckpointError } from './errors.ts';
import { areNumbers } from './numbers.ts';
import type { StateNumbers, StateTensor, TensorRole, TrainingState } from './state.ts';

/*
 * A checkpoint as bytes: eight bytes of magic and version, eight of the header's length, the header (JSON), then the values of each
 * tensor, little-endian, each part filled up to eight bytes. What the header names is exactly what the file holds.
 */

const MAGIC = 0x43464155; // “UAFC”
const CHECKPOINT_VERSION = 1;
const PROLOGUE = 16;
/** Of epochs it holds a few kilobytes each. */
const LONGEST_HEADER = 2 ** 26;
const CHUNK = 2 ** 20;
const ROLES: readonly TensorRole[] = ['parameter', 'first', 'second', 'last step', 'best'];

/** Where the bytes go. */
export interface Sink {
  readonly write: (bytes: Uint8Array, at: number) => void;
}

/** Where they come from. */
export interface Source {
  readonly size: number;
  readonly read: (into: Uint8Array, at: number) => void;
}

interface TensorEntry extends Pick<StateTensor, 'role' | 'name' | 'shape' | 'type'> {}

interface Header {
  readonly numbers: StateNumbers;
  readonly tensors: readonly TensorEntry[];
}

const filledUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;
const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Writes a state tensor by tensor. */
export async function writeState(state: TrainingState, sink: Sink): Promise<{ bytes: number; checksum: number }> {
  let at = 0;
  let checksum = 0;
  const write = (bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length; from += CHUNK) {
      const chunk = bytes.subarray(from, from + CHUNK);
      sink.write(chunk, at);
      checksum = crc32(chunk, checksum);
      at += chunk.length;
    }
    const rest = new Uint8Array(filledUp(at) - at);
    if (rest.length === 0) return;
    sink.write(rest, at);
    checksum = crc32(rest, checksum);
    at += rest.length;
  };
  const tensors = state.tensors.map(({ role, name, shape, type }): TensorEntry => ({ role, name, shape, type }));
  const header = new TextEncoder().encode(JSON.stringify({ numbers: state.numbers, tensors } satisfies Header));
  write(bytesOf(Uint32Array.of(MAGIC, CHECKPOINT_VERSION, header.length, 0)));
  write(header);
  for (const tensor of state.tensors) {
    const values = await tensor.read();
    if (values.length !== sizeOf(tensor.shape)) throw new Error(`${tensor.role} ${tensor.name} is not of its shape.`);
    write(bytesOf(values));
  }
  return { bytes: at, checksum };
}

/**
 * Whether the bytes are those that were written.
 *
 * @param turn awaited now and then: a large file takes seconds
 * @throws CheckpointError if they are not
 */
export async function verify(
  source: Source,
  { bytes, checksum }: { bytes: number; checksum: number },
  turn: () => Promise<void>,
) {
  if (source.size !== bytes) throw new CheckpointError(`its file has ${source.size} bytes in place of ${bytes}`);
  const chunk = new Uint8Array(Math.min(CHUNK, bytes));
  let value = 0;
  for (let at = 0; at < bytes; at += CHUNK) {
    const part = chunk.subarray(0, Math.min(CHUNK, bytes - at));
    source.read(part, at);
    value = crc32(part, value);
    await turn();
  }
  if (value !== checksum) throw new CheckpointError('its file is damaged');
}

/**
 * Reads what a state consists of; values are read when they are asked for, until the source is closed.
 *
 * @throws CheckpointError if it is of another version, or does not hold what it names
 */
export function readState(source: Source): TrainingState {
  if (source.size < PROLOGUE) throw new CheckpointError('its file is cut short');
  const prologue = new Uint32Array(PROLOGUE / 4);
  source.read(bytesOf(prologue), 0);
  const [magic, version, length] = prologue;
  if (magic !== MAGIC) throw new CheckpointError('its file is of another kind');
  if (version !== CHECKPOINT_VERSION) throw new CheckpointError('another version of the studio wrote it');
  if (length > LONGEST_HEADER || PROLOGUE + length > source.size) throw new CheckpointError('its file is damaged');
  const text = new Uint8Array(length);
  source.read(text, PROLOGUE);
  const header = headerOf(new TextDecoder().decode(text));
  let at = PROLOGUE + filledUp(length);
  const places = header.tensors.map((entry) => {
    const place = { entry, at, size: sizeOf(entry.shape) };
    at += filledUp(4 * place.size);
    return place;
  });
  if (at !== source.size) throw new CheckpointError('its file does not hold what it names');
  const tensors = places.map(({ entry, at, size }): StateTensor => {
    const read = async () => {
      const values = entry.type === 'int32' ? new Int32Array(size) : new Float32Array(size);
      source.read(bytesOf(values), at);
      return values;
    };
    return { ...entry, read };
  });
  return { numbers: header.numbers, tensors };
}

/** Whether its tensors fit a run is known where the run is (`fits.ts`). */
function headerOf(text: string): Header {
  let header: Partial<Header>;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('its file is damaged', { cause });
  }
  const { numbers, tensors } = header;
  if (!areNumbers(numbers) || !Array.isArray(tensors) || !tensors.every(isEntry)) {
    throw new CheckpointError('its file does not hold what it should');
  }
  return { numbers, tensors };
}

const isEntry = ({ role, name, shape, type }: Partial<TensorEntry>): boolean =>
  ROLES.some((known) => known === role) &&
  typeof name === 'string' &&
  (type === 'float32' || type === 'int32') &&
  Array.isArray(shape) &&
  shape.every((length) => Number.isSafeInteger(length) && length >= 0) &&
  Number.isSafeInteger(4 * sizeOf(shape));
