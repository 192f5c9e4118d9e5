import { startTransition, useState } from 'react';
import type { Hint, Recognition } from '../../data/import/recognise.ts';
import type { Role } from '../../data/import/roleNames.ts';
import { shownName } from '../../data/shownName.ts';
import { importing, unwrap } from '../../services/clients.ts';
import { keyOf } from '../../services/dropped.ts';
import type { DroppedFile } from '../../services/protocol.ts';
import { asError } from '../shared/asError.ts';
import { added, exchanged, type ImportFile, inOrder, MOST_FILES, type SeenFile, withRole } from './files.ts';

/** Files of an archive that are looked at, the largest first. */
const MOST_ENTRIES = 20;

/** The dropped files, each with what it was recognised as and what it is for; `onProblem` is told null when one is out of the way. */
export function useImportFiles(onProblem: (error: unknown) => void) {
  const [files, setFiles] = useState<readonly ImportFile[]>([]);
  /** What of the archives was left out, in sentences. */
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const [isReading, setReading] = useState(false);

  /** While files are read nothing else may change them. */
  const reading = async (work: () => Promise<void>) => {
    setReading(true);
    onProblem(null);
    try {
      await work();
    } catch (error) {
      onProblem(error);
    } finally {
      // Together with the files, which are drawn in a transition: what comes between would be added to those of before.
      startTransition(() => setReading(false));
    }
  };

  const place = async (wanted: readonly SeenFile[]) => {
    const { remote, call } = importing();
    const assigned = unwrap(await call(remote.assign(wanted)));
    const placed = inOrder(
      wanted.map(({ file, entry, chosen, recognition, isCorrected }, i) => ({
        file,
        entry,
        chosen,
        ...assigned[i],
        isCorrected: isCorrected && sameFormat(recognition, assigned[i].recognition),
      })),
    );
    // Hundreds of cells of previews are drawn a few at a time.
    startTransition(() => setFiles(placed));
  };

  const add = (dropped: readonly File[]) =>
    reading(async () => {
      const recognised: SeenFile[] = [];
      const problems: unknown[] = [];
      const notes: string[] = [];
      for (const file of dropped) {
        try {
          const found = await recognisedIn(file);
          recognised.push(...found.recognised);
          notes.push(...found.notes);
        } catch (error) {
          problems.push(error);
        }
      }
      setLeftOut(notes);
      if (recognised.length > 0) await place(added(files, recognised));
      // The others are there; one sentence at a time.
      if (problems.length > 0) throw problems[0];
    });

  /** Reads a file once more, with what the user knows better. */
  const correct = (entry: ImportFile, hint: Hint) =>
    reading(async () => {
      const { remote, call } = importing();
      change(entry, unwrap(await call(remote.recognise(dropped(entry), hint))));
    });

  const replace = (entry: ImportFile, after: ImportFile) =>
    setFiles((before) => before.map((other) => (keyOf(other) === keyOf(entry) ? after : other)));

  /** What was corrected by hand keeps its role when another file comes, and is kept for files like it. */
  const change = (entry: ImportFile, recognition: Recognition) => {
    const { key } = entry.recognition;
    replace(entry, {
      ...entry,
      chosen: entry.role,
      isCorrected: true,
      recognition: { ...recognition, key, rememberedAt: null },
    });
  };

  /** Reads a file as it was recognised, whatever was chosen for files like it. */
  const reset = (entry: ImportFile, isForgotten: boolean) =>
    reading(async () => {
      const { remote, call } = importing();
      if (isForgotten) unwrap(await call(remote.forget(entry.recognition.key)));
      const recognition = unwrap(await call(remote.recognise(dropped(entry), 'anew')));
      await place(
        files.map((other) =>
          keyOf(other) === keyOf(entry) ? { ...entry, recognition, isCorrected: false, chosen: null } : other,
        ),
      );
    });

  const choose = (entry: ImportFile, role: Role) => reading(() => place(withRole(files, entry, role)));
  const remove = (entry: ImportFile) => reading(() => place(files.filter((other) => keyOf(other) !== keyOf(entry))));
  const exchange = () => reading(() => place(exchanged(files)));
  return { files, leftOut, isReading, add, correct, change, reset, choose, remove, exchange };
}

const dropped = ({ file, entry }: DroppedFile): DroppedFile => ({ file, entry });

const sameFormat = (a: Recognition, b: Recognition): boolean => JSON.stringify(a.format) === JSON.stringify(b.format);

/** A file as it is recognised; of an archive those of its files that hold something, and what was left out. */
async function recognisedIn(file: File): Promise<{ recognised: readonly SeenFile[]; notes: readonly string[] }> {
  const { remote, call } = importing();
  const recognise = async (entry: DroppedFile['entry']): Promise<SeenFile> => ({
    file,
    entry,
    recognition: unwrap(await call(remote.recognise({ file, entry }))),
    chosen: null,
    isCorrected: false,
  });
  const entries = unwrap(await call(remote.unpack(file)));
  if (entries === null) return { recognised: [await recognise(null)], notes: [] };
  const recognised: SeenFile[] = [];
  const notes: string[] = [];
  const bySize = entries.toSorted((a, b) => b.size - a.size);
  let first: unknown = null;
  for (const entry of bySize.slice(0, MOST_ENTRIES)) {
    try {
      recognised.push(await recognise(entry));
    } catch (error) {
      first ??= error;
      notes.push(`${entry.path} in ${shownName(file.name)} is left out: ${asError(error).message}`);
    }
  }
  if (recognised.length === 0) throw first;
  const more = [...recognised.slice(MOST_FILES).flatMap(({ entry }) => entry ?? []), ...bySize.slice(MOST_ENTRIES)];
  const others = more.map(({ path }) => path);
  if (others.length > 0)
    notes.push(
      `Of ${shownName(file.name)} the ${MOST_FILES} largest files are taken; left out: ${others.slice(0, 5).join(', ')}${others.length > 5 ? ', …' : ''}.`,
    );
  // Which comes first may decide what is the source: they stand as in the archive.
  const place = ({ entry }: SeenFile) => (entry === null ? 0 : entries.indexOf(entry));
  return { recognised: recognised.slice(0, MOST_FILES).sort((a, b) => place(a) - place(b)), notes };
}
