import { type Dataset, inParts, type Values } from './dataset.ts';
import { bytesOf } from './scratch.ts';
import { Sha256 } from './sha256.ts';

/**
 * SHA-256 of what runs depend on, in hexadecimal digits: users, items, sequences and targets. Equal for the same files prepared with the
 * same settings, in a browser or on the command line, whatever the dataset is called.
 */
export async function contentsHash({ users, sourceItems, targetItems, source, targets }: Dataset): Promise<string> {
  const digests: Uint8Array[] = [];
  // Part by part: all of them in one piece would take the memory of the dataset once more.
  for (const names of [users, sourceItems, targetItems]) {
    digests.push(await sha256(new TextEncoder().encode(names.join('\u0000'))));
  }
  for (const { offsets, values } of [source, targets]) {
    digests.push(await sha256(bytesOf(offsets)));
    digests.push(values instanceof Int32Array ? await sha256(bytesOf(values)) : await sha256OfValues(values));
  }
  const all = new Uint8Array(digests.length * 32);
  digests.forEach((digest, i) => {
    all.set(digest, i * 32);
  });
  return Array.from(await sha256(all), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

/** Of values that lie in a file: browsers only hash what is in memory. */
async function sha256OfValues(values: Values): Promise<Uint8Array> {
  const hash = new Sha256();
  for (const part of inParts(values)) {
    hash.add(bytesOf(part));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return hash.digest();
}
