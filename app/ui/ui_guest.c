/* SPDX-License-Identifier: Apache-2.0
 * What changes by itself before the guests: the languages in turn, the group's code that stays for a while, slides,
 * and the light that goes down when nobody is there.
 */
#include <stdlib.h>
#include <string.h>

#include "ui/action.h"
#include "ui/ui_state.h"

enum {
  GROUP_MS = 20 * 1000,  /* scanning takes ten */
  CHOSEN_MS = 30 * 1000, /* a language that somebody chose: then it is the next one's turn */
  SAMPLE_STEP = 8,       /* every so many pixels of the mirror, both ways */
  MOVED_BY = 20,         /* so much lighter or darker: something moved there */
  MOVED_PART = 40        /* one in so many samples: somebody, not the camera's noise */
};

static const struct event *event_of(const struct ui *ui) {
  const struct catalog *c = ui->catalog;
  return c != NULL && ui->station >= 0 && ui->station < c->stations ? &c->event[c->station[ui->station].event] : NULL;
}

/* The event's languages, else the kiosk's. */
static int languages(const struct ui *ui, enum lang out[LANG_COUNT]) {
  const struct event *event = event_of(ui);
  const bool own = event != NULL && event->langs > 0;
  const int count = own ? event->langs : ui->options.langs;
  memcpy(out, own ? event->lang : ui->options.lang, (size_t)count * sizeof *out);
  return count;
}

/* The first one large, the one behind it small. */
static void speak(struct ui *ui, int turn) {
  struct ui_state *s = ui->state;
  enum lang lang[LANG_COUNT];
  const int count = languages(ui, lang);
  const enum lang first = lang[turn % count], second = lang[(turn + 1) % count];
  s->guest.turn = turn % count;
  s->view.langs = count < 2 ? 1 : 2;
  if (s->view.lang[0] == first && s->view.lang[1] == second) return;
  s->view.lang[0] = first;
  s->view.lang[1] = second;
  s->dirty = true;
}

static bool chosen(const struct ui_state *s, struct moment now) { return now.mono_ms < s->guest.chosen_until_ms; }

void guest_seen(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  s->guest.seen_ms = now.mono_ms;
  if (!s->guest.dim) return;
  s->guest.dim = false;
  s->dirty = true;
}

/* The code that is being scanned stays, whoever comes next. */
static void keep_group(struct ui *ui) {
  struct ui_state *s = ui->state;
  const int group = s->view.screen == SCREEN_VERDICT ? screen_group(&s->stage, &s->view) : -1;
  if (group < 0) return;
  s->view.group = (int16_t)group;
  s->guest.group_until_ms = s->entered_ms + GROUP_MS;
}

void guest_leave(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  keep_group(ui);
  s->view.keeps_group = now.mono_ms < s->guest.group_until_ms;
  s->guest.turned_ms = s->guest.slid_ms = now.mono_ms;
  s->view.slide_fade = 0;
  if (!chosen(s, now)) speak(ui, 0);
  guest_seen(ui, now);
}

static bool moves(const struct ui *ui) {
  const struct ui_state *s = ui->state;
  return s->view.screen == SCREEN_IDLE && !s->view.still && !ui->options.lockstep;
}

/* INT64_MAX: never, as it is. */
static int64_t language_due(const struct ui *ui) {
  const struct ui_state *s = ui->state;
  if (!moves(ui) || s->guest.dim || s->view.langs < 2) return INT64_MAX;
  const int64_t due = s->guest.turned_ms + (int64_t)s->theme.turn_every_ms;
  return due > s->guest.chosen_until_ms ? due : s->guest.chosen_until_ms;
}

static int64_t slide_due(const struct ui *ui) {
  const struct ui_state *s = ui->state;
  const struct event *event = event_of(ui);
  if (!moves(ui) || s->guest.dim || event == NULL || event->slides < 2) return INT64_MAX;
  return s->guest.slid_ms + (int64_t)s->theme.slide_every_ms;
}

static void turn_language(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (now.mono_ms < language_due(ui)) return;
  s->guest.turned_ms = s->entered_ms = now.mono_ms;
  speak(ui, s->guest.turn + 1);
}

static void turn_slide(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (now.mono_ms < slide_due(ui)) return;
  s->guest.slid_ms = now.mono_ms;
  s->view.slide_before = s->view.slide;
  s->view.slide = (s->view.slide + 1) % event_of(ui)->slides;
  s->view.slide_fade = 255;
  s->dirty = true;
}

/* The next picture comes out of the one before. */
static void fade_slide(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->view.slide_fade == 0) return;
  const double left = 1 - (double)(now.mono_ms - s->guest.slid_ms) / s->theme.turn_ms;
  s->view.slide_fade = left > 0 && moves(ui) ? (int)(255 * left * left) : 0;
  s->dirty = true;
}

void guest_step(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->view.keeps_group && now.mono_ms >= s->guest.group_until_ms) {
    s->view.keeps_group = false;
    s->dirty = true;
  }
  turn_language(ui, now);
  turn_slide(ui, now);
  fade_slide(ui, now);
  const bool rest = s->view.screen == SCREEN_IDLE && !ui->options.lockstep;
  if (!rest || s->guest.dim || now.mono_ms - s->guest.seen_ms < (int64_t)s->theme.dim_after_ms) return;
  s->guest.dim = s->dirty = true;
}

static int64_t sooner(int64_t a, int64_t b) { return a < b ? a : b; }

int64_t guest_due(const struct ui *ui) {
  const struct ui_state *s = ui->state;
  int64_t due = INT64_MAX;
  if (s->view.keeps_group) due = sooner(due, s->guest.group_until_ms);
  if (s->view.screen != SCREEN_IDLE || s->guest.dim || ui->options.lockstep) return due;
  due = sooner(due, s->guest.seen_ms + (int64_t)s->theme.dim_after_ms);
  return sooner(due, sooner(language_due(ui), slide_due(ui)));
}

/* Against what was there a while ago: whoever stands still is seen by the next move. */
static bool somebody_moves(struct ui_state *s) {
  const struct mirror *m = &s->mirror;
  int at = 0, moved = 0;
  for (int y = SAMPLE_STEP / 2; y < m->h; y += SAMPLE_STEP)
    for (int x = SAMPLE_STEP / 2; x < m->w && at < GUEST_SAMPLES; x += SAMPLE_STEP, at++) {
      const uint8_t now = m->luma[y * m->w + x];
      moved += abs(now - s->guest.sample[at]) > MOVED_BY;
      s->guest.sample[at] = (uint8_t)((s->guest.sample[at] * 3 + now) / 4);
    }
  return at > 0 && moved * MOVED_PART > at;
}

void guest_mirror(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  if (s->mirror.w > 0 && (somebody_moves(s) || s->mirror.found)) guest_seen(ui, now);
}

void guest_language(struct ui *ui, struct moment now) {
  struct ui_state *s = ui->state;
  speak(ui, s->guest.turn + 1);
  s->guest.chosen_until_ms = now.mono_ms + CHOSEN_MS;
  s->guest.turned_ms = now.mono_ms;
  s->entered_ms = now.mono_ms - SCREEN_SETTLED_MS; /* and time to read it */
}
