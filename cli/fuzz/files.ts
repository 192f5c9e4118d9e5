export type Bytes = Uint8Array<ArrayBuffer>;

export interface FuzzFile {
  readonly name: string;
  readonly bytes: Bytes;
}

export const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
export const textFile = (name: string, text: string): FuzzFile => ({ name, bytes: bytesOf(text) });
