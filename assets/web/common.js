// SPDX-License-Identifier: Apache-2.0
// What the pages of hub and kiosk share: elements, words in two languages, calls. Texts are only ever set as text.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'rect', 'line', 'text', 'title', 'g', 'path']);

/** An element. Properties: `on` + event is a listener, true and false set and leave out, all else is an attribute. */
export function h(tag, properties = {}, ...children) {
  const made = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((c) => c != null && c !== false).map((c) => (c instanceof Node ? c : String(c))));
  return made;
}

export function put(where, ...children) {
  where.replaceChildren(...children.flat(Infinity).filter((c) => c != null && c !== false));
}

// --- words ---

let table = {};
export let lang = 'zh';

/** `words` is {key: [Chinese, English]}; the browser's first language that we have, unless somebody chose one. */
export function speak(words) {
  table = words;
  let chosen = null;
  try { chosen = localStorage.getItem('lang'); } catch { /* a browser that keeps nothing */ }
  const wished = (navigator.languages || ['zh']).map((l) => l.slice(0, 2).toLowerCase());
  choose(chosen || wished.find((l) => l === 'zh' || l === 'en') || 'zh', false);
}

export function choose(next, keep = true) {
  lang = next === 'en' ? 'en' : 'zh';
  document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
  if (keep) try { localStorage.setItem('lang', lang); } catch { /* it is asked again next time */ }
  for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label));
}

/** The word, with {0}, {1} replaced. */
export function t(key, ...values) {
  const word = table[key];
  if (!word) return key;
  return word[lang === 'zh' ? 0 : 1].replace(/\{(\d)\}/g, (_, i) => values[i] ?? '');
}

/** Of {zh, zh-Hant, en}, or a plain text. */
export const inLang = (text) => (text && typeof text === 'object' ? text[lang] || text.zh || text['zh-Hant'] || text.en || '' : text || '');

export function number(n) { return new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en').format(n); }

export function age(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return t('seconds', s);
  if (s < 3600) return t('minutes', Math.floor(s / 60));
  if (s < 86400) return t('hours', Math.floor(s / 3600));
  return t('days', Math.floor(s / 86400));
}

export function bytes(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return `${n < 10 && i ? n.toFixed(1) : Math.round(n)} ${units[i]}`;
}

/** Set only where it says something else: what is told to a screen reader isn't told again. */
export function say(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

// --- calls ---

const PATIENCE_MS = 15000; // a network that is gone doesn't always say so

export class Refused extends Error {
  constructor(status, said) {
    super(said);
    this.status = status;
  }
}

/** A call to our own server: the answer, or a Refused that says why in the page's language. */
export async function call(method, path, body) {
  let answer, said;
  const ends = new AbortController(), timer = setTimeout(() => ends.abort(), PATIENCE_MS);
  try {
    answer = await fetch(path, {
      method, signal: ends.signal, credentials: 'same-origin', cache: 'no-cache', headers: { 'X-Yingbin': 'page', 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    said = await answer.json().catch(() => ({}));
  } catch {
    throw new Refused(0, t('unreachable'));
  } finally {
    clearTimeout(timer);
  }
  if (!answer.ok) throw new Refused(answer.status, (lang === 'zh' && said.detail_zh) || said.detail || `${answer.status}`);
  return said;
}
