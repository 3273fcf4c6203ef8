// SPDX-License-Identifier: Apache-2.0
// What people do with the dashboard, in Chromium, on a phone and on a desktop. Run by test_dashboard.sh in its folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { MODULES, PORT, URL: url, TOKEN_1, TOKEN_2 } = process.env;
const require = createRequire(`${MODULES}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 860 } };
const say = (what) => console.error(`dashboard: ${what}`);
mkdirSync('shots', { recursive: true });

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const faults = [];

async function look(options = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'light', timezoneId: 'America/New_York', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('console', (m) => m.type() === 'error' && !/status of (401|403|404|429)|ERR_|Failed to load/.test(m.text()) && faults.push(m.text()));
  await page.goto(url);
  return page;
}

async function signIn(page, user, password) {
  await page.locator('#user').fill(user);
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

/** No fault that axe knows, nothing wider than the screen, too small for a finger, or a number in two lines. */
async function check(page, name) {
  await page.screenshot({ path: `shots/${name}.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: ${wide} pixels wider than the screen`);
  const bad = await page.evaluate(() => {
    const seen = (what) => [...document.querySelectorAll(what)].filter((e) => e.getClientRects().length && !e.matches('.skip'));
    const small = seen('a, button, input, select, summary').filter((e) => e.getBoundingClientRect().height < 43.5);
    const broken = seen('.bars .row > :last-child').filter((e) => e.getBoundingClientRect().height > 2 * parseFloat(getComputedStyle(e).fontSize));
    return [...small, ...broken].map((e) => e.outerHTML);
  });
  assert.deepEqual(bad, [], `${name}: too small, or in two lines`);
  await page.evaluate(`${axe}; void 0`);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`));
  assert.deepEqual(found, [], `${name}: ${found.join('\n')}`);
}

async function go(page, section) {
  await page.locator(`nav a[href="#${section}"]`).click();
  await page.locator(`#${section}`).waitFor();
}

function curl(...args) {
  return execFileSync('curl', ['-sS', '-m', '30', ...args], { encoding: 'utf8' });
}
const health = (kiosk, token, body) => curl('-f', '-H', `Authorization: Bearer ${token}`, '-d', JSON.stringify(body), `${url}/v1/kiosks/${kiosk}/health`);
const push = (kiosk, token, file) => curl('-f', '-H', `Authorization: Bearer ${token}`, '--data-binary', `@${file}`, `${url}/v1/kiosks/${kiosk}/journal`);

say('a wrong password');
const ann = await look(desktop);
await ann.locator('#sign-in').waitFor();
await check(ann, 'sign-in-desktop-zh-light');
await signIn(ann, 'ann', 'guessed-it');
await ann.locator('#sign-in-problem', { hasText: '用户名或密码不对' }).waitFor();
assert.equal(await ann.locator('#board').isVisible(), false);

say('the organizer signs in');
await signIn(ann, 'ann', 'correct-horse');
await ann.locator('#arrived', { hasText: /^5$/ }).waitFor();
const cookie = (await ann.context().cookies())[0];
assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict', JSON.stringify(cookie));
assert.equal(await ann.evaluate(() => document.cookie), '');
await ann.locator('text=报名 9 人，未到 4 人').waitFor();

say('what kiosks say of themselves');
health('door-1', TOKEN_1, { v: 1, version: '0.1.0', event: 'meetup', station: 'meetup/door', queue: 0, camera: 'good', fps: 29.8, clock_ok: true, disk_free: 12345678901, records: 7, today: 5, up_s: 3600, trouble: [] });
health('door-2', TOKEN_2, { v: 1, version: '0.1.0', queue: 12, camera: 'lost', clock_ok: false, disk_free: 345678901, trouble: ['the camera gives no picture', '<b>something new</b>'] });
await go(ann, 'kiosks');
await ann.locator('.kiosk', { hasText: 'door-2' }).locator('text=<b>something new</b>').waitFor();
assert.match(await ann.locator('.kiosk', { hasText: 'door-2' }).innerText(), /断开了[\s\S]*摄像头没有画面/);
assert.match(await ann.locator('.kiosk', { hasText: 'door-1' }).innerText(), /大门[\s\S]*30 帧/);
assert.equal(await ann.locator('.kiosk').count(), 3);
assert.match(await ann.locator('.kiosk', { hasText: 'spare' }).innerText(), /未登记/);
await check(ann, 'kiosks-desktop-zh-light');

say('a check-in arrives while they look');
await go(ann, 'overview');
const vol = await look({ ...phone, locale: 'en-US', colorScheme: 'dark' });
await check(vol, 'sign-in-phone-en-dark');
await signIn(vol, 'vol', 'battery-staple');
await vol.locator('#arrived', { hasText: /^5$/ }).waitFor();
push('door-2', TOKEN_2, 'two.jsonl');
await ann.locator('#arrived', { hasText: /^7$/ }).waitFor();
await vol.locator('#arrived', { hasText: /^7$/ }).waitFor();
await ann.locator('#said', { hasText: '2 人到场，共 7 人' }).waitFor({ state: 'attached' });
await ann.locator('figure summary').click();
assert.deepEqual(await ann.locator('figure tbody tr').allInnerTexts(), ['12:00\t5', '12:23\t2']);
await ann.locator('figure summary').click();
await check(ann, 'overview-desktop-zh-light');
await check(vol, 'overview-phone-en-dark');
push('door-2', TOKEN_2, 'three.jsonl');
await vol.locator('#arrived', { hasText: /^8$/ }).waitFor();

say('who is in, who is not');
await go(ann, 'people');
await ann.locator('#people-body li').nth(7).waitFor();
assert.equal(await ann.locator('#people-body li').count(), 8);
await ann.locator('#people-body', { hasText: "<img src=x onerror=document.title='broken'>" }).waitFor();
await check(ann, 'people-desktop-zh-light');
await ann.locator('#search').fill('欧阳');
await ann.locator('#people-sum', { hasText: /^1 人$/ }).waitFor();
assert.match(await ann.locator('#people-body li').innerText(), /欧阳晓晴[\s\S]*尾号 5555[\s\S]*已到[\s\S]*10-28 12:23 · 大门 · door-2/);
for (const as of ['oyxq', 'ouyang', 'QINGYANG', '5555', '晓晴']) {
  await ann.locator('#search').fill(as);
  await ann.locator('#people-sum', { hasText: as === 'QINGYANG' ? '没有找到' : /^1 人$/ }).waitFor();
}
await ann.locator('#search').fill('');
await ann.locator('[data-list=out]').click();
await ann.locator('#people-body li', { hasText: '赵敏' }).waitFor();
assert.equal(await ann.locator('#people-body li').count(), 1);

say('conflicts');
await go(ann, 'conflicts');
await ann.locator('#conflicts-body li', { hasText: '李小龙' }).waitFor();
assert.match(await ann.locator('#conflicts-body li').innerText(), /door-1[\s\S]*door-2/);
await check(ann, 'conflicts-desktop-zh-light');

say('a volunteer sees masked names and exports nothing');
await go(vol, 'people');
assert.equal(await vol.locator('#people-body li').count(), 0); // nobody is looked up who isn't asked for
await vol.locator('#search').fill('张');
await vol.locator('#people-sum', { hasText: 'give two characters' }).waitFor();
await vol.locator('#search').fill('zw');
await vol.locator('#people-sum', { hasText: /^1 people$/ }).waitFor();
assert.match(await vol.locator('#people-body').innerText(), /张\*/);
await vol.locator('#search').fill('2222');
await vol.locator('#people-sum', { hasText: /^2 people$/ }).waitFor();
assert.match(await vol.locator('#people-body').innerText(), /李\*\*[\s\S]*let in twice[\s\S]*陈\*/);
assert.equal(await vol.locator('#exports').isVisible(), false);
await check(vol, 'people-phone-en-dark');
const told = await vol.evaluate(async () => {
  const ask = (path, body) => fetch(path, { method: 'POST', body: JSON.stringify(body), headers: { 'X-Yingbin': 'page' } }).then((a) => a.text());
  return [await ask('/v1/people', { event: 'meetup', list: 'all', search: 'zhang' }), await ask('/v1/people', { event: 'meetup', list: 'all', search: '1' }),
    await ask('/v1/people', { event: 'meetup', list: 'all', search: '' }), String((await fetch('/v1/conflicts', { method: 'POST', body: '{"event":"meetup"}' })).status),
    String((await fetch('/v1/export/meetup/csv')).status)];
});
assert.doesNotMatch(told.join(), /张伟|李小龙|Lovelace|1380000|phone|organization/);
assert.match(told[0], /张\*/);
assert.match(told[1], /张\*/); // by number
assert.match(told[2], /at least/);
assert.equal(told[3], '403');
assert.equal(told[4], '403');
await vol.locator('#language').click();
await vol.locator('#people-hint', { hasText: '志愿者看到的姓名是遮住的' }).waitFor();
await check(vol, 'people-phone-zh-dark');
await go(vol, 'conflicts');
await vol.locator('#conflicts-body li', { hasText: '大门：1 人' }).waitFor();
assert.doesNotMatch(await vol.locator('#conflicts').innerText(), /李/);
await check(vol, 'conflicts-phone-zh-dark');

say('the organizer of one host sees its own people');
const part = await look({ ...desktop, colorScheme: 'dark', locale: 'en-GB' });
await signIn(part, 'part', 'battery-staple');
await part.locator('#arrived', { hasText: /^2$/ }).waitFor();
await part.locator('text=8 at the whole event').waitFor();
await check(part, 'overview-desktop-en-dark');
await go(part, 'people');
await part.locator('[data-list=all]').click();
await part.locator('#people-sum', { hasText: /^3 people$/ }).waitFor();
const theirs = await part.evaluate(() => fetch('/v1/export/meetup/csv').then((a) => a.text()));
assert.match(theirs, /Ada Lovelace/);
assert.doesNotMatch(theirs, /张伟|李小龙/);

say('exports');
async function save(name) {
  const [download] = await Promise.all([ann.waitForEvent('download'), ann.locator(`#exports a[href$="${name}"]`).click()]);
  await download.saveAs(`export.${name}`);
  return readFileSync(`export.${name}`);
}
await go(ann, 'people');
const csv = (await save('csv')).toString('utf8');
assert.ok(csv.startsWith('\ufeff'));
assert.match(csv, /张伟/);
assert.match(csv, /"?'=HYPERLINK/);
assert.equal(csv.trim().split('\r\n').length, 10);
assert.equal((await save('xlsx')).subarray(0, 2).toString(), 'PK');
const sheet = execFileSync('unzip', ['-p', 'export.xlsx', 'xl/worksheets/sheet1.xml'], { encoding: 'utf8' });
assert.doesNotMatch(sheet, /<f>/);
assert.match(sheet, /<t>=HYPERLINK/);

say('a journal, for the merge');
await go(ann, 'kiosks');
const [journal] = await Promise.all([ann.waitForEvent('download'), ann.locator('.kiosk', { hasText: 'door-2' }).locator('a').click()]);
assert.equal(journal.suggestedFilename(), 'door-2.jsonl');
await journal.saveAs('taken.jsonl');
await go(part, 'kiosks');
assert.equal(await part.locator('.kiosk a').count(), 0);
assert.equal(await part.evaluate(() => fetch('/v1/journals/door-2').then((a) => a.status)), 403);

say('by the keyboard alone');
const keys = await look(phone);
await keys.locator('#sign-in').waitFor();
await keys.keyboard.type('vol');
await keys.keyboard.press('Tab');
await keys.keyboard.type('battery-staple');
await keys.keyboard.press('Enter');
await keys.locator('#arrived', { hasText: /^8$/ }).waitFor();
await check(keys, 'overview-phone-zh-light');
for (let i = 0; i < 20 && (await keys.evaluate(() => document.activeElement.hash)) !== '#people'; i++) await keys.keyboard.press('Tab');
await keys.keyboard.press('Enter');
for (let i = 0; i < 20 && (await keys.evaluate(() => document.activeElement.id)) !== 'search'; i++) await keys.keyboard.press('Tab');
await keys.keyboard.type('lxl');
await keys.locator('#people-body li', { hasText: '李**' }).waitFor();
for (let i = 0; i < 6 && (await keys.evaluate(() => document.activeElement.dataset.list)) !== 'out'; i++) await keys.keyboard.press('Tab');
await keys.keyboard.press('Enter');
await keys.locator('#people-sum', { hasText: '没有找到' }).waitFor();
await check(keys, 'people-nobody-phone-zh-light');
await go(keys, 'kiosks');
await check(keys, 'kiosks-phone-zh-light');

say('only what says something else is drawn again');
await keys.evaluate(() => { window.first = [...document.querySelectorAll('.kiosk')].find((k) => k.innerText.includes('spare')); });
health('door-1', TOKEN_1, { v: 1, version: '0.2.0', camera: 'good', clock_ok: true });
await keys.locator('.kiosk', { hasText: '0.2.0' }).waitFor();
assert.ok(await keys.evaluate(() => window.first.isConnected), 'a card that says the same was made anew');
assert.equal(await keys.locator('.kiosk').count(), 3);

say('a kiosk falls silent');
const later = await look(desktop);
await later.clock.install();
await signIn(later, 'vol', 'battery-staple');
await go(later, 'kiosks');
health('door-1', TOKEN_1, { v: 1, version: '0.3.0', camera: 'good', clock_ok: true });
await later.locator('.kiosk', { hasText: '0.3.0' }).locator('text=在线').waitFor();
await later.route('**/v1/live', (route) => route.abort()); // nor does the hub say anything: the page doesn't wait for an error
await later.clock.fastForward(150000);
await later.locator('.kiosk', { hasText: 'door-1' }).locator('text=/[23] 分钟没有消息/').waitFor();
await later.locator('#offline', { hasText: '正在重连' }).waitFor();
await check(later, 'kiosks-silent-desktop-zh-light');

say('a second event; a volunteer is not led through the list');
push('door-1', TOKEN_1, 'night.jsonl');
await keys.locator('#event').waitFor();
assert.deepEqual(await keys.locator('#event option').allInnerTexts(), ['周六聚会', '晚间聚餐：与来自各地社区的伙伴一起在河边的夜市吃饭聊天，直到最后一班地铁']);
await go(keys, 'overview');
assert.equal(await keys.locator('#arrived').innerText(), '8');
await keys.locator('#event').selectOption('night');
await keys.locator('#arrived', { hasText: /^1$/ }).waitFor();
await check(keys, 'overview-night-phone-zh-light');
await go(keys, 'people');
await keys.locator('[data-list=all]').click();
await keys.locator('#search').fill('linq');
await keys.locator('#people-sum', { hasText: '前 20 人，请再多输入几个字' }).waitFor();
assert.equal(await keys.locator('#people-body li').count(), 20);
assert.equal(await keys.locator('#people-more').isVisible(), false);
await check(keys, 'people-many-phone-zh-light');
await ann.locator('#event').selectOption('night');
await go(ann, 'people');
await ann.locator('[data-list=out]').click();
await ann.locator('#people-sum', { hasText: /^29 人$/ }).waitFor();
await ann.locator('#event').selectOption('meetup');
const slow = await keys.evaluate(async () => {
  for (let i = 0; i < 240; i++) {
    const a = await fetch('/v1/people', { method: 'POST', body: JSON.stringify({ event: 'night', list: 'all', search: `linqing${i}` }) });
    if (a.status === 429) return [a.headers.get('retry-after'), (await a.json()).detail_zh];
  }
  return [];
});
assert.deepEqual(slow, ['5', '查得太快，请 5 秒后再试']);

say('the rosters change while they look; a bad one changes nothing');
async function foundAs(name) {
  for (let i = 0; i < 240; i++) {
    await ann.locator('#search').fill(`${name}${' '.repeat(i % 2)}`);
    await ann.locator('#search').press('Enter');
    if (await ann.locator('#people-body li', { hasText: name }).waitFor({ timeout: 500 }).then(() => true, () => false)) return true;
  }
  return false;
}
await ann.locator('[data-list=all]').click();
const roster = readFileSync('meetup/kcc.csv', 'utf8');
writeFileSync('meetup/kcc.csv', roster.replace('王芳', '王小芳'));
assert.ok(await foundAs('王小芳'), 'the new name is not found');
writeFileSync('meetup/kcc.csv', 'neither,a\nroster,at all\n');
for (let i = 0; i < 1200 && !readFileSync('hub.log', 'utf8').includes('the rosters stay as they were'); i++) await ann.waitForTimeout(100);
assert.ok(await foundAs('王小芳'));
writeFileSync('meetup/kcc.csv', roster);

say('the hub is killed while they look, and comes back');
execFileSync('bash', ['-c', 'kill -KILL $(cat hub.pid)']);
await ann.locator('#offline').waitFor();
await check(ann, 'offline-desktop-zh-light');
await keys.locator('#offline').waitFor();
await check(keys, 'offline-phone-zh-light');
execFileSync('bash', ['hub.again', PORT], { stdio: 'ignore' });
await ann.locator('#offline').waitFor({ state: 'hidden' });
await keys.locator('#offline').waitFor({ state: 'hidden' });
await go(ann, 'overview');
await ann.locator('#arrived', { hasText: /^8$/ }).waitFor(); // signed in as before

say('who signs out is out');
const before = (await ann.context().cookies())[0].value;
await ann.locator('#sign-out').click();
await ann.locator('#sign-in').waitFor();
assert.equal(await ann.locator('text=张伟').count(), 0);
const status = (...args) => curl('-o', 'answer.txt', '-D', 'answer.head', '-w', '%{http_code}', ...args);
assert.equal(status('-b', `yingbin=${before}`, `${url}/v1/session`), '401');
assert.equal(status('-b', `yingbin=${before}`, `${url}/v1/live`), '401');

say('strangers');
for (const path of ['/v1/session', '/v1/live', '/v1/export/meetup/csv', '/v1/export/meetup/xlsx', '/v1/journals/door-2']) assert.equal(status(url + path), '401', path);
for (const path of ['/v1/people', '/v1/conflicts']) assert.equal(status('-d', '{}', url + path), '401', path);
assert.equal(status('-d', '{"user":"vol","password":"battery-staple"}', `${url}/v1/session`), '403'); // another site's form
for (const path of ['/..%2fthemes.ini', '/index.html', '/.', '/hub.css%00']) assert.equal(status('--path-as-is', url + path), '404', path);
assert.equal(status(`${url}/`), '200');
const head = readFileSync('answer.head', 'utf8');
assert.match(head, /content-security-policy: default-src 'none'; script-src 'self'/i);
assert.doesNotMatch(head, /unsafe/);

say('guessing is slowed down, in both languages');
let slowed = '';
for (let i = 0; i < 12 && !slowed; i++)
  if (status('-H', 'X-Yingbin: page', '-d', `{"user":"nobody","password":"guess-${i}"}`, `${url}/v1/session`) === '429') slowed = readFileSync('answer.txt', 'utf8');
assert.match(slowed, /试得太多[\s\S]*|too many tries/);

assert.deepEqual(faults, []);
writeFileSync('dashboard.ok', '');
await browser.close();
say('ok');
