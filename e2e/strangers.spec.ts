import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { HOSTILE_NAMES } from '../src/results/hostile.testing.ts';
import { PAGES } from './pages.ts';
import { chooseMethods, expect, openStudio, runs, saved, setParameters, test } from './studio.ts';

const POLICY = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/;

/** Every address: all pages, and what a stranger’s link leads to. */
const ADDRESSES = [...PAGES.map(({ path }) => path), '/experiment?share=%3Cimg%20src=x%20onerror=pwned=1%3E'];

/** What the policy stopped, in whichever document of the page. */
async function violationsOf(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeFunction('noteViolation', (words: string) => violations.push(words));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      Reflect.get(window, 'noteViolation')(`${violatedDirective}: ${blockedURI} (${sourceFile})`);
    });
  });
  return violations;
}

/** Nothing of a name was taken for markup, and no page is wider than the window. */
async function expectOnlyText(page: Page): Promise<void> {
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
  await expect(page.locator('img[src=x], svg[onload], main b:empty')).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

const rows = (lines: readonly (readonly string[])[]) =>
  Buffer.from(lines.map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\n'));

/** Users, items, names and attributes that are called after nothing good. */
function hostileFiles() {
  // Ids of their own, which are not white space, and files that stay small.
  const ids = HOSTILE_NAMES.map((name, i) => `${name.slice(0, 300).trim()}${i}`);
  const interactions = (each: number, prefix: string) =>
    Array.from({ length: 40 * each }, (_, i) => [
      `${ids[i % ids.length]}${i % 40}`,
      prefix + ids[(i * 7) % ids.length],
      String(1_357_430_400 + i),
    ]);
  const source = interactions(8, '');
  return [
    { name: '<img src=x onerror=pwned=1>.csv', rows: [['user_id', 'item_id', 'timestamp'], ...source] },
    { name: `${'<script>pwned=1</script>'}\u202e.csv`, rows: [['user_id', 'item_id', 'timestamp'], ...interactions(4, '+')] },
    { name: '=names.csv', rows: [['item_id', 'title'], ...ids.map((id, i) => [id, HOSTILE_NAMES[i]])] },
    {
      name: 'people.csv',
      rows: [
        ['user_id', '<b onclick=pwned=1>', '__proto__'],
        ...ids.flatMap((_, i) =>
          source.slice(i, i + 1).map(([user]) => [user, HOSTILE_NAMES[i % 4], HOSTILE_NAMES[(i % 3) + 4]]),
        ),
      ],
    },
  ].map(({ name, rows: lines }) => ({ name, mimeType: 'text/csv', buffer: rows(lines) }));
}

test('names that are markup, script and formulas are text on every page, and the policy has nothing to stop', async ({
  page,
}) => {
  const policy = POLICY.exec(readFileSync('dist/index.html', 'utf8'))?.[1] ?? '';
  const directives = new Map(policy.split(';').map((part) => [part.trim().split(' ')[0], part.trim().split(' ').slice(1)]));
  expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  expect(directives.get('default-src')).toEqual(["'self'"]);
  const violations = await violationsOf(page);
  await openStudio(page);
  await page.getByRole('button', { name: 'Import files' }).click();
  await page.getByLabel('Files to import').setInputFiles(hostileFiles());
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('region', { name: /^Dataset .*script/ })).toBeVisible();
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'MostPop', 'UAF-Hard');
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '1' });
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect
    .poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(['finished', 'finished']);
  for (const address of ADDRESSES) {
    await page.goto(`./#${address}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const region = PAGES.find(({ path }) => path === address)?.region ?? /./;
    await expect(page.getByRole('region', { name: region }).or(page.getByRole('alert')).last()).toBeVisible();
    await expectOnlyText(page);
  }
  await page.goto('./#/compare');
  const report = readFileSync(await saved(page, 'HTML report'), 'utf8');
  expect(report).toContain('&lt;script&gt;pwned=1');
  expect(report).not.toMatch(/<script|<img/);
  expect(violations).toEqual([]);
});

test('what is slipped into the page does not run: no handler, no inline script, no text as a program', async ({
  page,
  complaints,
}) => {
  const violations = await violationsOf(page);
  await openStudio(page);
  const ran = await page.evaluate(async () => {
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="pwned=1"><script>pwned=2</script>');
    const script = document.createElement('script');
    script.textContent = 'pwned=3';
    document.body.append(script);
    // What is evaluated for the test itself is not held by the policy; what comes later is.
    const evaluated = await new Promise((resolve) => {
      setTimeout(() => {
        try {
          resolve(new Function('return "ran"')());
        } catch (error) {
          resolve(String(error));
        }
      }, 200);
    });
    return { pwned: Reflect.get(window, 'pwned'), evaluated };
  });
  expect(ran.pwned).toBeUndefined();
  expect(ran.evaluated).toContain('EvalError');
  expect(new Set(violations.map((words) => words.split(':')[0]))).toEqual(new Set(['script-src-attr', 'script-src-elem']));
  // The browser's own words about these.
  expect(complaints.filter((words) => !/Content Security Policy/.test(words))).toEqual([]);
  complaints.length = 0;
});
