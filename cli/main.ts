import { carryOut } from './carryOut.ts';
import { isExpected } from './errors.ts';
import { mergedResults } from './merge.ts';
import { writeMerged } from './merged.ts';
import { parseOptions, USAGE } from './options.ts';

/**
 * Runs an experiment, or merges what others ran, and tells of it on the terminal.
 *
 * @param begins called before anything is run
 * @returns the exit code: 0 only if every run finished; 2 for what was told as an error
 */
export async function main(words: readonly string[], begins: () => void = () => {}): Promise<number> {
  try {
    return await carriedOut(words, begins);
  } catch (error) {
    console.error(isExpected(error) ? `${error.message}\n(--help lists the options)` : error);
    return 2;
  }
}

async function carriedOut(words: readonly string[], begins: () => void): Promise<number> {
  const options = parseOptions(words, process.env);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (options.kind === 'run') {
    begins();
    return carryOut(options);
  }
  const code = await writeMerged(options.out, await mergedResults(options.folders));
  console.log(`Written to ${options.out}`);
  return code;
}
