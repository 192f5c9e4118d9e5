import { describe, expect, it } from 'vitest';
import type { Role } from '../../data/import/roleNames.ts';
import { added, datasetName, exchanged, type ImportFile, inOrder, unorderedIn, uploadOf, usedIn, withRole } from './files.ts';

const entry = (name: string, role: Role, chosen: Role | null = null): ImportFile => ({
  file: new File(['a,b'], name, { lastModified: 1 }),
  entry: null,
  recognition: {
    format: { format: 'pretraining-lines' },
    columns: [],
    preview: [],
    lines: [],
    key: 'lines',
    isWindows1252: false,
    rememberedAt: null,
  },
  role,
  chosen,
  isCorrected: false,
});
const [books, songs, people, music] = [
  entry('books.csv.gz', 'target'),
  entry('songs.csv', 'sourceNames', 'sourceNames'),
  entry('people.csv', 'unused', 'unused'),
  entry('music.tsv', 'source'),
];
const chosenOf = (files: readonly ImportFile[]) => files.map(({ chosen }) => chosen);

describe('dropped files', () => {
  it('stand by what they are for, and name the dataset by its interactions', () => {
    const ordered = inOrder([people, books, songs, music]);
    expect(ordered).toEqual([music, books, songs, people]);
    expect(datasetName(ordered)).toBe('music → books');
    expect(uploadOf(ordered, 'target')?.file).toBe(books.file);
    expect(uploadOf(ordered, 'attributes')).toBeNull();
  });

  it('count with their own size where they are in an archive, and not where they are not used', () => {
    const archive = new File(['packed'], 'all.zip');
    const packed = { path: 'in/a.csv', offset: 0, packed: 3, size: 30, crc: 0, method: 8, isEncrypted: false };
    const inArchive = (role: Role): ImportFile => ({ ...entry('', role), file: archive, entry: packed });
    expect(usedIn([inArchive('source'), books, inArchive('unused')])).toEqual([
      { name: 'a.csv', size: 30 },
      { name: 'books.csv.gz', size: 3 },
    ]);
  });

  it('are called by their paths where another one that is used has their name', () => {
    const archive = new File(['packed'], 'all.zip');
    const rows = { kind: 'delimited', separator: ',', header: true, width: 3 } as const;
    const format = { format: 'long', rows, user: 0, item: 1, time: null, timeUnit: 'seconds', isOrdered: false } as const;
    const inArchive = (path: string, role: Role): ImportFile => {
      const plain = entry('', role);
      const packed = { path, offset: 0, packed: 3, size: 30, crc: 0, method: 8, isEncrypted: false };
      return { ...plain, file: archive, entry: packed, recognition: { ...plain.recognition, format } };
    };
    const all = [inArchive('music/ratings.csv', 'source'), inArchive('books/ratings.csv', 'target')];
    expect(unorderedIn(all)).toEqual(['music/ratings.csv', 'books/ratings.csv']);
    expect(unorderedIn([all[0], inArchive('films/ratings.csv', 'unused')])).toEqual(['ratings.csv']);
    expect(unorderedIn([all[0], inArchive('books/names.csv', 'sourceNames')])).toEqual(['ratings.csv', 'names.csv']);
  });

  it('give way to the one that gets their role by hand; several may be not used', () => {
    expect(chosenOf(withRole([books, songs, people], books, 'sourceNames'))).toEqual(['sourceNames', null, 'unused']);
    expect(chosenOf(withRole([books, songs, people], books, 'unused'))).toEqual(['unused', 'sourceNames', 'unused']);
    expect(chosenOf(exchanged([music, books, songs]))).toEqual(['target', 'source', 'sourceNames']);
  });

  it('of both domains stand for source and target, and carry what was corrected', () => {
    const rows = { kind: 'delimited', separator: ',', header: true, width: 3 } as const;
    const columns = { rows, user: 0, item: 1, time: null, timeUnit: 'seconds', isOrdered: false } as const;
    const format = { format: 'domains', ...columns, domain: 2, source: 'music', target: 'books' } as const;
    const plain = entry('all.zip', 'both', 'both');
    const both = { ...plain, recognition: { ...plain.recognition, format } };
    expect(uploadOf([both], 'source')).toMatchObject({ format, corrected: null });
    expect(uploadOf([both], 'target')).toEqual(uploadOf([both], 'source'));
    expect(datasetName([both])).toBe('music → books');
    const [other] = exchanged([both]);
    expect(datasetName([other])).toBe('books → music');
    expect(uploadOf([other], 'source')?.corrected).toBe('lines');
    expect(chosenOf(withRole([both, songs], songs, 'source'))).toEqual([null, 'source']);
  });

  it('are five at most, the last ones; a file that comes again takes its own place', () => {
    const six = Array.from({ length: 6 }, (_, i) => entry(`${i}.csv`, 'unused'));
    expect(added(six.slice(0, 3), six.slice(3))).toEqual(six.slice(1));
    expect(added([music, books], [entry('music.tsv', 'unused')]).map(({ file }) => file.name)).toEqual([
      'books.csv.gz',
      'music.tsv',
    ]);
  });
});
