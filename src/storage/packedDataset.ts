import type { Dataset, Values } from '../data/dataset.ts';

/** Names one after the other as UTF-8, and how long each is, in characters of two bytes: millions of strings are slow to store. */
interface PackedNames {
  readonly text: Uint8Array;
  readonly lengths: Uint8Array | Uint32Array;
}

/** A large dataset but for the values of its source sequences, which lie in a file. */
export interface PackedDataset
  extends Omit<Dataset, 'users' | 'sourceItems' | 'targetItems' | 'sourceNames' | 'targetNames' | 'source'> {
  readonly users: PackedNames;
  readonly sourceItems: PackedNames;
  readonly targetItems: PackedNames;
  readonly sourceNames: PackedNames | null;
  readonly targetNames: PackedNames | null;
  readonly source: { readonly offsets: Uint32Array; readonly file: string; readonly length: number };
}

/** Names that are packed between two turns. */
const PART = 1 << 15;

/** @param turn awaited now and then */
export async function packDataset(dataset: Dataset, file: string, turn: () => Promise<void>): Promise<PackedDataset> {
  const { users, sourceItems, targetItems, sourceNames, targetNames, source, ...rest } = dataset;
  return {
    ...rest,
    users: await packNames(users, turn),
    sourceItems: await packNames(sourceItems, turn),
    targetItems: await packNames(targetItems, turn),
    sourceNames: sourceNames && (await packNames(sourceNames, turn)),
    targetNames: targetNames && (await packNames(targetNames, turn)),
    source: { offsets: source.offsets, file, length: source.values.length },
  };
}

export function unpackDataset(packed: PackedDataset, values: Values): Dataset {
  const { users, sourceItems, targetItems, sourceNames, targetNames, source, ...rest } = packed;
  return {
    ...rest,
    users: unpackNames(users),
    sourceItems: unpackNames(sourceItems),
    targetItems: unpackNames(targetItems),
    sourceNames: sourceNames && unpackNames(sourceNames),
    targetNames: targetNames && unpackNames(targetNames),
    source: { offsets: source.offsets, values },
  };
}

/** Bytes of a dataset as it is packed, and of its file. */
export function packedBytes({
  users,
  sourceItems,
  targetItems,
  sourceNames,
  targetNames,
  source,
  targets,
  attributes,
}: PackedDataset): number {
  const names = [users, sourceItems, targetItems, sourceNames, targetNames].filter((some) => some !== null);
  const arrays = [...names.flatMap(({ text, lengths }) => [text, lengths]), source.offsets, targets.offsets, targets.values];
  return (
    4 * source.length + [...arrays, ...attributes.map(({ codes }) => codes)].reduce((sum, { byteLength }) => sum + byteLength, 0)
  );
}

/** Whether all names that were unpacked are as long as they should be: not of a text that was cut short. */
export function areWhole(packed: PackedDataset, unpacked: Dataset): boolean {
  const lists = ['users', 'sourceItems', 'targetItems', 'sourceNames', 'targetNames'] as const;
  return lists.every((list) => {
    const [names, lengths] = [unpacked[list], packed[list]?.lengths];
    return names === null || names.every((name, i) => name.length === lengths?.[i]);
  });
}

async function packNames(names: readonly string[], turn: () => Promise<void>): Promise<PackedNames> {
  const encoder = new TextEncoder();
  let [characters, longest] = [0, 0];
  for (const name of names) {
    characters += name.length;
    longest = Math.max(longest, name.length);
  }
  const lengths = longest < 256 ? new Uint8Array(names.length) : new Uint32Array(names.length);
  // As many bytes as characters are enough for ASCII.
  let text = new Uint8Array(characters);
  let bytes = 0;
  for (let from = 0; from < names.length; from += PART) {
    const some = names.slice(from, from + PART);
    some.forEach((name, i) => {
      lengths[from + i] = name.length;
    });
    const part = some.join('');
    let encoded = encoder.encodeInto(part, text.subarray(bytes));
    if (encoded.read < part.length) {
      const larger = new Uint8Array(text.length + 3 * part.length);
      larger.set(text.subarray(0, bytes));
      text = larger;
      encoded = encoder.encodeInto(part, text.subarray(bytes));
    }
    bytes += encoded.written;
    await turn();
  }
  return { text: bytes === text.length ? text : text.slice(0, bytes), lengths };
}

function unpackNames({ text, lengths }: PackedNames): string[] {
  const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  const names = new Array<string>(lengths.length);
  for (let i = 0, at = 0; i < names.length; i++) {
    names[i] = whole.substring(at, at + lengths[i]);
    at += lengths[i];
  }
  return names;
}
