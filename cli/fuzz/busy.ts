/** Milliseconds that processors worked for this process: another process must not make a reader slow. */
export function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
