import Papa from 'papaparse';
import { vectorsOf } from '../engine/evaluation/evaluate.ts';
import type { LoadedModel } from '../engine/inspection/inspect.ts';
import { topLists } from '../engine/inspection/lists.ts';
import { safeText } from '../results/csv.ts';

/** Users at a time: others may ask something between two parts. */
const USERS_AT_A_TIME = 64;

/** How an export goes on. */
export interface Exporting {
  readonly turn: () => Promise<void>;
  /** Told how much is done, 0 to 1. */
  readonly share: (share: number) => void;
}

type Cells = (string | number)[];

/** `user,rank,item,item_name,score`: the `count` highest scores of each user, best first. */
export function listsFile(loaded: LoadedModel, users: Int32Array, count: number, exporting: Exporting): Promise<Blob> {
  const { model, dataset } = loaded;
  const { targetItems, targetNames } = dataset;
  return csvFile(['user', 'rank', 'item', 'item_name', 'score'], users, exporting, async (part) => {
    const lists = await topLists(model, dataset, part, count, exporting.turn);
    return lists.flatMap((list, i) =>
      list.map(({ item, score }, place): Cells => {
        const name = targetNames?.[item] ?? '';
        return [safeText(dataset.users[part[i]]), place + 1, safeText(targetItems[item]), safeText(name), exactly(score)];
      }),
    );
  });
}

/** `user,h_1,…,h_k`. */
export function vectorsFile({ model, dataset }: LoadedModel, users: Int32Array, exporting: Exporting): Promise<Blob> {
  const { channels } = model.context.configuration;
  const header = ['user', ...Array.from({ length: channels }, (_, c) => `h_${c + 1}`)];
  return csvFile(header, users, exporting, async (part) => {
    const vectors = await vectorsOf(model, dataset, part, exporting.turn);
    return Array.from(part, (user, i) => [
      safeText(dataset.users[user]),
      ...Array.from(vectors.subarray(i * channels, (i + 1) * channels), exactly),
    ]);
  });
}

/** Nine figures tell any two 32-bit floats apart. */
const exactly = (value: number): number => Number(value.toPrecision(9));

/** A table that is made, and kept, part by part. */
async function csvFile(
  header: string[],
  users: Int32Array,
  { turn, share }: Exporting,
  rowsOf: (part: Int32Array) => Promise<Cells[]>,
): Promise<Blob> {
  const written = (rows: Cells[]) => new Blob([`${Papa.unparse(rows, { newline: '\n' })}\n`]);
  const parts = [written([header])];
  let told = 0;
  for (let from = 0; from < users.length; from += USERS_AT_A_TIME) {
    parts.push(written(await rowsOf(users.subarray(from, from + USERS_AT_A_TIME))));
    const done = Math.min(1, (from + USERS_AT_A_TIME) / users.length);
    if (done - told >= 0.01 || done === 1) {
      told = done;
      share(done);
    }
    await turn();
  }
  return new Blob(parts, { type: 'text/csv' });
}
