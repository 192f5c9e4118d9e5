import { WORKSPACE_MANIFEST } from '../../results/recognise.ts';

/** What the first file of a workspace is called; by it the whole is recognised. */
export const MANIFEST = WORKSPACE_MANIFEST;
export const LISTING = 'contents.json';
export const SETTINGS = 'settings.record';

export const WORKSPACE_VERSION = 1;

/** Folders of records, by what they hold, in the order in which they are taken in: runs need all the others. */
export const FOLDERS = ['datasets', 'pretrained', 'experiments', 'runs'] as const;
export type Folder = (typeof FOLDERS)[number];

export const recordName = (folder: Folder, number: number): string => `${folder}/${number}.record`;
export const fileEntry = (name: string): string => `files/${name}`;

/** What a name inside the file of a workspace stands for; null for one that is none of a workspace. */
export function folderOf(name: string): { readonly folder: Folder; readonly number: number } | null {
  const parts = /^([a-z]+)\/(\d{1,15})\.record$/.exec(name);
  const folder = FOLDERS.find((known) => known === parts?.[1]);
  return folder === undefined || parts === null ? null : { folder, number: Number(parts[2]) };
}
