import { PRESET_NAMES, type PresetName, presetFor } from '../../configuration/presets.ts';
import { complete, differences, nest, parseValue, type Value } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';

/** A run that a link to the Train page asks for. */
export interface AskedRun {
  readonly datasetId: number;
  readonly preset: PresetName;
  readonly method: string;
  readonly seed: number;
  /** What differs from the preset, by flat keys. */
  readonly changes: Readonly<Record<string, Value>>;
}

const presetName = (text: string | null): PresetName => PRESET_NAMES.find((name) => name === text) ?? 'quick';

/** The configuration of a run with something changed. @throws ConfigurationError */
export const changed = ({ configuration }: RunRow, changes: Readonly<Record<string, Value>>) =>
  complete(configuration, nest(changes));

/**
 * A link to the Train page with the configuration of a run and some changes: the dataset, the preset, and each key that differs
 * from it. @throws ConfigurationError
 */
export function linkToRun(run: RunRow, changes: Readonly<Record<string, Value>>): string {
  const preset = presetName(run.preset);
  const { method, seed, ...others } = differences(
    changed(run, changes),
    presetFor(preset, { scenario: run.scenario, sourceItems: run.sourceItems }),
  );
  const search = new URLSearchParams({
    on: String(run.datasetId),
    preset,
    method: String(method ?? run.configuration.method),
    seed: String(seed ?? run.configuration.seed),
  });
  for (const [key, value] of Object.entries(others)) search.set(key, JSON.stringify(value));
  return `/train?${search}`;
}

/** What a link asks for; null if it asks for nothing. Keys are not checked: planning the run names what is wrong. */
export function askedRun(search: URLSearchParams): AskedRun | null {
  const { on, preset, method, seed, ...others } = Object.fromEntries(search);
  if (on === undefined || method === undefined) return null;
  const changes = Object.entries(others).map(([key, text]) => [key, parseValue(text) as Value] as const);
  return {
    datasetId: Number(on),
    preset: presetName(preset),
    method,
    seed: Number(seed ?? 1),
    changes: Object.fromEntries(changes),
  };
}
