/** Long work in steps: whoever drives it lets messages in between them, and may end it. */
export type Steps<T> = Generator<void, T>;

/** Ends work that is not done, so that it can put away what it holds; nothing where it is. */
export function end(steps: Iterator<unknown, unknown>): void {
  steps.return?.();
}

/** The same steps, each of which tells `share`; whoever ends them ends the work. */
export function* telling<S, T>(steps: Generator<unknown, T>, share: S): Generator<S, T> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield share;
    }
  } finally {
    end(steps);
  }
}

/** All steps of a piece of work at once. */
export function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
