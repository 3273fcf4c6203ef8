// SPDX-License-Identifier: Apache-2.0
// Arrivals by minute as bars, and the same as a table.
import { h, number, t } from './common.js';

const LEFT = 44, RIGHT = 24, TOP = 16, BOTTOM = 32, BAR_LEAST = 5, BARS_MOST = 72, LABEL = 62; // pixels, but for BARS_MOST

const clock = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function roundUp(n) {
  for (let ten = 1; ; ten *= 10) for (const s of [1, 2, 5]) if (s * ten >= n) return s * ten;
}

function fit(minutes, wide) {
  const most = Math.min(BARS_MOST, Math.floor(wide / BAR_LEAST));
  const first = minutes[0][0], last = minutes[minutes.length - 1][0] + 1;
  const step = [1, 2, 5, 10, 15, 30, 60].find((s) => (last - first) / s <= most) || 60;
  const whole = Math.max(10, step);
  const to = last + ((step - (last % step)) % step), from = Math.min(first - (first % whole), to - whole);
  const bars = new Map();
  for (const [m, n] of minutes) {
    const at = from + Math.floor((m - from) / step) * step;
    bars.set(at, (bars.get(at) || 0) + n);
  }
  return { from, to, step, bars, most: 4 * roundUp(Math.ceil(Math.max(...bars.values()) / 4)) };
}

/** minutes: [[minute since the day's border, people], ...]; border: that border, in minutes after midnight; W: pixels that there are. */
export function chart(day, border, minutes, W) {
  const H = W < 600 ? 210 : 260;
  const sum = minutes.reduce((a, [, n]) => a + n, 0);
  const [busiest, most] = minutes.reduce((a, b) => (b[1] > a[1] ? b : a));
  const c = fit(minutes, W - LEFT - RIGHT);
  const x = (m) => LEFT + ((m - c.from) / (c.to - c.from)) * (W - LEFT - RIGHT), y = (n) => H - BOTTOM - (n / c.most) * (H - TOP - BOTTOM);
  const label = t('curve_label', day, number(sum), `${clock(busiest + border)} (${number(most)})`);
  const svg = h('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label });
  for (let i = 0; i <= 4; i++) {
    const n = (c.most * i) / 4;
    svg.append(h('line', { class: 'rule', x1: LEFT, x2: W - RIGHT, y1: y(n), y2: y(n) }), h('text', { x: LEFT - 8, y: y(n) + 4, 'text-anchor': 'end' }, number(n)));
  }
  const every = [5, 10, 15, 30, 60, 120, 180, 360].find((e) => (c.to - c.from) / e <= (W - LEFT - RIGHT) / LABEL) || 360;
  for (let m = c.from; m <= c.to; m++)
    if ((m + border) % every === 0) svg.append(h('text', { x: x(m), y: H - 8, 'text-anchor': 'middle' }, clock(m + border)));
  const width = x(c.from + c.step) - x(c.from), gap = width > 6 ? 2 : width / 4;
  for (const [m, n] of c.bars)
    svg.append(h('rect', { class: 'in', x: x(m) + gap / 2, y: y(n), width: width - gap, height: y(0) - y(n), rx: width > 12 ? 3 : 1 }));
  const rows = [...c.bars].map(([m, n]) => h('tr', {}, h('th', { scope: 'row' }, clock(m + border)), h('td', { class: 'n' }, number(n))));
  return h('figure', {},
    svg,
    h('figcaption', {}, h('small', {}, t('curve_bin', c.step))),
    h('details', {}, h('summary', {}, t('as_table')),
      h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('time')), h('th', { scope: 'col', class: 'n' }, t('count')))), h('tbody', {}, rows))));
}

export const clockOf = clock;
