import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileFormat } from '../data/import/format.ts';
import { StudioDatabase } from '../storage/database.ts';
import { importService } from './importService.ts';
import type { Answer, FormattedUpload, ReadRequest } from './protocol.ts';

const valueIn = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value;
};

const table = (name: string, first = 'who,what,when') =>
  new File([`${first}\n${Array.from({ length: 30 }, (_, i) => `${i % 5},${i % 7},${1_357_430_400 + i}`).join('\n')}\n`], name);

let database: StudioDatabase;
beforeEach(() => {
  database = new StudioDatabase(`mappings-${Math.random()}`);
});

const request = (source: FormattedUpload, target: FormattedUpload): ReadRequest => ({
  source,
  target,
  sourceNames: null,
  targetNames: null,
  attributes: null,
  skipBadRows: false,
});

/** A file that was corrected to have its users in the second column, and was read. */
async function corrected(): Promise<{ service: ReturnType<typeof importService>; format: FileFormat; key: string }> {
  const service = importService(database);
  const file = table('first.csv');
  const { format, key } = valueIn(await service.recognise({ file, entry: null }));
  if (format.format !== 'long') throw new Error(format.format);
  const changed = { ...format, user: 1, item: 0 };
  const plain = { file: table('other.csv'), entry: null, format, corrected: null };
  valueIn(await service.read(request({ file, entry: null, format: changed, corrected: key }, plain), () => {}));
  return { service, format: changed, key };
}

describe('corrections by hand', () => {
  it('are applied to the next file like it, and said to be; not to others', async () => {
    const { service, format, key } = await corrected();
    const next = valueIn(await service.recognise({ file: table('second.csv'), entry: null }));
    expect(next).toMatchObject({ format, key, rememberedAt: expect.any(Number) });
    const other = valueIn(await service.recognise({ file: table('second.csv', 'who,what,ever'), entry: null }));
    expect(other).toMatchObject({ format: { user: 0 }, rememberedAt: null });
  });

  it('of fields of JSON are applied whatever the order of the fields', async () => {
    const service = importService(database);
    const lines = (line: (i: number) => object) =>
      new File(
        Array.from({ length: 30 }, (_, i) => `${JSON.stringify(line(i))}\n`),
        'lines.jsonl',
      );
    const first = { file: lines((i) => ({ who: `p${i % 5}`, what: `i${i % 7}` })), entry: null };
    const { format, key } = valueIn(await service.recognise(first));
    if (format.format !== 'long') throw new Error(format.format);
    const changed = { ...first, format: { ...format, user: 1, item: 0 }, corrected: key };
    valueIn(await service.read(request(changed, changed), () => {}));
    const next = valueIn(await service.recognise({ file: lines((i) => ({ what: `i${i % 7}`, who: `p${i % 5}` })), entry: null }));
    expect(next).toMatchObject({ format: changed.format, columns: ['who', 'what'], rememberedAt: expect.any(Number) });
    expect(next.preview[0]).toEqual(['p0', 'i0']);
  });

  it('can be left aside, and forgotten', async () => {
    const { service, key } = await corrected();
    const file = { file: table('second.csv'), entry: null };
    expect(valueIn(await service.recognise(file, 'anew'))).toMatchObject({ format: { user: 0 }, rememberedAt: null });
    expect(valueIn(await service.recognise(file))).toMatchObject({ format: { user: 1 } });
    valueIn(await service.forget(key));
    expect(valueIn(await service.recognise(file))).toMatchObject({ format: { user: 0 }, rememberedAt: null });
  });

  it('that were taken back are forgotten', async () => {
    const { service, key } = await corrected();
    const file = { file: table('second.csv'), entry: null };
    const { format } = valueIn(await service.recognise(file, 'anew'));
    const upload = { ...file, format, corrected: key };
    valueIn(await service.read(request(upload, upload), () => {}));
    expect(await database.mappings.count()).toBe(0);
  });

  it('of what was not corrected nothing is kept', async () => {
    const service = importService(database);
    const file = { file: table('first.csv'), entry: null };
    const { format } = valueIn(await service.recognise(file));
    const upload = { ...file, format, corrected: null };
    valueIn(await service.read(request(upload, upload), () => {}));
    expect(await database.mappings.count()).toBe(0);
  });
});
