import { type Configuration, differingKeys, flatten } from '../src/configuration/schema.ts';
import { groupedBy } from '../src/results/lists.ts';

/** Something that ran with a method and a seed, such as a run's report. */
interface Configured {
  readonly method: string;
  readonly configuration: Configuration;
}

/**
 * For each run what it is called beside its seed: its method, and where runs of the method differ in settings, also these. Runs with the
 * same label are the same but for the seed.
 */
export function labelsOf(runs: readonly Configured[]): string[] {
  const keysOf = new Map<string, string[]>();
  for (const [method, own] of groupedBy(runs, (run) => run.method)) {
    const keys = differingKeys(own.map(({ configuration }) => configuration));
    keysOf.set(
      method,
      keys.filter((key) => key !== 'seed'),
    );
  }
  return runs.map(({ method, configuration }) => {
    const values = flatten(configuration);
    return [method, ...(keysOf.get(method) ?? []).map((key) => `${key}=${[values[key]].flat().join('_')}`)].join(' ');
  });
}
