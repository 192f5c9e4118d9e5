import { StudioDatabase } from '../storage/database.ts';
import { noteDamaged } from './faults.ts';

/** The page's own connection: it reads, and writes only what the user decides (queue, names, deletions). */
export const database = new StudioDatabase(undefined, noteDamaged);
