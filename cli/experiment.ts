import { main } from './main.ts';

/** By name, since the first process of a container has no default. A scheduler that wants the place back is not kept waiting. */
function stopOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      console.error(`\nStopped by ${signal}. What is finished is kept: the same command goes on.`);
      process.exit(code);
    });
  }
}

process.exitCode = await main(process.argv.slice(2), stopOnSignals);
