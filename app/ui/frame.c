/* SPDX-License-Identifier: Apache-2.0
 * What is on every screen: the event and the clock above, the health line below.
 */
#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "core/day.h"
#include "ui/page.h"

enum { ITEMS_MAX = 7, ITEM_TEXT = 128 };

struct item { /* of the health line */
  bool good;
  char text[ITEM_TEXT];
};

static const struct station *station_of(const struct view *v) {
  return v->catalog != NULL && v->station >= 0 && v->station < v->catalog->stations ? &v->catalog->station[v->station] : NULL;
}

static void header(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v) {
  const struct station *st = station_of(v);
  if (st == NULL) return;
  const struct event *event = &v->catalog->event[st->event];
  const struct civil c = civil_of(&event->zone, v->now.wall_ms);
  char clock[16], venue[TEXT_MAX * 2 + 8];
  snprintf(clock, sizeof clock, "%02d:%02d", c.hour, c.minute);
  const struct text_ask time = {
      .text = clock, .weight = WEIGHT_REGULAR, .most = grid_step(g, 3.8), .least = 11, .width = g->header.w / 4, .lines = 1};
  const struct text_layout *l = text_layout(stage->texts, &time);
  const int title_w = g->header.w - l->w - g->margin;
  if (v->now.wall_ms != 0) canvas->ops->text(canvas->self, g->header.x + g->header.w - l->w, g->header.y, l, -1, COLOUR_INK);
  const struct text_ask title = {.text = words_text(&event->title, v->lang[0]),
                                 .weight = WEIGHT_REGULAR,
                                 .most = grid_step(g, 3.8),
                                 .least = grid_step(g, 2.8),
                                 .width = title_w,
                                 .lines = 1,
                                 .shorten = true};
  l = text_layout(stage->texts, &title);
  canvas->ops->text(canvas->self, g->header.x, g->header.y, l, -1, COLOUR_INK);
  if (v->screen != SCREEN_IDLE) return;
  const int y = g->header.y + l->h + g->s / 100;
  const char *city = words_text(&event->city, v->lang[0]), *place = words_text(&event->venue, v->lang[0]);
  snprintf(venue, sizeof venue, "%s%s%s", city, city[0] != '\0' && place[0] != '\0' ? " · " : "", place);
  const struct text_ask where = {.text = venue,
                                 .weight = WEIGHT_REGULAR,
                                 .most = grid_step(g, 2.7),
                                 .least = grid_step(g, 2.2),
                                 .width = g->header.w,
                                 .lines = 1,
                                 .shorten = true};
  if (venue[0] != '\0') canvas->ops->text(canvas->self, g->header.x, y, text_layout(stage->texts, &where), -1, COLOUR_SOFT);
}

static struct item *add(struct item *items, int *count, bool good) {
  struct item *item = &items[(*count)++];
  item->good = good;
  item->text[0] = '\0';
  return item;
}

static void number(int64_t n, char out[24]) { snprintf(out, 24, "%lld", (long long)n); }

/* What a volunteer must know: does it see, does it write, is there room, is the clock right, how many. */
static int health(const struct stage *stage, const struct view *v, struct item items[ITEMS_MAX]) {
  static const char *const camera[] = {[WATCH_CAMERA_STARTING] = "health.camera.starting",
                                       [WATCH_CAMERA_GOOD] = "health.camera.good",
                                       [WATCH_CAMERA_LOST] = "health.camera.lost",
                                       [WATCH_CAMERA_NONE] = "health.camera.none",
                                       [WATCH_CAMERA_ENDED] = "health.camera.ended"};
  const struct strings *s = stage->strings;
  const enum lang lang = v->lang[0];
  char n[24];
  int count = 0;
  struct item *item;
  if (v->watch_known) {
    const bool sees = v->watch.camera != WATCH_CAMERA_LOST && v->watch.camera != WATCH_CAMERA_STARTING;
    const char *const fails = v->watch.sandbox_refused ? "health.sandbox" : v->watch.decoder_fails ? "health.decoder" : NULL;
    item = add(items, &count, sees && !fails);
    strings_put(s, lang, item->text, ITEM_TEXT, fails ? fails : camera[v->watch.camera], NULL);
    const int64_t replaced = v->watch.killed + v->watch.died;
    if (replaced > 0) {
      number(replaced, n);
      item = add(items, &count, true);
      strings_put(s, lang, item->text, ITEM_TEXT, "health.replaced", n, NULL);
    }
  }
  if (v->reader_known) {
    item = add(items, &count, v->reader_present);
    strings_put(s, lang, item->text, ITEM_TEXT, v->reader_present ? "health.reader.good" : "health.reader.missing", NULL);
  }
  if (!v->desk_known) return count;
  number(v->desk.unsent, n);
  item = add(items, &count, v->desk.fault == DESK_FAULT_NONE);
  strings_put(s, lang, item->text, ITEM_TEXT, v->desk.fault == DESK_FAULT_NONE ? "health.journal" : "health.journal.fault", n,
              NULL);
  snprintf(n, sizeof n, v->desk.disk_free_mb < 10240 ? "%.1f" : "%.0f", (double)v->desk.disk_free_mb / 1024);
  item = add(items, &count, v->desk.disk_free_mb >= 512);
  strings_put(s, lang, item->text, ITEM_TEXT, "health.disk", n, NULL);
  item = add(items, &count, v->desk.clock_ok);
  strings_put(s, lang, item->text, ITEM_TEXT, v->desk.clock_ok ? "health.clock" : "health.clock.unsure", NULL);
  number(v->desk.people, n);
  item = add(items, &count, true);
  strings_put(s, lang, item->text, ITEM_TEXT, "health.people", n, NULL);
  return count;
}

static struct text_ask small(const struct grid *g, const char *text, int size, int width) {
  return (struct text_ask){.text = text,
                           .weight = WEIGHT_REGULAR,
                           .most = size,
                           .least = 11,
                           .width = SDL_max(width, g->s / 10),
                           .lines = 1,
                           .shorten = true};
}

/* The items at a size; drawn where y >= 0. Returns their width. */
static int draw_items(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct item *items,
                      int count, int size, int y) {
  const int dot = size * 6 / 10, space = size * 45 / 100, between = size * 13 / 10;
  int x = g->footer.x;
  for (int i = 0; i < count; i++) {
    const struct text_ask ask = small(g, items[i].text, size, g->footer.w);
    const struct text_layout *l = text_layout(stage->texts, &ask);
    if (y >= 0) {
      canvas->ops->shape(canvas->self, (struct box){x, y + (l->h - dot) / 2, dot, dot},
                         items[i].good ? SHAPE_DISC : SHAPE_SQUARE, items[i].good ? COLOUR_GOOD : COLOUR_CARE);
      canvas->ops->text(canvas->self, x + dot + space, y, l, -1, COLOUR_SOFT);
    }
    x += dot + space + l->w + between;
  }
  return x - g->footer.x - (count > 0 ? between : 0);
}

static void footer(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v) {
  struct item items[ITEMS_MAX];
  const int count = health(stage, v, items);
  const struct station *st = station_of(v);
  char where[TEXT_MAX + ID_MAX + 8];
  const char *label = st != NULL ? words_text(&st->label, v->lang[0]) : "", *kiosk = v->kiosk != NULL ? v->kiosk : "";
  snprintf(where, sizeof where, "%s%s%s", label, label[0] != '\0' && kiosk[0] != '\0' ? " · " : "", kiosk);
  int size = grid_step(g, 2.4);
  const int least = SDL_max(11, size * 3 / 4), gap = size * 2;
  const struct text_ask ask = small(g, where, size, g->portrait ? g->footer.w : g->footer.w * 2 / 5);
  const int y = g->footer.y + (g->footer.h - size * 108 / 100) / 2;
  int items_w = draw_items(stage, canvas, g, items, count, size, -1);
  if (where[0] != '\0') {
    const struct text_layout *l = text_layout(stage->texts, &ask);
    const bool beside = items_w + gap + l->w <= g->footer.w; /* else on a line of its own */
    canvas->ops->text(canvas->self, beside ? g->footer.x + g->footer.w - l->w : g->footer.x, beside ? y : y - size * 3 / 2, l,
                      -1, COLOUR_SOFT);
  }
  while (size > least && items_w > g->footer.w) items_w = draw_items(stage, canvas, g, items, count, --size, -1);
  draw_items(stage, canvas, g, items, count, size, y);
}

void frame_draw(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *view) {
  header(stage, canvas, g, view);
  footer(stage, canvas, g, view);
}
