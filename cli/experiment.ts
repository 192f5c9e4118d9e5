import { carryOut } from './carryOut.ts';
import { isExpected } from './errors.ts';
import { mergedResults } from './merge.ts';
import { writeMerged } from './merged.ts';
import { parseOptions, USAGE } from './options.ts';

/** Runs an experiment, or merges what others ran. Returns the exit code: 0 only if every run finished. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, process.env);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (options.kind === 'run') {
    stopOnSignals();
    return carryOut(options);
  }
  const code = await writeMerged(options.out, await mergedResults(options.folders));
  console.log(`Written to ${options.out}`);
  return code;
}

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

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(isExpected(error) ? `${error.message}\n(--help lists the options)` : error);
    process.exitCode = 2;
  },
);
