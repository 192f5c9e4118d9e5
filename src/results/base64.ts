/** Characters at a time: a call cannot take more arguments than the stack holds. */
const AT_A_TIME = 0x2000;

/** Bytes as base64, in a browser and in Node. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += AT_A_TIME)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + AT_A_TIME)));
  return btoa(parts.join(''));
}

/** @returns null for a text that is no base64 */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
