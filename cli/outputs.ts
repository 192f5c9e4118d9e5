import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What else is in an output folder. */
const TAKEN = ['runs', 'pretrained', 'tables', 'figures'];

/** A folder for each dataset, named after it; different for all. */
export function foldersOf(names: readonly string[]): string[] {
  const taken = new Set(TAKEN);
  return names.map((name) => {
    const words = name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '');
    const slug = Array.from(words || 'dataset')
      .slice(0, 60)
      .join('');
    let folder = slug;
    for (let i = 2; taken.has(folder); i++) folder = `${slug}-${i}`;
    taken.add(folder);
    return folder;
  });
}

/** An id as part of a file's name: of one that is long, or has other letters, the beginning and a hash. */
export function fileNameOf(id: string): string {
  if (/^[\w.=,-]{1,150}$/.test(id)) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${id.replace(/[^\w.=,-]/g, '_').slice(0, 120)}-${hash}`;
}

export const runFileOf = (folder: string, id: string): string => join(folder, 'runs', `${fileNameOf(id)}.json`);
export const instancesFileOf = (folder: string, id: string): string => join(folder, `instances-${fileNameOf(id)}.csv`);
export const policiesFileOf = (folder: string, id: string): string => join(folder, `policies-${fileNameOf(id)}.csv`);
