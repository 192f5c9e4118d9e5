/** What the builder keeps beside the address in the browser's history. */
interface Kept {
  readonly begunAt: string;
}

const isKept = (state: unknown): state is Kept => typeof state === 'object' && state !== null && 'begunAt' in state;

/**
 * The search with which the present plan was begun. The builder writes what is changed into the address, and has to stay the same
 * meanwhile: whoever types would lose the focus. Elsewhere, also one step back, another plan is begun.
 *
 * @param state of the history's present entry
 */
export const begunAt = (search: string, state: unknown): string => (isKept(state) ? state.begunAt : search);

/** The state of an entry that goes on with a plan. */
export const goingOn = (begun: string): Kept => ({ begunAt: begun });
