/**
 * What a file of results can be. `table`: what the command line writes beside its results, and its run files have, too. `workspace`:
 * all of a studio, datasets included.
 */
export type ResultsKind = 'json' | 'safetensors' | 'table' | 'workspace';

/** So many bytes from the beginning of a file are enough to tell: most lines of JSON Lines are whole in them. */
export const HEAD_BYTES = 1 << 16;

/** The first file in the zip of a workspace. */
export const WORKSPACE_MANIFEST = 'uaf-studio-workspace.json';

const TABLES = ['user,item,rank_sampled,rank_all', 'user,label,predicted', 'user,block_1'];

/**
 * Whether a file may be one of results, by its beginning; null: it is something else, such as interactions.
 *
 * @param head the first `HEAD_BYTES` bytes
 * @param size of the whole file
 */
export function resultsKind(head: Uint8Array, size: number): ResultsKind | null {
  if (isWorkspace(head)) return 'workspace';
  if (head.length > 8 && head[8] === '{'.charCodeAt(0)) {
    const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getBigUint64(0, true);
    if (length + 8n <= BigInt(size)) return 'safetensors';
  }
  const text = new TextDecoder().decode(head);
  if (/^\s*\{/.test(text)) return isJsonLines(text) ? null : 'json';
  return TABLES.some((header) => text.startsWith(header)) ? 'table' : null;
}

/** A zip whose first file is the manifest. */
function isWorkspace(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 30 + WORKSPACE_MANIFEST.length));
  return text.startsWith('PK\u0003\u0004') && text.slice(30) === WORKSPACE_MANIFEST;
}

/** Whether a text is a JSON object on each line, none of them a result: interactions, or what is known of items or users. */
function isJsonLines(text: string): boolean {
  const [first, second] = text.trimStart().split('\n', 2);
  if (second === undefined || !(second.trim() === '' || second.trimStart().startsWith('{'))) return false;
  try {
    return jsonKind(JSON.parse(first)) === null;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** A file of JSON, by what it says of itself. `plan`: the command line keeps its place with it. */
export type JsonKind = 'runs' | 'report' | 'experiment' | 'plan';

/** @param written an object */
export function jsonKind(written: Readonly<Record<string, unknown>>): JsonKind | null {
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(written, key));
  if (typeof written.format === 'string' && written.format.startsWith('uaf-studio run')) return 'runs';
  if (written.format === 'uaf-studio plan') return 'plan';
  if (has('version', 'environment', 'dataset', 'runs')) return 'report';
  return has('version', 'methods', 'seeds') ? 'experiment' : null;
}
