// Brings node_modules to what package-lock.json says, if it is not there yet. Plain Node: nothing is installed before this.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const installed = 'node_modules/.package-lock.json';
const upToDate = existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
if (!upToDate) {
  console.log('Installing what package-lock.json names …');
  // Not `npm ci`: the lock file was made where some platforms' optional binaries (Biome's, oxc's) could not be had, and `ci`
  // refuses such a file, while `install` takes every version from it and adds the binaries of the platform it runs on.
  const { status } = spawnSync('npm', ['install', '--no-fund', '--no-audit'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
