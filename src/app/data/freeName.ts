/** A name that no dataset has yet: the same files may be imported twice, with other filters. “music 2”, “music 3”. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let n = 2;
  while (taken.includes(`${name} ${n}`)) n++;
  return `${name} ${n}`;
}
