// SPDX-License-Identifier: Apache-2.0
// The hub's dashboard: one state, told by server-sent events, drawn at most once a second.
import { age, bytes, call, choose, h, inLang, lang, number, put, speak, t } from './common.js';
import { chart, clockOf } from './chart.js';
import { words } from './words.js';

const LATE_MS = 45000, SILENT_MS = 25000, PEOPLE_EVERY_MS = 5000, SAY_EVERY_MS = 8000; // the hub says something every 8 s
const $ = (id) => document.getElementById(id);
const sections = ['overview', 'kiosks', 'people', 'conflicts'];

const state = { user: null, kiosks: new Map(), events: new Map(), event: '', told: false, skew: 0, list: 'in', after: 0, source: null };
const now = () => Date.now() + state.skew;
const event = () => state.events.get(state.event);

// --- signing in and out ---

async function begin() {
  try {
    enter(await call('GET', '/v1/session'));
  } catch (e) {
    leave(e.status === 401 ? '' : e.message);
  }
}

function enter(user) {
  state.user = user;
  state.list = user.role === 'volunteer' ? 'all' : 'in';
  $('sign-in').hidden = true;
  $('board').hidden = $('sign-out').hidden = false;
  showWho();
  listen();
  show();
}

function leave(why) {
  if (state.source) state.source.close();
  Object.assign(state, { user: null, kiosks: new Map(), events: new Map(), event: '', told: false, source: null });
  for (const id of ['overview-body', 'kiosks-body', 'people-body', 'conflicts-body', 'people-sum', 'kiosks-sum', 'said']) put($(id));
  $('board').hidden = $('sign-out').hidden = $('event').hidden = $('offline').hidden = true;
  $('sign-in').hidden = false;
  $('who').textContent = '';
  $('sign-in-problem').textContent = why;
  $('user').focus();
}

function showWho() {
  if (state.user) $('who').textContent = `${state.user.user} · ${t(`role_${state.user.role}`)}${state.user.host ? ` · ${state.user.host}` : ''}`;
}

$('sign-in-form').addEventListener('submit', async (e) => {
  e.preventDefault();
  const button = e.target.querySelector('button');
  button.disabled = true;
  $('sign-in-problem').textContent = '';
  try {
    const user = await call('POST', '/v1/session', { user: $('user').value.trim(), password: $('password').value });
    $('password').value = '';
    enter(user);
    $('main').focus();
  } catch (problem) {
    $('sign-in-problem').textContent = problem.message;
    $('password').select();
  }
  button.disabled = false;
});

$('sign-out').addEventListener('click', async () => {
  await call('DELETE', '/v1/session').catch(() => {});
  leave('');
});

/** Nobody is signed in any more: back to the form. */
function refused(problem) {
  if (problem.status === 401) leave(t('ended'));
  return problem.message;
}

// --- the live state ---

/** A connection that is gone needn't say so: silence does. */
let silence = null;
function heardOf(source) {
  clearTimeout(silence);
  silence = setTimeout(() => {
    if (state.source !== source) return;
    source.close();
    $('offline').hidden = false;
    listen();
  }, SILENT_MS);
}

function listen() {
  const source = new EventSource('/v1/live');
  state.source = source;
  heardOf(source);
  source.onopen = () => { $('offline').hidden = true; };
  source.onerror = async () => {
    $('offline').hidden = false;
    try {
      await call('GET', '/v1/session');
      if (source.readyState === EventSource.CLOSED && state.source === source) setTimeout(() => state.source === source && listen(), 3000);
    } catch (e) {
      if (e.status === 401) leave(t('ended'));
      else if (source.readyState === EventSource.CLOSED && state.source === source) setTimeout(() => state.source === source && listen(), 5000);
    }
  };
  source.onmessage = (message) => {
    heardOf(source);
    take(JSON.parse(message.data));
  };
}

function take(news) {
  state.skew = news.now - Date.now();
  if (!news.kiosks.length && !news.events.length && state.told) return; // a sign of life
  state.told = true;
  for (const k of news.kiosks) state.kiosks.set(k.name, k);
  for (const e of news.events) {
    const before = state.events.get(e.id);
    state.events.set(e.id, e);
    if (before && e.id === state.event && e.in > before.in) say(() => t('said_arrived', number(e.in - before.in), number(e.in)));
  }
  drawEvents();
  if (state.events.has(state.event)) draw();
  else chooseEvent([...state.events.keys()][0] || '');
  if (news.events.some((e) => e.id === state.event)) refreshLists();
}

function chooseEvent(id) {
  state.event = id;
  drawLists();
  show();
}

let said = 0, saying = null;
function say(what) {
  clearTimeout(saying);
  saying = setTimeout(() => { said = Date.now(); $('said').textContent = what(); }, Math.max(0, said + SAY_EVERY_MS - Date.now()));
}

// --- sections ---

function section() {
  const wanted = location.hash.slice(1);
  return sections.includes(wanted) ? wanted : 'overview';
}

function show() {
  const at = section();
  for (const s of sections) $(s).hidden = s !== at;
  for (const a of document.querySelectorAll('nav a')) {
    if (a.hash === `#${at}`) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  }
  draw();
  if (at === 'people') findPeople();
  if (at === 'conflicts') findConflicts();
}

function draw() {
  if (!state.user) return;
  if (section() === 'overview') keepPlace(drawOverview);
  if (section() === 'kiosks') drawKiosks();
}

/** Drawn anew, with its table as open as it was and the focus in place. */
function keepPlace(redraw) {
  const find = (what) => document.querySelector(`#overview ${what}`);
  const open = find('details')?.open, focus = document.activeElement?.matches('#overview summary');
  redraw();
  if (open) find('details')?.setAttribute('open', '');
  if (focus) find('summary')?.focus({ preventScroll: true });
}

function drawEvents() {
  const select = $('event');
  select.hidden = state.events.size < 2;
  put(select, [...state.events.values()].map((e) => h('option', { value: e.id, selected: e.id === state.event }, inLang(e.title) || e.id)));
}

function bars(rows) {
  const most = Math.max(1, ...rows.map((r) => r.n));
  return h('ul', { class: 'bars' }, rows.map((r) => {
    const bar = h('i');
    bar.style.width = `${(100 * r.n) / (r.of || most)}%`;
    return h('li', {}, h('div', { class: 'row' }, h('span', {}, r.label), h('span', {}, number(r.n), r.of ? h('small', {}, ` / ${number(r.of)}`) : null)),
      h('div', { class: 'bar' }, bar));
  }));
}

function facts(e) {
  const minutes = e.minutes, of = (label, value) => h('div', {}, h('b', {}, value), h('span', { class: 'soft' }, label));
  const all = [];
  if (minutes.length) {
    const [m, n] = minutes.reduce((a, b) => (b[1] > a[1] ? b : a));
    all.push(of(t('busiest'), `${clockOf(m + e.border)} · ${number(n)}`));
  }
  all.push(of(t('conflicts'), number(e.conflicts)));
  const up = [...state.kiosks.values()].filter((k) => !needsLook(k)).length;
  all.push(of(t('kiosks'), `${number(up)} / ${number(state.kiosks.size)}`));
  return h('div', { class: 'facts' }, all);
}

function drawOverview() {
  const e = event();
  if (!e) return put($('overview-body'), h('p', { class: 'card soft' }, t('no_events')));
  const hero = h('div', { class: 'card hero' },
    h('div', {}, h('p', { class: 'soft' }, inLang(e.title) || e.id), h('p', {}, h('span', { class: 'large', id: 'arrived' }, number(e.in)), ' ', t('arrived')),
      e.expected ? h('p', { class: 'soft' }, t('of_expected', number(e.expected), number(e.expected - e.known))) : null,
      e.everyone !== e.in ? h('p', { class: 'soft' }, t('of_everyone', number(e.everyone))) : null,
      e.unsure ? h('p', { class: 'soft' }, t('unsure', number(e.unsure))) : null),
    facts(e));
  const place = h('div'), curve = h('div', { class: 'card' }, h('h2', {}, t('curve', e.day)), place);
  const stations = e.stations.map((s) => ({ label: inLang(s.label) || s.id, n: s.people }));
  const types = e.types.map((x) => ({ label: inLang(x.label) || x.id || t('no_type'), n: x.in, of: x.of }));
  put($('overview-body'), hero, curve, h('div', { class: 'grid two' },
    stations.length ? h('div', { class: 'card' }, h('h2', {}, t('by_station')), bars(stations)) : null,
    types.length ? h('div', { class: 'card' }, h('h2', {}, t('by_type')), bars(types)) : null));
  put(place, e.minutes.length ? chart(e.day, e.border, e.minutes, Math.max(280, place.clientWidth)) // 0: not shown yet, and drawn again when it is
    : h('p', { class: 'soft' }, t('nobody_yet')));
}

// --- kiosks ---

const heard = (k) => Math.max(k.pushed, k.seen);
const isLate = (k) => now() - heard(k) > LATE_MS;
const needsLook = (k) => !k.enrolled || !heard(k) || isLate(k) || !!k.health?.trouble?.length || k.health?.clock_ok === false;

function kioskState(k) {
  if (!k.enrolled) return [t('not_enrolled'), 'none'];
  if (!heard(k)) return [t('never'), 'care'];
  if (isLate(k)) return [t('late', age(now() - heard(k))), 'care'];
  return [t('up'), k.health?.trouble?.length ? 'care' : ''];
}

/** What a kiosk says in words of its own, in ours; a newer one's, that we don't know, as they are. */
const saidOf = (what, text) => (words[`${what}: ${text}`] ? t(`${what}: ${text}`) : text);

function kioskCard(k) {
  const [word, mark] = kioskState(k), m = k.health || {};
  const clock = m.clock_ok === undefined ? t('unknown') : m.clock_ok ? t('clock_good') : t('clock_bad');
  const rows = [
    ['station', m.station && stationLabel(m.station)], ['queue', m.queue === undefined ? undefined : number(m.queue)],
    ['camera', m.camera && (m.fps ? t('camera_fps', Math.round(m.fps)) : saidOf('camera', m.camera))], ['clock', clock],
    ['disk', m.disk_free === undefined ? undefined : bytes(m.disk_free)], ['version', m.version],
    ['records', number(k.records)], ['today', m.today === undefined ? undefined : number(m.today)]];
  return h('li', { class: `card kiosk ${mark === 'care' ? 'late' : ''}` },
    h('header', {}, h('h3', {}, k.name), h('span', {}, h('span', { class: `mark ${mark}` }), word)),
    h('dl', {}, rows.map(([key, value]) => [h('dt', {}, t(key)), h('dd', { class: key === 'clock' && m.clock_ok === false ? 'care-text' : null }, value || t('unknown'))])),
    m.trouble?.length ? h('ul', {}, m.trouble.map((x) => h('li', {}, saidOf('trouble', x)))) : null,
    k.records && state.user.role === 'organizer' && !state.user.host
      ? h('p', { class: 'journal' }, h('a', { href: `/v1/journals/${encodeURIComponent(k.name)}`, download: true, 'aria-label': `${t('journal')} ${k.name}` }, t('journal'))) : null);
}

/** Cards by kiosk: one is made anew only where it says something else, so that a thousand of them cost little and the focus stays. */
const cards = new Map();

function cardOf(k) {
  const says = JSON.stringify([lang, state.user.user, kioskState(k), k]);
  const kept = cards.get(k.name);
  if (kept?.says === says) return kept.card;
  const card = kioskCard(k), focused = kept?.card.contains(document.activeElement);
  kept?.card.replaceWith(card);
  if (focused) card.querySelector('a')?.focus({ preventScroll: true });
  cards.set(k.name, { says, card });
  return card;
}

function drawKiosks() {
  const all = [...state.kiosks.values()].sort((a, b) => needsLook(b) - needsLook(a) || (a.name < b.name ? -1 : 1));
  const look = all.filter(needsLook).length;
  $('kiosks-sum').textContent = all.length ? t('kiosks_sum', number(all.length - look), number(look)) : '';
  if (!all.length) return put($('kiosks-body'), h('p', { class: 'card soft' }, t('no_kiosks')));
  let list = $('kiosks-body').querySelector('ul');
  if (!list) put($('kiosks-body'), list = h('ul', { class: 'kiosks' }));
  all.forEach((k, i) => {
    const card = cardOf(k), there = list.children[i];
    if (there !== card) list.insertBefore(card, there || null);
  });
  while (list.children.length > all.length) list.lastChild.remove();
}

// --- people ---

function personLine(p) {
  const facts = [p.type, p.organization, p.number && t('number', p.number), p.phone && t('phone', p.phone)].filter(Boolean).join(' · ');
  return h('li', {},
    h('div', {}, h('b', {}, p.name || (p.number ? t('number', p.number) : t('unlisted'))), facts ? h('div', { class: 'soft' }, facts) : null,
      p.conflict ? h('div', { class: 'care-text' }, h('span', { class: 'mark care' }), t('conflict')) : null),
    h('div', { class: 'where' }, h('span', {}, h('span', { class: `mark ${p.arrived ? '' : 'none'}` }), p.arrived ? t('here') : t('not_here')),
      p.in.map((a) => h('div', {}, h('small', {}, `${a.at.slice(5, 16)} · ${stationLabel(a.station)} · ${a.kiosk}${a.sure ? '' : ` · ${t('unproven')}`}`)))));
}

function stationLabel(id) {
  const s = [...state.events.values()].flatMap((e) => e.stations).find((x) => x.id === id);
  return inLang(s?.label) || id;
}

let asked = 0;
async function findPeople(more = false) {
  if (!state.user || !state.event) return;
  const ticket = ++asked, search = $('search').value.trim(), glance = state.user.role === 'volunteer';
  if (!more) state.after = 0;
  if (glance && !search) {
    put($('people-body'));
    $('people-sum').textContent = '';
    $('people-more').hidden = true;
    return;
  }
  try {
    const got = await call('POST', '/v1/people', { event: state.event, list: state.list, search, after: state.after });
    if (ticket !== asked) return; // somebody has typed on
    const lines = got.people.map(personLine);
    if (more) $('people-body').append(...lines);
    else put($('people-body'), lines);
    state.after = got.more;
    $('people-more').hidden = !got.more || glance;
    const n = $('people-body').children.length;
    $('people-sum').textContent = n ? t(!got.more ? 'found' : glance ? 'found_first' : 'found_more', number(n)) : t('nobody');
  } catch (e) {
    if (ticket === asked) $('people-sum').textContent = refused(e);
    if (ticket === asked && !more) put($('people-body'));
  }
}

/** A volunteer is told how many, and where: nobody's name is needed for that. */
function countConflicts() {
  const at = (event()?.stations || []).filter((s) => s.conflicts);
  put($('conflicts-body'), at.map((s) => h('li', {}, h('b', {}, t('conflicts_at', inLang(s.label) || s.id, number(s.conflicts))))),
    h('li', { class: 'soft' }, t(at.length ? 'conflicts_who' : 'conflicts_none')));
}

async function findConflicts() {
  if (!state.user || !state.event) return;
  if (state.user.role === 'volunteer') return countConflicts();
  try {
    const got = await call('POST', '/v1/conflicts', { event: state.event });
    put($('conflicts-body'), got.conflicts.length ? got.conflicts.map(personLine) : h('li', {}, t('conflicts_none')));
  } catch (e) {
    put($('conflicts-body'), h('li', {}, refused(e)));
  }
}

let refreshed = 0, refreshing = null;
function refreshLists() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    refreshed = Date.now();
    if (section() === 'people' && state.after === 0) findPeople();
    if (section() === 'conflicts') findConflicts();
  }, Math.max(0, refreshed + PEOPLE_EVERY_MS - Date.now()));
}

function drawLists() {
  put($('lists'), ['in', 'out', 'all'].map((l) => h('button', { type: 'button', 'data-list': l, 'aria-pressed': String(l === state.list),
    onclick: () => { state.list = l; for (const b of $('lists').children) b.setAttribute('aria-pressed', String(b.dataset.list === l)); findPeople(); } }, t(l))));
  const e = event();
  $('people-hint').textContent = e && !e.roster ? t('no_roster') : state.user?.role === 'volunteer' ? t('masked') : '';
  $('exports').hidden = state.user?.role !== 'organizer' || !e;
  if (e) put($('exports'), ['csv', 'xlsx'].map((as) => h('a', { class: 'button', href: `/v1/export/${encodeURIComponent(e.id)}/${as}`, download: true }, t(`export_${as}`))));
}

let typing = null;
$('search').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(findPeople, 250); });
$('search-form').addEventListener('submit', (e) => { e.preventDefault(); clearTimeout(typing); findPeople(); });
$('people-more').addEventListener('click', () => findPeople(true));
$('event').addEventListener('change', (e) => chooseEvent(e.target.value));
$('language').addEventListener('click', () => {
  choose(lang === 'zh' ? 'en' : 'zh');
  document.title = t('title');
  showWho();
  drawEvents();
  drawLists();
  show();
});
addEventListener('resize', () => { if (section() === 'overview') draw(); }); // the chart is as wide as there is room
addEventListener('hashchange', () => { drawLists(); show(); });
setInterval(() => { if (section() === 'kiosks') draw(); }, 5000); // ages go on

speak(words);
document.title = t('title');
begin();
