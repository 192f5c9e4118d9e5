import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it, vi } from 'vitest';
import { type EventLog, LogBuilder, Vocabulary } from '../../events.ts';
import type { Scratch } from '../../scratch.ts';
import { readFiles } from '../dataset.ts';
import { recognise } from '../recognise.ts';
import { file } from '../testFile.ts';
import type { TimeUnit } from '../times.ts';

// Nothing stays in memory.
vi.mock('../../eventSpool.ts', async (original) => {
  const { EventSpool } = await original<typeof import('../../eventSpool.ts')>();
  return {
    EventSpool: class extends EventSpool {
      constructor(timeUnit: TimeUnit | null, scratch: Scratch | null) {
        super(timeUnit, scratch, 0);
      }
    },
  };
});

/** Bytes that are written and read back, such as a file on disk. */
class Disk implements Scratch {
  size = 0;
  private readonly bytes = new Uint8Array(1 << 24);
  write(bytes: Uint8Array, at: number): void {
    this.bytes.set(bytes, at);
    this.size = Math.max(this.size, at + bytes.length);
  }
  read(into: Uint8Array, at: number): void {
    into.set(this.bytes.subarray(at, at + into.length));
  }
}

interface Event {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

const eventsOf = (length: number): Event[] =>
  Array.from({ length }, (_, i) => ({ user: `u${i % 977}`, item: `i${(i * 7) % 4999}`, time: 1_357_430_400 + i }));
const text = (row: (event: Event) => string) => (events: readonly Event[]) =>
  new TextEncoder().encode(events.map(row).join('\n'));
/** A number that hardly two logs have in common. */
function sumOf(log: EventLog): number {
  let sum = 0;
  for (const { user, item, time } of log.chunks())
    for (let i = 0; i < user.length; i++) sum += (user[i] + 1) * ((item[i] % 13) + 1) * (((time?.[i] ?? 0) % 11) + 1);
  return sum;
}

function parquet(events: readonly Event[]): Uint8Array {
  const columnData = [
    { name: 'user', data: events.map(({ user }) => user), type: 'STRING' as const },
    { name: 'item', data: events.map(({ item }) => item), type: 'STRING' as const },
    { name: 'time', data: events.map(({ time }) => BigInt(time)), type: 'INT64' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 400_000 }));
}

describe('events that do not fit into memory', () => {
  // Sequences are more than a block of the spool, and Parquet is more than is decoded at a time.
  it.each([
    ['text', 40_000, text(({ user, item, time }) => `${user}|${item}|${time}`)],
    ['text with spaces', 40_000, text(({ user, item, time }) => `${user} ${item} ${time}`)],
    ['JSON Lines', 40_000, text((event) => JSON.stringify(event))],
    ['sequences', 140_000, text(({ user, item, time }) => `${user} ${item}:${time} ${item}:${time}`)],
    ['Parquet, a group of more rows than are decoded at a time', 300_000, parquet],
  ] as const)('go to the scratch, whatever they come from: %s', async (name, count, content) => {
    const events = eventsOf(count);
    const scratch = new Disk();
    const source = file(content(events), 'many', 1 << 16);
    const entry = { file: source, format: (await recognise(source)).format };
    const times = name === 'sequences' ? 2 : 1;
    expect(entry.format.format).toBe(times === 2 ? 'sequences' : 'long');
    const reading = await readFiles(entry, entry, { skipBadRows: false, scratch });
    const log = new LogBuilder(new Vocabulary(), new Vocabulary(), 'number', new Disk());
    for (const { user, item, time } of events) for (let n = 0; n < times; n++) log.add(user, item, time);
    const expected = sumOf(log.build());
    expect(scratch.size).toBeGreaterThan(10 * count);
    expect(sumOf(reading.source)).toBe(expected);
    expect(sumOf(reading.target)).toBe(expected);
  });
});
