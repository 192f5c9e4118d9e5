import { useState } from 'react';
import type { Hint, Recognition } from '../../data/import/recognise.ts';
import type { Role } from '../../data/import/roles.ts';
import { importing, unwrap } from '../../services/clients.ts';
import type { RecognisedFile } from '../../services/protocol.ts';
import { added, exchanged, type ImportFile, inOrder, withRole } from './files.ts';

/** The dropped files, each with what it was recognised as and what it is for; `onProblem` is told null when one is out of the way. */
export function useImportFiles(onProblem: (error: unknown) => void) {
  const [files, setFiles] = useState<readonly ImportFile[]>([]);
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
      setReading(false);
    }
  };

  const place = async (wanted: readonly RecognisedFile[]) => {
    const { remote, call } = importing();
    const assigned = unwrap(await call(remote.assign(wanted)));
    setFiles(inOrder(wanted.map(({ file, chosen }, i) => ({ file, chosen, ...assigned[i] }))));
  };

  const add = (dropped: readonly File[]) =>
    reading(async () => {
      const { remote, call } = importing();
      const recognised: RecognisedFile[] = [];
      const problems: unknown[] = [];
      for (const file of dropped) {
        try {
          recognised.push({ file, recognition: unwrap(await call(remote.recognise(file))), chosen: null });
        } catch (error) {
          problems.push(error);
        }
      }
      if (recognised.length > 0) await place(added(files, recognised));
      // The others are there; one sentence at a time.
      if (problems.length > 0) throw problems[0];
    });

  /** Reads a file once more, with what the user knows better. */
  const correct = (entry: ImportFile, hint: Hint) =>
    reading(async () => {
      const { remote, call } = importing();
      change(entry, unwrap(await call(remote.recognise(entry.file, hint))));
    });

  /** What was corrected by hand keeps its role when another file comes. */
  const change = ({ file, role }: ImportFile, recognition: Recognition) =>
    setFiles((before) => before.map((entry) => (entry.file === file ? { file, recognition, role, chosen: role } : entry)));

  const choose = (file: File, role: Role) => reading(() => place(withRole(files, file, role)));
  const remove = (file: File) => reading(() => place(files.filter((entry) => entry.file !== file)));
  const exchange = () => reading(() => place(exchanged(files)));
  return { files, isReading, add, correct, change, choose, remove, exchange };
}
