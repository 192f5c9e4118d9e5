import { type Recognition, recognise, recogniseAs } from '../data/import/recognise.ts';
import { type Assigned, assignRoles, FORMATS_OF } from '../data/import/roles.ts';
import type { SourceFile } from '../data/import/text.ts';
import type { StudioDatabase } from '../storage/database.ts';
import { forgetMapping, keepMapping, mappingOf } from '../storage/mappings.ts';
import { sourceFile } from './dropped.ts';
import type { FormattedUpload, ReadRequest, RecognisedFile } from './protocol.ts';

/** A file read as one like it was corrected before; as it was recognised where there was none, or where that does not fit. */
export async function remembered(database: StudioDatabase, file: SourceFile, recognition: Recognition): Promise<Recognition> {
  const mapping = await mappingOf(database, recognition.key);
  if (mapping === undefined) return recognition;
  const applied = await recogniseAs(file, mapping.format);
  return applied === null ? recognition : { ...applied, key: recognition.key, rememberedAt: mapping.usedAt };
}

/** What each file is for; those that are read in another way for it are read as files like them were corrected before. */
export async function assignRemembered(database: StudioDatabase, files: readonly RecognisedFile[]): Promise<readonly Assigned[]> {
  const candidates = files.map(({ recognition, chosen, ...dropped }) => ({ file: sourceFile(dropped), recognition, chosen }));
  const assigned: Assigned[] = [];
  for (const [i, { role, recognition }] of (await assignRoles(candidates)).entries()) {
    const isNew = recognition !== candidates[i].recognition;
    const other = isNew ? await remembered(database, candidates[i].file, recognition) : recognition;
    const fits = FORMATS_OF[role].includes(other.format.format);
    assigned.push({ role, recognition: fits ? other : recognition });
  }
  return assigned;
}

/** Keeps the formats that were corrected by hand; where a file was corrected back to what is recognised, nothing is kept. */
export async function keepCorrections(database: StudioDatabase, request: ReadRequest): Promise<void> {
  const { source, target, sourceNames, targetNames, attributes } = request;
  for (const upload of [source, target, sourceNames, targetNames, attributes]) {
    if (upload === null || upload.corrected === null) continue;
    if (await isAsRecognised(upload)) await forgetMapping(database, upload.corrected);
    else await keepMapping(database, upload.corrected, upload.format, Date.now());
  }
}

async function isAsRecognised(upload: FormattedUpload): Promise<boolean> {
  const { format } = upload.format;
  const isKeyed = format === 'names' || format === 'attributes';
  const plain = await recognise(sourceFile(upload), isKeyed ? { format } : {});
  return JSON.stringify(plain.format) === JSON.stringify(upload.format);
}
