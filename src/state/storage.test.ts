import { beforeEach, expect, it, vi } from 'vitest';
import { type ConnectionState, keepOpen } from '../storage/connection.ts';
import { raise, useFaults } from './faults.ts';
import { openStorage, useStorage } from './storage.ts';
import { goOnAfterReopening } from './training.ts';

vi.mock('../storage/connection.ts', () => ({ keepOpen: vi.fn() }));
vi.mock('./database.ts', () => ({ database: {} }));
vi.mock('./training.ts', () => ({ goOnAfterReopening: vi.fn() }));

let tell: (state: ConnectionState) => void = () => {};

beforeEach(() => {
  vi.mocked(keepOpen).mockImplementation(async (_, told) => {
    tell = told;
  });
});

it('goes on with the queue when a connection that was lost is open again', async () => {
  await openStorage();
  tell({ type: 'open' });
  expect(useStorage.getState().isOpen).toBe(true);
  raise({ kind: 'failed', message: 'x' });
  expect(goOnAfterReopening).not.toHaveBeenCalled();
  tell({ type: 'lost' });
  tell({ type: 'open' });
  expect(goOnAfterReopening).toHaveBeenCalledOnce();
  expect(useFaults.getState().faults.map(({ kind }) => kind)).toEqual(['failed']);
  tell({ type: 'lost' });
  tell({ type: 'emptied' });
  expect(goOnAfterReopening).toHaveBeenCalledOnce();
});
