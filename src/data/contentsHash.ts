import type { Dataset } from './dataset.ts';

/**
 * SHA-256 of what runs depend on, in hexadecimal digits: users, items, sequences and targets. Equal for the same files prepared with the
 * same settings, in a browser or on the command line, whatever the dataset is called.
 */
export async function contentsHash({ users, sourceItems, targetItems, source, targets }: Dataset): Promise<string> {
  const text = (names: readonly string[]) => new TextEncoder().encode(names.join('\u0000'));
  const bytes = ({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array) =>
    new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  const parts = [users, sourceItems, targetItems].map(text);
  for (const { offsets, values } of [source, targets]) parts.push(bytes(offsets), bytes(values));
  // Part by part: all of them in one piece would take the memory of the dataset once more.
  const digests: Uint8Array[] = [];
  for (const part of parts) digests.push(await sha256(part));
  const all = new Uint8Array(digests.length * 32);
  digests.forEach((digest, i) => {
    all.set(digest, i * 32);
  });
  return Array.from(await sha256(all), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
