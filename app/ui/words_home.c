/* SPDX-License-Identifier: Apache-2.0
 * What a kiosk says to who comes: starting, idle, and the button of an event without a roster.
 */
#include "ui/words.h"

enum { HOUR_MS = 60 * 60 * 1000 };

void say_starting(struct writer *w) { PUT(w, w->say->big, "starting.big"); }

void words_site(struct writer *w) {
  COPY(w->page->qr, w->event->site);
  if (w->event->site[0] != '\0') PUT(w, w->say->caption, w->event->roster ? "site.caption" : "site.open");
}

/* Of this door where the programme says so, else of the whole event. */
static const struct session *next_session(const struct writer *w, bool here) {
  const struct moment now = w->v->now;
  for (int i = 0; i < w->catalog->sessions; i++) {
    const struct session *s = &w->catalog->session[i];
    const int64_t late = s->ends_ms != 0 ? s->ends_ms : s->starts_ms + HOUR_MS;
    if (s->event != w->station->event || (here && s->station != w->v->station)) continue;
    if (here ? late > now.wall_ms : s->starts_ms > now.wall_ms) return s;
  }
  return NULL;
}

void words_next(struct writer *w, char *out, size_t size) {
  char time[64];
  out[0] = '\0';
  if (!w->v->now.wall_ok) return; /* what is next depends on what it is now */
  const struct session *s = next_session(w, true);
  if (s == NULL) s = next_session(w, false);
  if (s == NULL || s->starts_ms > w->v->now.wall_ms + 20 * (int64_t)HOUR_MS) return;
  words_time(w, s->starts_ms, time, sizeof time);
  const char *key = s->starts_ms <= w->v->now.wall_ms ? "session.now" : "session.next";
  strings_put(w->stage->strings, w->lang, out, size, key, time, words_text(&s->title, w->lang), NULL);
  if (s->station != w->v->station) words_join(out, size, words_text(&s->room, w->lang));
}

void words_mirror(struct writer *w) {
  static const enum shape arrows[] = {[CAMERA_AT_TOP] = SHAPE_ARROW_UP,
                                      [CAMERA_AT_BOTTOM] = SHAPE_ARROW_DOWN,
                                      [CAMERA_AT_LEFT] = SHAPE_ARROW_LEFT,
                                      [CAMERA_AT_RIGHT] = SHAPE_ARROW};
  const struct view *v = w->v;
  const bool sees = v->watch_known && !v->watch.decoder_fails &&
                    (v->watch.camera == WATCH_CAMERA_GOOD || v->watch.camera == WATCH_CAMERA_STARTING);
  w->page->mirror = v->mirror != NULL && sees;
  w->page->to_camera = arrows[v->camera_at];
  w->page->urgent = w->page->mirror && v->hint;
  if (w->page->urgent) PUT(w, w->say->sub, "idle.hint");
}

static void offer_slide(struct writer *w) {
  const struct event *e = w->event;
  const struct view *v = w->v;
  struct page *p = w->page;
  for (int i = 0; i < e->slides; i++) {
    const struct image *image = pictures_find(w->stage->pictures, e->slide[i]);
    if (image == NULL) continue;
    if (i == v->slide % e->slides) p->slide = image;
    if (v->slide_fade > 0 && i == v->slide_before % e->slides) p->slide_before = image;
    if (p->slide_tall * image->w < image->h) p->slide_tall = (double)image->h / image->w;
  }
  p->slide_part = 255 - v->slide_fade;
}

/* Under the code that is there; else where a card is free; beside a button, in the line under the large words. */
static void offer_programme(struct writer *w, bool ill) {
  char next[ROW_MAX];
  words_next(w, next, sizeof next);
  if (w->page->qr[0] != '\0')
    COPY(w->say->note, next);
  else if (!w->page->tap)
    COPY(w->say->row[0], next);
  else if (!ill && !w->page->urgent)
    words_join(w->say->sub, sizeof w->say->sub, next);
}

void say_idle(struct writer *w) {
  const struct view *v = w->v;
  const bool blind = v->watch_known && (v->watch.camera == WATCH_CAMERA_LOST || v->watch.decoder_fails);
  const char *help = words_text(&w->event->help, w->lang);
  PUT(w, w->say->big, "idle.big");
  if (blind)
    PUT(w, w->say->sub, "idle.blind");
  else if (help[0] != '\0')
    PUT(w, w->say->sub, "idle.help", help);
  else if (!w->station->anonymous)
    PUT(w, w->say->sub, "idle.sub");
  w->page->tap = w->station->anonymous; /* some come here without a code */
  if (w->page->tap) PUT(w, w->say->row[0], "anonymous.row");
  words_mirror(w);
  offer_slide(w);
  words_site(w);
  offer_programme(w, blind);
  if (w->page->slide != NULL || w->page->mirror) w->page->shape = SHAPE_NONE; /* it shows what to do */
}

void say_open(struct writer *w) {
  PUT(w, w->say->big, "open.big");
  PUT(w, w->say->sub, "open.sub");
  words_mirror(w);
  offer_slide(w);
  words_site(w);
  offer_programme(w, false);
}
