/**
 * Does one thing at a time, in the order in which they are asked for; what is given up before its turn is never begun, and
 * nobody hears of its result.
 *
 * @returns begins or lines up a piece of work; what it returns gives it up
 */
export function inTurn() {
  let last: Promise<void> = Promise.resolve();
  return <T>(work: () => Promise<T>, onValue: (value: T) => void, onError: (error: Error) => void): (() => void) => {
    let wanted = true;
    last = last.then(async () => {
      if (!wanted) return;
      try {
        const value = await work();
        if (wanted) onValue(value);
      } catch (error) {
        if (wanted) onError(error instanceof Error ? error : new Error(String(error)));
      }
    });
    return () => {
      wanted = false;
    };
  };
}
