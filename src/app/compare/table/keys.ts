import { PRESETS } from '../../../configuration/presets.ts';
import { flatten } from '../../../configuration/schema.ts';

/** Every configuration key, in its order. */
export const KEYS: readonly string[] = Object.keys(flatten(PRESETS.paper));
