// SPDX-License-Identifier: Apache-2.0
// The page on a volunteer's phone: the kiosk's health and counts every two seconds; and, signed in by the code on the staff
// console, search and check-in by hand. Whatever comes from a roster is set as text, never as HTML.
import { call, choose, h, inLang, lang, number, put, Refused, say, speak, t } from './common.js';
import { words } from './kiosk_words.js';

const $ = (id) => document.getElementById(id);
let state = null, signedIn = false, wasSignedIn = false, asked = 0;

function tell(message, good) {
  $('said').textContent = message;
  $('said').className = good === undefined ? '' : good ? 'good' : 'care-text';
}

// --- the kiosk ---

async function ask(...what) {
  try {
    return await call(...what);
  } catch (e) {
    if (e.status === 401) signOut();
    throw e;
  }
}

/** Says what went wrong, wherever that is; undefined then. */
async function tried(work) {
  try {
    return await work();
  } catch (e) {
    tell(e.message, false);
  }
}

function signOut() {
  if (state) delete state.you;
  draw();
}

/** Nothing of anybody stays. */
function forget() {
  asked++; // an answer that is on its way is nobody's
  put($('found'));
  put($('records'));
  $('q').value = $('walkin-name').value = '';
  tell('');
  if ($('ask').open) $('ask').close('');
}

// --- health and counts ---

function row(list, name, value, bad) {
  list.push(h('dt', {}, t(name)), h('dd', { class: bad ? 'care-text' : null }, bad ? h('span', { class: 'mark care' }) : null, value));
}

function drawHealth() {
  const s = state, list = [];
  const camera = s.camera === 'good' ? t('fps', s.fps) : t(s.camera === 'lost' ? 'lost_camera' : s.camera);
  row(list, 'camera', camera, s.camera === 'lost' || !s.scanning && s.camera === 'good');
  row(list, 'clock', t(s.clock_ok ? 'good' : 'clock_bad'), !s.clock_ok);
  row(list, 'disk', s.disk_free_mb >= 1024 ? Math.floor(s.disk_free_mb / 1024) + ' GB' : s.disk_free_mb + ' MB', s.disk_free_mb < 512);
  if (s.temperature !== null) row(list, 'temperature', s.temperature + ' °C', s.trouble.some((t) => t === 'hot' || t === 'slowed'));
  row(list, 'hub', t(s.hub), s.hub === 'refused' || s.hub === 'other_hub');
  row(list, 'unsent', String(s.unsent), false);
  row(list, 'version', s.kiosk + ' · ' + s.version, false);
  put($('health'), list);
}

function draw() {
  $('language').lang = lang === 'zh' ? 'en' : 'zh-Hans';
  if (!state) return;
  if (signedIn && !state.you) {
    forget();
    wasSignedIn = true;
  }
  signedIn = Boolean(state.you);
  $('event').textContent = inLang(state.event);
  $('station').textContent = [inLang(state.station), inLang(state.venue)].filter(Boolean).join(' · ');
  document.title = [inLang(state.station), inLang(state.event), '迎宾'].filter(Boolean).join(' · ');
  $('people').textContent = number(state.people);
  $('today').textContent = number(state.today);
  drawHealth();
  $('banner').hidden = state.trouble.length === 0;
  say($('banner'), state.trouble.map((what) => t(`t_${what}`)).join('\n'));
  $('work').hidden = $('leave').hidden = !signedIn;
  $('guest').hidden = signedIn;
  say($('guest'), (wasSignedIn ? `${t('signed_out')} ` : '') + t(state.tls ? 'guest' : 'plain'));
  const left = signedIn ? state.you.left_min : 0;
  $('who').textContent = signedIn ? t('signed', state.you.name, t('hours', Math.floor(left / 60), left % 60)) : '';
}

async function poll() {
  try {
    state = await ask('GET', '/api/state');
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    $('banner').hidden = false;
    return say($('banner'), t('unreachable'));
  }
  draw();
}

async function watch() {
  for (;;) {
    if (!document.hidden) await poll().catch(reportError);
    await new Promise((go) => setTimeout(go, 2000));
  }
}

// --- people ---

/** Which of the buttons was chosen; null: none. */
function pick(title, detail, buttons) {
  const dialog = $('ask'), [head, line, box] = dialog.querySelectorAll('h2, p, div');
  head.textContent = title;
  line.textContent = detail;
  put(box, buttons.map(([value, label]) => h('button', { value, class: 'care' }, label)), h('button', { value: '', autofocus: true }, t('cancel')));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue || null), { once: true }));
}

const clock = (ms) => new Date(ms).toLocaleTimeString(lang === 'zh' ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit' });

function whyNot(a) {
  if (a.why !== 'rule') return t('why_' + a.why);
  const known = a.verdict === 'missing_step' ? t('v_missing_step', inLang(a.first)) : t('v_' + a.verdict);
  return a.verdict === 'again' && a.when_ms ? `${known} · ${t('since', clock(a.when_ms), a.where)}` : known;
}

// By hand; where a rule refuses that this operator may go against, once more, if they say so.
async function letIn(path, body, name) {
  let a = await tried(() => ask('POST', path, body));
  if (a && a.result !== 'done' && a.may_override) {
    const anyway = await pick(name, whyNot(a), [['yes', t('anyway')]]);
    if (!anyway) return;
    a = await tried(() => ask('POST', path, { ...body, override: true }));
  }
  if (!a) return;
  if (a.result !== 'done') tell([t('no', whyNot(a)), a.lead_may && t('lead_may')].filter(Boolean).join(' '), false);
  else if (a.why) tell(t('why_' + a.why), false);
  else tell(name ? t('admitted', name) : t('walked'), true);
  poll();
  if ($('mine').open) recent();
  return a.result === 'done' ? a : undefined;
}

async function admit(p, count) {
  const byKeys = document.activeElement.matches(':focus-visible'); // their button goes with the list
  const a = await letIn('/api/admit', { number: p.number, event: p.event, count }, p.name);
  if (!a) return;
  await search();
  if (byKeys) {
    $('q').focus();
    $('q').select();
  }
}

function person(p) {
  const line = (what, words_) => h('p', { class: what }, words_), rest = p.party - p.inside;
  const about = [p.organization, p.title, inLang(p.type), p.seat, p.phone && `…${p.phone}`].filter(Boolean).join(' · ');
  const inside = p.party > 1 ? t('in_n', p.inside, p.party) : t('in');
  const button = (word, count, kind) => h('button', { class: kind, onclick: () => admit(p, count), 'aria-label': `${word} ${p.name}` }, word);
  return h('li', {},
    h('div', {}, h('b', {}, p.name), about ? line('soft', about) : null, p.attention ? line('care-text', words[`care_${p.attention}`] ? t(`care_${p.attention}`) : p.attention) : null,
      p.confirmed ? null : line('care-text', t('unconfirmed')), p.elsewhere ? line('care-text', t('elsewhere', inLang(p.elsewhere))) : null,
      p.inside > 0 ? line('good', p.since_ms ? `${inside} · ${t('since', clock(p.since_ms), p.where)}` : inside) : null),
    p.elsewhere ? null : h('div', { class: 'tools' }, rest > 1 ? button(t('admit_n', 1), 1) : null,
      rest > 0 ? button(rest > 1 ? t('admit_n', rest) : t('admit'), rest, 'main') : button(t('again_in'), 1)));
}

async function search() {
  const q = $('q').value.trim(), turn = ++asked;
  if (!q) {
    put($('found'));
    return;
  }
  const a = await tried(() => ask('POST', '/api/search', { q }));
  if (!a || turn !== asked) return; // a newer one is on its way
  if (a.result !== 'done') {
    tell(t('no', whyNot(a)), false);
    return;
  }
  put($('found'), a.people.map(person));
  if ($('said').className !== '') return; // what was just done, or wasn't, is said
  if (a.people.length === 0) tell(t('nobody'));
  else tell(a.more > 0 ? t('more', a.more) : '');
}

async function undo(r) {
  const why = await pick(r.name || r.number || '', t('why_undo'), ['r1', 'r2', 'r3'].map((k) => [k, t(k)]));
  const a = why && await tried(() => ask('POST', '/api/undo', { id: r.id, reason: t(why) }));
  if (!a) return;
  tell(a.result === 'done' ? t('undone') : t('no', whyNot(a)), a.result === 'done');
  poll();
  recent();
  search();
}

async function recent() {
  const a = await tried(() => ask('GET', '/api/recent'));
  if (!a || a.result !== 'done') return;
  put($('records'), a.records.map((r) => {
    const name = r.name || r.number || `+${r.count}`, how = r.undone ? t('undone') : r.verdict === 'admit' ? t('in') : t(`v_${r.verdict}`);
    return h('li', { class: r.undone ? 'undone' : null },
      h('div', {}, h('b', {}, name), h('p', { class: 'soft' }, r.clock_ok ? `${clock(r.at_ms)} · ${how}` : how)),
      r.verdict === 'admit' && !r.undone ? h('button', { onclick: () => undo(r), 'aria-label': `${t('undo')} ${name}` }, t('undo')) : null);
  }), a.records.length ? null : h('li', { class: 'soft' }, t('empty')));
}

// --- the beginning ---

let typing;
$('q').addEventListener('input', () => {
  clearTimeout(typing);
  tell('');
  typing = setTimeout(search, 250);
});
$('search').addEventListener('submit', (e) => {
  e.preventDefault();
  search();
});
$('walkin').querySelector('form').addEventListener('submit', async (e) => {
  e.preventDefault();
  const name = $('walkin-name').value.trim();
  if (await letIn('/api/walkin', { name, count: 1 }, name)) $('walkin-name').value = '';
});
$('mine').addEventListener('toggle', () => $('mine').open && recent());
$('language').addEventListener('click', () => {
  choose(lang === 'zh' ? 'en' : 'zh');
  tell('');
  draw();
  search();
  if ($('mine').open) recent();
});
$('leave').addEventListener('click', async () => {
  if (await tried(() => ask('DELETE', '/api/session'))) signOut();
});

// The token stands behind the #, so that no log has it; it is used once, and then gone from the address.
async function redeem() {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, '', location.pathname);
  try {
    await ask('POST', '/api/session', { token });
  } catch (e) {
    alert(e.message);
  }
}
window.addEventListener('hashchange', async () => { // the page was open already
  await redeem();
  poll();
});

speak(words);
redeem().then(watch);
