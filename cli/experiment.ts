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
  if (options.kind === 'run') return carryOut(options);
  const code = await writeMerged(options.out, await mergedResults(options.folders));
  console.log(`Written to ${options.out}`);
  return code;
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
