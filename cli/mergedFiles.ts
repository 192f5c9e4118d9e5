import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { UsageError } from './errors.ts';
import { writeWhole } from './whole.ts';

/** Which files in `tables` and `figures` are of a merge: these the next one removes, and no others. */
const MERGED_FILES = 'merged.json';

const schema = z.object({
  format: z.literal('uaf-studio merged'),
  version: z.literal(1),
  /** Inside the output folder: no list leads out of it. */
  files: z.array(z.string().check(z.regex(/^(tables\/[\w.=,-]+\.csv|figures\/[\w.=,-]+\.svg)$/))),
});

/** What an earlier merge wrote. @throws UsageError for a file that is no such list */
export async function readMergedFiles(out: string): Promise<string[]> {
  const file = join(out, MERGED_FILES);
  if (!existsSync(file)) return [];
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8'))).files;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.core.$ZodError)) throw error;
    throw new UsageError(`${file} is no list of what a merge wrote. Delete it, or choose another --out folder.`);
  }
}

export async function writeMergedFiles(out: string, files: readonly string[]): Promise<void> {
  const list: z.infer<typeof schema> = { format: 'uaf-studio merged', version: 1, files: [...files] };
  await writeWhole(join(out, MERGED_FILES), [`${JSON.stringify(list, null, 2)}\n`]);
}
