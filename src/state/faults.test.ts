import { beforeEach, describe, expect, it } from 'vitest';
import {
  clear,
  clearKinds,
  connectionFault,
  type Fault,
  faultOfError,
  faultOfRun,
  forgetDamaged,
  isClosed,
  loseUnsaved,
  noteDamaged,
  raise,
  useFaults,
  workerFault,
} from './faults.ts';

const named = (name: string, message = 'why') => Object.assign(new Error(message), { name });
const kinds = () => useFaults.getState().faults.map(({ kind }) => kind);

beforeEach(() => useFaults.setState({ faults: [] }));

describe('faults', () => {
  it('are one of a kind, and one of a worker: the newer one stands', () => {
    raise({ kind: 'worker-silent', worker: 'training', runId: 1 });
    raise({ kind: 'failed', message: 'a' });
    raise({ kind: 'worker-died', worker: 'training', message: 'x', runId: 1 });
    raise({ kind: 'worker-died', worker: 'import', message: 'x', runId: null });
    raise({ kind: 'failed', message: 'b' });
    expect(kinds()).toEqual(['worker-died', 'failed', 'worker-died']);
    expect(useFaults.getState().faults[1]).toEqual({ kind: 'failed', message: 'b' });
    clearKinds('worker-died');
    expect(kinds()).toEqual(['failed']);
  });

  it('are told from errors by their names', () => {
    const of = (error: unknown, known: readonly Fault[] = []) => faultOfError(error, known, 5);
    expect(of(named('QuotaExceededError'))).toEqual({
      kind: 'not-saved',
      runId: null,
      unsaved: { what: [], since: 5, why: 'full' },
    });
    expect(of(named('BackendUnavailableError'))).toEqual({ kind: 'no-backend', message: 'why' });
    expect(of(named('FilesUnavailableError'))).toEqual({ kind: 'files-unavailable', message: 'why' });
    expect(of('words')).toEqual({ kind: 'failed', message: 'words' });
    // What others have told already is not told twice.
    for (const name of ['WorkerLostError', 'DeviceLostError', 'OutdatedError']) expect(of(named(name))).toBeNull();
    expect(of(named('DatabaseClosedError'), [{ kind: 'connection-lost' }])).toBeNull();
    expect(of(named('DatabaseClosedError'))).toMatchObject({ kind: 'failed' });
  });

  it('of a worker know the run that it trains, and no other', () => {
    const news = { life: 'died', message: 'm' } as const;
    expect(workerFault({ worker: 'training', ...news }, 3)).toMatchObject({ kind: 'worker-died', runId: 3 });
    expect(workerFault({ worker: 'import', ...news }, 3)).toMatchObject({ runId: null });
    expect(workerFault({ worker: 'training', life: 'silent', message: '' }, 3)).toMatchObject({ kind: 'worker-silent' });
    expect(workerFault({ worker: 'training', life: 'answers', message: '' }, 3)).toBeNull();
  });

  it('of runs are those that concern more than one row', () => {
    expect(faultOfRun(1, named('OutOfGpuMemoryError'))).toMatchObject({ kind: 'out-of-memory', where: 'gpu' });
    expect(faultOfRun(1, named('OutOfMemoryError'))).toMatchObject({ where: 'cpu' });
    expect(faultOfRun(1, named('DivergedError'))).toBeNull();
  });

  it('of the connection leave no page where nothing can be read', () => {
    const closed = (state: Parameters<typeof connectionFault>[0]) => {
      const fault = connectionFault(state);
      return isClosed({ faults: fault === null ? [] : [fault] });
    };
    expect(closed({ type: 'open' })).toBe(false);
    expect(closed({ type: 'lost' })).toBe(false);
    expect(closed({ type: 'emptied' })).toBe(false);
    expect(closed({ type: 'blocked' })).toBe(true);
    expect(closed({ type: 'closed', why: 'newer', message: '' })).toBe(true);
  });

  it('of a run that is gone say what is lost, in place of what waits', async () => {
    const unsaved = { what: ['fine-tuning epoch 3'], since: 1, why: 'full' } as const;
    const lose = (isThrownAway = false) => loseUnsaved(async () => isThrownAway);
    raise({ kind: 'not-saved', runId: null, unsaved });
    await lose();
    expect(kinds()).toEqual(['not-saved']);
    raise({ kind: 'not-saved', runId: 4, unsaved });
    await lose();
    const ofPage = { kind: 'not-saved', runId: null, unsaved };
    expect(useFaults.getState().faults).toEqual([ofPage, { kind: 'waiting-lost', what: unsaved.what, runId: 4 }]);
    await lose();
    expect(kinds()).toEqual(['not-saved', 'waiting-lost']);
  });

  it('of a run that was thrown away say nothing more; where nobody knows, what is lost', async () => {
    const unsaved = { what: ['fine-tuning epoch 3'], since: 1, why: 'full' } as const;
    raise({ kind: 'not-saved', runId: 4, unsaved });
    await loseUnsaved(async () => true);
    expect(kinds()).toEqual([]);
    raise({ kind: 'not-saved', runId: 4, unsaved });
    await loseUnsaved(() => Promise.reject(named('DatabaseClosedError')));
    expect(kinds()).toEqual(['waiting-lost']);
  });

  it('of the page do not hide that something of a run waits', () => {
    const unsaved = { what: ['fine-tuning epoch 3'], since: 1, why: 'full' } as const;
    const waits = () => useFaults.getState().faults.some((fault) => fault.kind === 'not-saved' && fault.runId === 4);
    raise({ kind: 'not-saved', runId: 4, unsaved });
    raise({ kind: 'not-saved', runId: null, unsaved: { ...unsaved, what: [] } });
    expect(waits()).toBe(true);
    clear({ kind: 'not-saved', runId: null, unsaved });
    expect(waits()).toBe(true);
  });

  it('list each damaged row once, until it is deleted', () => {
    const row = { table: 'epochs', key: [1, 2], reason: 'x' } as const;
    noteDamaged(row);
    noteDamaged({ ...row, key: [1, 2] });
    noteDamaged({ ...row, key: [1, 3] });
    const [fault] = useFaults.getState().faults;
    expect(fault).toMatchObject({ kind: 'damaged', rows: [row, { key: [1, 3] }] });
    for (const each of fault.kind === 'damaged' ? fault.rows : []) forgetDamaged(each);
    expect(kinds()).toEqual([]);
  });
});
