import type { FileFormat } from './format.ts';
import { type FileProfile, profileOf } from './profile.ts';
import { type Recognition, recognise } from './recognise.ts';
import { type Role, rolesIn } from './roleNames.ts';
import type { SourceFile } from './text.ts';

/** A file of an import, what it is taken for, and its role if that was chosen by hand. */
export interface Candidate {
  readonly file: SourceFile;
  readonly recognition: Recognition;
  readonly chosen: Role | null;
}

export interface Assigned {
  readonly role: Role;
  /** Anew where the role asks for another format. */
  readonly recognition: Recognition;
}

/** Which formats a role can have; the first is taken where the content does not say. */
export const FORMATS_OF: Record<Role, readonly FileFormat['format'][]> = {
  source: ['long', 'sequences', 'pretraining-lines'],
  target: ['long', 'labels', 'sequences', 'fine-tuning-lines'],
  both: ['domains'],
  sourceNames: ['names'],
  targetNames: ['names'],
  attributes: ['attributes'],
  unused: ['long', 'labels', 'domains', 'sequences', 'pretraining-lines', 'fine-tuning-lines', 'names', 'attributes'],
};

/**
 * Finds out which file is for what, from the ids in them. Roles chosen by hand stay.
 *
 * @throws ImportError for a file that cannot be read
 */
export async function assignRoles(candidates: readonly Candidate[]): Promise<readonly Assigned[]> {
  const profiles: FileProfile[] = [];
  for (const { file, recognition } of candidates) profiles.push(await profileOf(file, recognition));
  const assigned: Assigned[] = [];
  const chosen = candidates.map((candidate) => candidate.chosen);
  const roles = rolesOf(profiles, chosen);
  const isPair = profiles.some(({ lines }, i) => lines === 'fine-tuning-lines' && roles[i] === 'target');
  for (const [i, role] of roles.entries()) {
    const { file, recognition } = candidates[i];
    const { format } = recognition;
    // Beside fine-tuning lines, lines of items between commas are those that go with them, padded or not.
    const isOther = isPair && role === 'source' && format.format === 'sequences' && format.separator === ',' && !format.pair;
    assigned.push({
      role,
      recognition: isOther
        ? await recognise(file, { format: 'pretraining-lines' })
        : await recognitionFor(role, file, recognition),
    });
  }
  return assigned;
}

async function recognitionFor(role: Role, file: SourceFile, before: Recognition): Promise<Recognition> {
  const possible = FORMATS_OF[role];
  if (possible.includes(before.format.format)) return before;
  const plain = await recognise(file);
  return possible.includes(plain.format.format) ? plain : recognise(file, { format: possible[0] });
}

/** Less than this of the ids in common is chance. */
const LEAST_OVERLAP = 0.02;

/**
 * The role of each file: what people did first (two files), then what these files' items and users are found in. With only
 * one file of interactions, a file about users has their labels: the target of a profile task.
 */
function rolesOf(profiles: readonly FileProfile[], chosen: readonly (Role | null)[]): Role[] {
  const roles = [...chosen];
  const open = () => profiles.map((profile, i) => ({ profile, i })).filter(({ i }) => roles[i] === null);
  const isFree = (role: Role) => !roles.some((taken) => taken !== null && rolesIn(taken).includes(role));
  const holder = (role: 'source' | 'target'): FileProfile | null => {
    const [alone, both] = [profiles[roles.indexOf(role)], profiles[roles.indexOf('both')]];
    return alone ?? (both?.domains ? { ...both, items: both.domains[role] } : null);
  };
  const take = (role: Role, among: readonly { readonly i: number }[]) => {
    if (isFree(role) && among.length > 0) roles[among[0].i] = role;
  };

  const others = profiles.filter((profile) => profile.isInteractions && profile.domains === null);
  // A file with both domains is enough; beside two others it is one of theirs.
  if (isFree('source') && isFree('target') && others.length < 2)
    take(
      'both',
      open().filter(({ profile }) => profile.domains !== null),
    );
  const interactions = () => open().filter(({ profile }) => profile.lines !== null || profile.isInteractions);
  take(
    'target',
    interactions().filter(({ profile }) => profile.lines === 'fine-tuning-lines'),
  );
  take(
    'source',
    interactions().filter(({ profile }) => profile.lines !== 'fine-tuning-lines'),
  );
  take('target', interactions());

  // Users who did one thing each: not told from a table about users but by what else is there.
  const single = () => open().filter(({ profile }) => profile.about !== 'item');
  const isSource = ({ profile }: { profile: FileProfile }) => !profile.isLabels;
  take('source', [...single().filter(isSource), ...single(), ...open()]);
  const scoresOf = (profile: FileProfile) => scores(profile, holder('source'), holder('target'));
  const isAboutItems = ({ profile }: { profile: FileProfile }) => {
    const { sourceNames, targetNames, attributes } = scoresOf(profile);
    const best = Math.max(sourceNames, targetNames);
    return best >= LEAST_OVERLAP && best > attributes;
  };
  const likelihood = ({ profile }: { profile: FileProfile }) => (profile.isDated ? 0 : profile.isLabels ? 1 : profile.width);
  take(
    'target',
    single()
      .filter((entry) => !isAboutItems(entry))
      .sort((a, b) => likelihood(a) - likelihood(b)),
  );

  const tables = open().filter(({ profile }) => !profile.isInteractions);
  const wishes = tables.flatMap(({ profile, i }) => {
    const byRole = scoresOf(profile);
    return (['sourceNames', 'targetNames', 'attributes'] as const).map((role) => ({ i, role, score: byRole[role] }));
  });
  for (const { i, role, score } of wishes.sort((a, b) => b.score - a.score)) {
    if (score >= LEAST_OVERLAP && roles[i] === null) take(role, [{ i }]);
  }
  return roles.map((role) => role ?? 'unused');
}

type Supplement = 'sourceNames' | 'targetNames' | 'attributes';

/** How well a table fits each of the optional roles, beside the two files of interactions: 0 to 1.5. */
function scores(table: FileProfile, source: FileProfile | null, target: FileProfile | null): Record<Supplement, number> {
  const targetItems =
    target === null || target.isLabels ? new Set<string>() : target.lines === null ? target.items : target.targets;
  // The header's word weighs more than numbers that may be anybody's.
  const asItems = (table.about === 'user' ? 0.1 : 1) * (table.hasNames ? 1 : 0.3);
  const asUsers = (table.about === 'item' ? 0.1 : 1) * (table.hasClasses ? 1 : 0.3);
  return {
    sourceNames: asItems * overlap(table.itemKeys, source?.items ?? new Set()),
    targetNames: asItems * overlap(table.itemKeys, targetItems),
    attributes:
      asUsers *
      Math.max(overlap(table.userKeys, source?.users ?? new Set()), overlap(table.userKeys, target?.users ?? new Set())),
  };
}

/**
 * The share of the smaller set that is in the other one, since a catalogue has more than occurs; where ids are plain numbers
 * that all sets have, the set of the most similar size wins.
 */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const id of a) if (b.has(id)) both++;
  return both / Math.min(a.size, b.size) + (0.5 * both) / (a.size + b.size - both);
}
