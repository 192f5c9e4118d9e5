/** Long work in steps: whoever drives it lets messages in between them, and may end it. */
export type Steps<T> = Generator<void, T>;

/** All steps of a piece of work at once. */
export function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
