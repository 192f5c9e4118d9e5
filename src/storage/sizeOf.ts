/**
 * Bytes that a value takes in a row: of typed arrays exactly, of everything else about what the browser writes for it (a character a
 * byte, or two where the text is not Latin; a number up to nine).
 */
export function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  switch (typeof value) {
    case 'string':
      return 2 + textBytes(value);
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 30 ? 3 : 9;
    case 'object':
      if (value === null) return 1;
      if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part), 8);
      return Object.entries(value).reduce((sum, [key, part]) => sum + 2 + key.length + sizeOf(part), 4);
    default:
      return 1;
  }
}

/** Browsers write a text in one byte a character as long as all of it is Latin. */
function textBytes(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return 2 * text.length;
  return text.length;
}
