import type { Case } from './cases.ts';
import type { Runner } from './engine.ts';

export const IMPLEMENTATIONS = ['studio', 'tfjs', 'tfjs-tuned', 'jax-js', 'pytorch'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** What runs in any of them; PyTorch is a process of its own. */
export type Portable = Exclude<Implementation, 'pytorch'>;

/** A backend with its adapter, in Node or in a browser: where steps are timed side by side. */
export interface Place {
  /** As the results name it: `chromium webgpu, google swiftshader`. */
  readonly backend: string;
  /** A GPU that the CPU plays. */
  readonly software: boolean;
  /** Versions, and whatever else bears on the figures. */
  readonly about: readonly string[];
  /** null where an implementation does not know the case, or is not there. */
  readonly runner: (implementation: Implementation, of: Case) => Promise<Runner | null>;
}

export interface PlaceOptions {
  readonly threads: 1 | 2;
  readonly implementations: readonly Implementation[];
}

/** Opens places one after the other, and closes each before the next. What cannot be had is said in a sentence and left out. */
export type Places = (options: PlaceOptions) => AsyncGenerator<Place>;

/** Says that something is left out, and why. */
export function leaveOut(what: string, why: unknown): void {
  const [first] = (why instanceof Error ? why.message : String(why)).split('\n');
  console.log(`${what} is left out: ${first}`);
}
