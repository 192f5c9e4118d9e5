// Everything that must hold, in the order of how fast it tells: types, lint, import arrows, dead code, unit and golden
// tests, then the built studio in a real Chromium. The last line counts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium } from './chromium.mjs';

const RESULTS = 'test-results';
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

let passed = 0;
let failed = 0;

function run(title, command, words, environment = {}) {
  const started = Date.now();
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, words, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...environment },
  });
  console.log(`── ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  return status === 0;
}

function check(title, command, words) {
  if (run(title, command, words)) passed++;
  else failed++;
}

/** Counts from a runner's own report; a runner that fails without naming a test counts as one failure. */
function suite(title, command, words, environment, counts) {
  const ok = run(title, command, words, environment);
  let own = { passed: 0, failed: 0 };
  try {
    own = counts();
  } catch (error) {
    console.error(`${title}: its report cannot be read (${error.message})`);
  }
  passed += own.passed;
  failed += ok ? own.failed : Math.max(1, own.failed);
}

const json = (file) => JSON.parse(readFileSync(`${RESULTS}/${file}`, 'utf8'));

check('Types', 'npx', ['--no-install', 'tsc', '-p', '.']);
check('Lint', 'npm', ['run', '--silent', 'lint']);
check('Import arrows', 'npm', ['run', '--silent', 'arrows']);
check('Dead code', 'npx', ['--no-install', 'knip']);
suite(
  'Unit and golden tests',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}/unit.json`],
  {},
  () => {
    const { numPassedTests, numFailedTests } = json('unit.json');
    return { passed: numPassedTests, failed: numFailedTests };
  },
);
const chromium = ensureChromium();
const environment = {
  PLAYWRIGHT_JSON_OUTPUT_NAME: `${RESULTS}/e2e.json`,
  ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }),
};
suite('End-to-end tests', 'npx', ['--no-install', 'playwright', 'test', '--reporter=list,json'], environment, () => {
  const { expected, unexpected, flaky } = json('e2e.json').stats;
  return { passed: expected, failed: unexpected + flaky };
});

// The build that was just tested.
check('Bytes of the first load', 'npx', ['--no-install', 'size-limit']);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
