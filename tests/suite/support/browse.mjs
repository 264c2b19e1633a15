// What browse.py does, with a real Chromium: logs in, consents or says no, and ends where no form is left.
//
// Run `node browse.mjs ADDRESS` in the folder whose node_modules hold playwright-core. Variables as for browse.py, but
// for BROWSE_WITHOUT; CHROMIUM is the program.

import { appendFileSync } from 'node:fs';

import { load } from './load.mjs';

const { chromium } = await load('playwright-core/index.mjs');
const MOST_PAGES = 12;
const { BROWSE_DENY, BROWSE_SEEN, BROWSE_USER = 'ops', CHROMIUM } = process.env;

// As root, as in CI, Chromium starts only without its sandbox.
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ ignoreHTTPSErrors: true });
const writing = [];
let last;
page.on('response', (answer) => {
  if (!answer.request().isNavigationRequest()) return;
  last = answer;
  writing.push(write(answer));
});

await page.goto(process.argv[2]);
for (let pages = 0; pages < MOST_PAGES && (await page.locator('form').count()) > 0; pages += 1) {
  const refusal = page.locator('button[value=deny], button[name=abort]');
  const refuse = Boolean(BROWSE_DENY) && (await refusal.count()) > 0;
  if (await page.locator('input[name=login]').count()) await page.fill('input[name=login]', BROWSE_USER);
  if (await page.locator('input[type=password]').count()) await page.fill('input[type=password]', 'passwd');
  const button = refuse ? refusal.first() : page.locator('button[value=allow], button[autofocus], button[type=submit]').first();
  // The page that follows may be the last one of a form that sends itself.
  await Promise.all([page.waitForNavigation({ waitUntil: 'networkidle' }), button.click()]);
  if (refuse) break;
}
await Promise.all(writing);
await browser.close();
process.exitCode = last.status() < 400 ? 0 : 1;

async function write(answer) {
  const redirect = answer.status() >= 300 && answer.status() < 400;
  // A page whose form sends itself may be gone before it is read.
  const text = redirect ? '' : await answer.text().catch(() => '');
  const row = { address: answer.url(), status: answer.status(), headers: answer.headers(), text };
  if (BROWSE_SEEN) appendFileSync(BROWSE_SEEN, `${JSON.stringify(row)}\n`);
}
