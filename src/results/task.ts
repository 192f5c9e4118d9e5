import type { Configuration } from '../configuration/schema.ts';

/** What decides which instances are tested: runs that agree in it tested the same ones. @param dataset names the data */
export const testedBy = (dataset: string | number, { dataset: split, fineTuning }: Configuration): string =>
  JSON.stringify([dataset, split, fineTuning.selectOn]);
