const DAY = 86_400_000;

/** A day as a date field has it, in UTC, as the files' times are. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The first moment of a day; null for a field that is empty, or not filled in yet. */
export function startOf(day: string): number | null {
  const time = Date.parse(day);
  return Number.isNaN(time) ? null : time;
}

/** The last millisecond of a day. */
export function endOf(day: string): number | null {
  const start = startOf(day);
  return start === null ? null : start + DAY - 1;
}
