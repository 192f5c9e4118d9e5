interface Seeded {
  readonly seed: number;
}

/** Runs of one method. */
interface Side<R extends Seeded> {
  readonly method: string | undefined;
  readonly runs: readonly R[];
}

/** The runs of one side by the seed that they are paired by: MostPop does not depend on it, so that its run is there for each of the others. */
export function seedsOf<R extends Seeded>({ method, runs }: Side<R>, other: Side<Seeded>): readonly R[] {
  if (method !== 'most-popular' || other.method === 'most-popular') return runs;
  return runs.slice(0, 1).flatMap((run) => other.runs.map(({ seed }) => ({ ...run, seed })));
}
