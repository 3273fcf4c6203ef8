// SPDX-License-Identifier: Apache-2.0
// What a volunteer does on a phone. Run by test_phone.sh in its folder.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { MODULES, URL: url, TOKEN: token } = process.env;
const require = createRequire(`${MODULES}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const say = (what) => console.error(`phone: ${what}`);
const faults = [];
mkdirSync('shots', { recursive: true });

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function look(options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true,
    hasTouch: true, locale: 'zh-CN', colorScheme: 'light', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('console', (m) => m.type() === 'error' && !/status of (401|403)|ERR_FAILED/.test(m.text()) && faults.push(m.text()));
  return page;
}

/** No fault that axe knows, nothing wider than the screen or too small for a finger. */
async function check(page, name) {
  await page.screenshot({ path: `shots/${name}.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: ${wide} pixels wider than the screen`);
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, input, summary')]
    .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML));
  assert.deepEqual(small, [], `${name}: too small`);
  await page.evaluate(`${axe}; void 0`);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`));
  assert.deepEqual(found, [], `${name}: ${found.join('\n')}`);
}

say('a stranger sees health and counts');
const stranger = await look();
await stranger.goto(url);
await stranger.locator('#guest').waitFor();
await stranger.locator('#people', { hasText: /^0$/ }).waitFor();
assert.equal(await stranger.locator('#work').isVisible(), false);
await check(stranger, 'stranger');

say('the code signs in, and is gone from the address');
const page = await look();
await page.goto(`${url}/#${token}`);
await page.locator('#work').waitFor();
assert.equal(page.url(), `${url}/`);
const [cookie] = await page.context().cookies();
assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === 'Strict', JSON.stringify(cookie));

say('a code that is used says so');
let said = '';
stranger.on('dialog', (d) => {
  said = d.message();
  d.dismiss();
});
await stranger.goto(`${url}/#${token}`);
await stranger.waitForFunction(() => location.hash === '');
await stranger.locator('#guest').waitFor();
for (let i = 0; !said && i < 2400; i++) await stranger.waitForTimeout(50);
assert.match(said, /已经用过或过期/);

say('found, checked in, and the stranger sees the count');
await page.locator('#q').fill('张');
await page.locator('#found li').nth(1).waitFor();
await check(page, 'search');
await page.locator('#q').fill('zs');
await page.locator('#found li:only-child', { hasText: '张三' }).waitFor();
await page.locator('#found button', { hasText: '签到' }).tap();
await page.locator('#said.good', { hasText: '张三' }).waitFor();
await stranger.locator('#people', { hasText: /^1$/ }).waitFor();

say('a party, one by one; a name is text and nothing else');
await page.locator('#q').fill('李四');
await page.locator('#found li:only-child b', { hasText: '<b>李四</b>' }).waitFor();
await page.locator('#found button', { hasText: '签到 1 人' }).tap();
await page.locator('#found .good', { hasText: '1/3' }).waitFor();
await page.locator('#found button', { hasText: '签到 2 人' }).tap();
await page.locator('#found .good', { hasText: '3/3' }).waitFor();
await check(page, 'party');

say('against a rule only when asked, and a lead may');
await page.locator('#found button', { hasText: '再进一人' }).tap();
await page.locator('dialog[open]', { hasText: '已经签到过了' }).waitFor();
await check(page, 'against');
await page.locator('dialog button', { hasText: '取消' }).tap();
await page.locator('#found button', { hasText: '再进一人' }).tap();
await page.locator('dialog button', { hasText: '仍然放行' }).tap();
await page.locator('#people', { hasText: /^5$/ }).waitFor();

say('undone, with a reason');
await page.locator('#mine summary').tap();
await page.locator('#records li').nth(3).waitFor();
await page.locator('#records li').first().getByRole('button').tap();
await page.locator('dialog button', { hasText: '点错了' }).tap();
await page.locator('#records li.undone').waitFor();
await page.locator('#people', { hasText: /^4$/ }).waitFor();

say('in English, in the dark, on a small screen');
await page.emulateMedia({ colorScheme: 'dark' });
await page.setViewportSize({ width: 320, height: 568 });
await page.locator('#language').tap();
await page.locator('#mine summary', { hasText: 'What I did' }).waitFor();
await page.locator('#records button', { hasText: 'Undo' }).first().waitFor();
await check(page, 'small-en-dark');

say('by the keyboard alone, on a desktop');
const desk = await look({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1, isMobile: false, hasTouch: false, locale: 'en-GB', storageState: await page.context().storageState() });
await desk.goto(url);
await desk.locator('#work').waitFor();
const tabTo = async (what) => {
  for (let i = 0; i < 30 && !(await desk.evaluate((w) => document.activeElement.matches(w), what)); i++) await desk.keyboard.press('Tab');
  assert.ok(await desk.evaluate((w) => document.activeElement.matches(w), what), `Tab never comes to ${what}`);
};
await tabTo('#q');
await desk.keyboard.type('zxq');
await desk.locator('#found li:only-child', { hasText: '张晓晴' }).waitFor();
await tabTo('#found button');
await desk.keyboard.press('Enter');
await desk.locator('#said.good', { hasText: '张晓晴 is checked in' }).waitFor();
await desk.locator('#found button', { hasText: 'One more' }).waitFor();
await desk.waitForFunction(() => document.activeElement.id === 'q'); // for the next one
await check(desk, 'desktop-en-light');
await tabTo('#mine summary');
await desk.keyboard.press('Enter');
await desk.locator('#records li').first().waitFor();
await tabTo('#records button');
await desk.keyboard.press('Enter');
await desk.locator('dialog[open]').waitFor();
await check(desk, 'why-desktop-en-light');
await desk.keyboard.press('Escape');
await desk.locator('dialog[open]').waitFor({ state: 'hidden' });
assert.equal(await desk.locator('#records li.undone').count(), 1, 'Escape undid somebody');
await desk.context().close();

say('each trouble has words; the same one is told once; and it passes');
const troubles = ['pack', 'disk_full', 'disk_error', 'read_only', 'sandbox', 'decoder', 'camera', 'clock', 'disk', 'power', 'hot', 'slowed', 'refused', 'other_hub'];
const troubled = async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ json: { ...(await answer.json()), trouble: troubles } });
};
await page.route('**/api/state', troubled);
await page.locator('#banner', { hasText: 'The camera is gone' }).waitFor();
const banner = await page.locator('#banner').innerText();
assert.equal(banner.split('\n').length, troubles.length, banner);
assert.doesNotMatch(banner, /t_|reached/);
await page.evaluate(() => { window.told = document.querySelector('#banner').firstChild; });
for (let i = 0; i < 2; i++) await page.waitForResponse('**/api/state');
assert.ok(await page.evaluate(() => window.told.isConnected), 'the same alarm was told again');
await check(page, 'troubles-small-en-dark');
await page.unrouteAll({ behavior: 'wait' });
await page.locator('#banner').waitFor({ state: 'hidden' });

say('the kiosk is gone, and back');
const gone = (route) => route.abort();
await page.route('**/api/state', gone);
await page.locator('#banner', { hasText: 'trying again' }).waitFor();
assert.equal(await page.locator('#work').isVisible(), true);
await check(page, 'gone-small-en-dark');
await page.unrouteAll({ behavior: 'wait' });
await page.locator('#banner').waitFor({ state: 'hidden' });

say('what was done is said, though more fit the search');
const more = async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ json: { ...(await answer.json()), more: 7 } });
};
await page.route('**/api/search', more);
await page.locator('#q').fill('zs');
await page.locator('#said', { hasText: '7 more' }).waitFor();
await page.locator('#found button', { hasText: 'One more' }).tap();
await page.locator('dialog[open]').waitFor();
assert.equal(await page.evaluate(() => document.activeElement.value), '', 'a second Enter would go against the rule');
await page.evaluate(() => { window.found = document.querySelector('#found li'); });
await page.locator('dialog button', { hasText: 'Let in anyway' }).tap();
await page.waitForFunction(() => !window.found.isConnected);
assert.match(await page.locator('#said').innerText(), /张三 is checked in/);
await page.unrouteAll({ behavior: 'wait' });

say('a session that has ended says so, and nothing of anybody stays');
const over = await look({ locale: 'en-GB', storageState: await page.context().storageState() });
await over.goto(url);
await over.locator('#q').fill('zs');
await over.locator('#found li').first().waitFor();
await over.context().clearCookies();
await over.locator('#guest', { hasText: 'This phone is signed out.' }).waitFor();
assert.equal(await over.locator('#found li').count(), 0);
assert.equal(await over.locator('#q').inputValue(), '');
await check(over, 'ended-en-light');
await over.context().close();

say('signed out: nothing of anybody stays');
await page.locator('#leave').tap();
await page.locator('#guest').waitFor();
assert.equal(await page.locator('#found li').count() + await page.locator('#records li').count(), 0);
assert.equal(await page.locator('#q').inputValue(), '');
assert.equal((await page.context().cookies()).length, 0);

await browser.close();
assert.deepEqual(faults, []);
