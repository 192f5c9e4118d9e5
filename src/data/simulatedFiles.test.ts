import { describe, expect, it } from 'vitest';
import { type FileSizes, fineTuningLines, longRows, pretrainingLines } from './simulatedFiles.ts';

const sizes: FileSizes = { users: 400, length: 12, sourceItems: 45, targetItems: 23, targetUsers: 150, instances: 500, seed: 3 };
const text = (pieces: Iterable<Uint8Array>) => [...pieces].map((piece) => new TextDecoder().decode(piece)).join('');

describe('simulated files', () => {
  const pretraining = text(pretrainingLines(sizes));
  const rows = pretraining.trimEnd().split('\n');

  it('have as many users, items and targets as asked for', () => {
    expect(rows).toHaveLength(400);
    expect(rows.every((row) => row.split(',').length === 12)).toBe(true);
    expect(new Set(rows.flatMap((row) => row.split(','))).size).toBe(45);
    const lines = text(fineTuningLines(sizes)).trimEnd().split('\n');
    expect(lines).toHaveLength(150);
    const targets = lines.flatMap((line) => line.split(',,')[1].split(','));
    expect(targets).toHaveLength(500);
    expect(new Set(targets).size).toBe(23);
  });

  it('tell the same of a user in both formats, and again from the same seed', () => {
    const source = text(longRows(sizes, 'source')).trimEnd().split('\n').slice(1);
    const ofUser = source.filter((row) => row.startsWith('7,'));
    expect(ofUser.map((row) => row.split(',')[1]).join(',')).toBe(rows[6]);
    const times = ofUser.map((row) => Number(row.split(',')[2]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(text(pretrainingLines(sizes))).toBe(pretraining);
    expect(text(pretrainingLines({ ...sizes, seed: 4 }))).not.toBe(pretraining);
    expect(text(fineTuningLines(sizes)).split('\n')[6].split(',,')[0]).toBe(rows[6]);
  });

  it('have popular items', () => {
    const counts = new Map<string, number>();
    for (const item of rows.flatMap((row) => row.split(','))) counts.set(item, (counts.get(item) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    expect(sorted[0]).toBeGreaterThan(1.3 * sorted[40]);
  });
});
