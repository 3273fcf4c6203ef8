/* SPDX-License-Identifier: Apache-2.0
 * What is on every screen: the event and the clock above, the health line below.
 */
#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "core/day.h"
#include "ui/action.h"
#include "ui/page.h"
#include "ui/words.h"

enum { ITEMS_MAX = 8, ITEM_TEXT = 128, DISK_LEAST_MB = 512 };

struct item { /* of the health line */
  bool good;
  char text[ITEM_TEXT];
};

static const struct station *station_of(const struct view *v) {
  return v->catalog != NULL && v->station >= 0 && v->station < v->catalog->stations ? &v->catalog->station[v->station] : NULL;
}

struct ink { /* on this page's paper */
  enum colour ink, soft;
  bool solid;
};

static const char *const lang_names[LANG_COUNT] = {[LANG_ZH_HANS] = "简体", [LANG_ZH_HANT] = "繁體", [LANG_EN] = "English"};

/* Returns its width with what is before it. */
static int button(const struct stage *stage, struct canvas *canvas, const struct grid *g, const char *label, enum action action,
                  const struct ink *k, int right, int middle) {
  const int size = grid_step(g, 2.8), pad = size * 6 / 10, line = SDL_max(1, g->s / 400), reach = g->s / 40;
  const struct text_ask ask = {
      .text = label, .weight = WEIGHT_REGULAR, .most = size, .least = size, .width = g->header.w / 3, .lines = 1};
  const struct text_layout *l = text_layout(stage->texts, &ask);
  const struct box b = {right - l->w - 2 * pad, middle - l->h / 2 - pad / 2, l->w + 2 * pad, l->h + pad};
  const struct box in = {b.x + line, b.y + line, b.w - 2 * line, b.h - 2 * line};
  canvas->ops->round(canvas->self, b, b.h / 2, k->soft);
  canvas->ops->round(canvas->self, in, in.h / 2, k->solid ? COLOUR_GOOD : COLOUR_CARD);
  canvas->ops->text(canvas->self, b.x + pad, b.y + (b.h - l->h) / 2, l, -1, k->ink);
  canvas_hit(canvas, (struct box){b.x - reach, b.y - reach, b.w + 2 * reach, b.h + 2 * reach}, action, 0);
  return b.w + g->margin / 3;
}

/* The other language, as its readers call it. */
static int language_button(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v,
                           const struct ink *k, int right, int middle) {
  if (v->langs < 2 || v->catalog == NULL) return 0;
  return button(stage, canvas, g, lang_names[v->lang[1]], ACTION_LANG, k, right, middle);
}

/* For who has no code. */
static int lookup_button(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v,
                         const struct ink *k, int right, int middle) {
  char label[TEXT_MAX];
  const struct station *st = station_of(v);
  if (v->screen != SCREEN_IDLE || st == NULL || v->catalog->event[st->event].self_lookup != SELF_LOOKUP_PHONE) return 0;
  strings_put(stage->strings, v->lang[0], label, sizeof label, "self.offer", NULL);
  return button(stage, canvas, g, label, ACTION_NO_CODE, k, right, middle);
}

/* NULL: it has none, or it isn't the place for it. Only idle has it, under the title. */
static const struct text_layout *venue(const struct stage *stage, const struct grid *g, const struct view *v,
                                       const struct event *event, int width) {
  char text[TEXT_MAX * 2 + 8];
  const char *city = words_text(&event->city, v->lang[0]), *place = words_text(&event->venue, v->lang[0]);
  snprintf(text, sizeof text, "%s%s%s", city, city[0] != '\0' && place[0] != '\0' ? " · " : "", place);
  const struct text_ask where = {.text = text,
                                 .weight = WEIGHT_REGULAR,
                                 .most = grid_step(g, 2.7),
                                 .least = grid_type(g, TYPE_SMALL),
                                 .width = SDL_max(width, g->s / 5),
                                 .lines = 1,
                                 .shorten = true};
  return v->screen == SCREEN_IDLE && text[0] != '\0' ? text_layout(stage->texts, &where) : NULL;
}

struct hosts {  /* of the event, who have a logo, the last one first; only idle has them */
  int count, w; /* side by side, each with a gap */
  const struct image *logo[HOSTS_MAX];
  int width[HOSTS_MAX];
};

static int logo_gap(const struct grid *g) { return g->margin / 4; }

static void hosts_of(const struct stage *stage, const struct grid *g, const struct view *v, const struct event *event,
                     struct hosts *out) {
  *out = (struct hosts){.count = 0};
  for (int i = v->catalog->hosts - 1; i >= 0 && v->screen == SCREEN_IDLE; i--) {
    const struct image *image = pictures_find(stage->pictures, v->catalog->host[i].logo);
    if ((event->hosts >> i & 1) == 0 || image == NULL) continue;
    out->width[out->count] = canvas_picture_box(grid_logo(g), image).w;
    out->w += out->width[out->count] + logo_gap(g);
    out->logo[out->count++] = image;
  }
}

/* As many as there is room for, the first host's one outermost left. Returns where the leftmost one begins. */
static int draw_hosts(struct canvas *canvas, const struct grid *g, const struct hosts *hosts, int left, int right, int top) {
  for (int i = 0; i < hosts->count && right - hosts->width[i] >= left; i++) {
    const struct box box = {right - hosts->width[i], top, hosts->width[i], grid_logo(g).h};
    right -= page_logo(canvas, box, hosts->logo[i]) + logo_gap(g);
  }
  return right;
}

struct heading { /* what is left of the header for the title */
  int left, right, middle;
  int tall; /* of the logo that it stands beside; 0: there is none */
};

/* Clock and buttons at the right end. */
static void tools(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v,
                  const struct event *event, const struct ink *k, struct heading *h) {
  const struct civil c = civil_of(&event->zone, v->now.wall_ms);
  const int size = grid_type(g, TYPE_TEXT);
  char clock[16];
  snprintf(clock, sizeof clock, "%02d:%02d", c.hour, c.minute);
  const struct text_ask time = {
      .text = clock, .weight = WEIGHT_REGULAR, .most = size, .least = size, .width = g->header.w / 4, .lines = 1};
  const struct text_layout *l = text_layout(stage->texts, &time);
  if (v->now.wall_ms != 0) {
    canvas->ops->text(canvas->self, h->right - l->w, h->middle - l->h / 2, l, -1, k->ink);
    h->right -= l->w + g->margin / 3;
  }
  h->right -= language_button(stage, canvas, g, v, k, h->right, h->middle);
  h->right -= lookup_button(stage, canvas, g, v, k, h->right, h->middle);
}

static void title(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v,
                  const struct event *event, const struct ink *k, const struct heading *h) {
  const int size = grid_type(g, TYPE_TEXT), space = g->s / 100;
  const bool idle = v->screen == SCREEN_IDLE;
  struct text_ask ask = {.text = words_text(&event->title, v->lang[0]),
                         .weight = WEIGHT_REGULAR,
                         .most = size,
                         .least = SDL_max(grid_type(g, TYPE_SMALL), size * 3 / 4),
                         .width = SDL_max(h->right - h->left - g->margin / 3, g->s / 5),
                         .height = g->header.h - (idle ? grid_step(g, 2.7) + space : 0),
                         .lines = 2};
  const struct text_layout *l = text_layout(stage->texts, &ask);
  if (l->size < ask.least) { /* too long for two lines that can be read */
    ask.lines = 1;
    ask.shorten = true;
    l = text_layout(stage->texts, &ask);
  }
  const struct text_layout *where = venue(stage, g, v, event, h->right - h->left);
  const int all = l->h + (where != NULL ? space + where->h : 0);
  int y = l->lines > 1 ? g->header.y : h->middle - l->h / 2;
  if (h->tall > 0) y = g->header.y + SDL_max(0, h->tall - all) / 2; /* in the middle of the logo */
  canvas->ops->text(canvas->self, h->left, y, l, -1, k->ink);
  if (where != NULL) canvas->ops->text(canvas->self, h->left, y + l->h + space, where, -1, k->soft);
}

/* The event's logo before its title, the hosts' ones behind, as many as leave the title its room; upright, where they don't
 * all fit, they have a row of their own, which the body loses. */
static void header(const struct stage *stage, struct canvas *canvas, struct grid *g, const struct view *v,
                   const struct ink *k) {
  const struct station *st = station_of(v);
  if (st == NULL) return;
  const struct event *event = &v->catalog->event[st->event];
  const struct image *own = pictures_find(stage->pictures, event->logo);
  const struct box logo = grid_logo(g);
  struct hosts hosts;
  hosts_of(stage, g, v, event, &hosts);
  struct heading h = {.left = g->header.x, .right = g->header.x + g->header.w};
  h.tall = own != NULL || (hosts.count > 0 && !g->portrait) ? logo.h : 0;
  h.middle = g->header.y + (h.tall > 0 ? h.tall / 2 : grid_step(g, 2.8) * 9 / 10); /* of the button, which is the highest */
  tools(stage, canvas, g, v, event, k, &h);
  if (own != NULL) h.left += page_logo(canvas, (struct box){h.left, g->header.y, logo.w, logo.h}, own) + g->margin / 3;
  const int least = h.left + g->header.w * 2 / 5;
  if (!g->portrait || h.right - hosts.w >= least) {
    h.right = draw_hosts(canvas, g, &hosts, least, h.right, g->header.y);
  } else {
    const int row = logo.h + g->s * 20 / 1000, most = g->header.x + g->header.w;
    draw_hosts(canvas, g, &hosts, g->header.x, SDL_min(most, g->header.x + hosts.w - logo_gap(g)), g->body.y);
    g->body.y += row;
    g->body.h -= row;
  }
  title(stage, canvas, g, v, event, k, &h);
}

static struct item *add(struct item *items, int *count, bool good) {
  struct item *item = &items[(*count)++];
  item->good = good;
  item->text[0] = '\0';
  return item;
}

static void number(int64_t n, char out[24]) { snprintf(out, 24, "%lld", (long long)n); }

static void camera(const struct stage *stage, const struct view *v, struct item *items, int *count) {
  static const char *const states[] = {[WATCH_CAMERA_STARTING] = "health.camera.starting",
                                       [WATCH_CAMERA_GOOD] = NULL,
                                       [WATCH_CAMERA_LOST] = "health.camera.lost",
                                       [WATCH_CAMERA_NONE] = NULL,
                                       [WATCH_CAMERA_ENDED] = "health.camera.ended"};
  const char *what = v->watch.sandbox_refused ? "health.sandbox"
                     : v->watch.decoder_fails ? "health.decoder"
                                              : states[v->watch.camera];
  if (v->watch_known && what != NULL)
    strings_put(stage->strings, v->lang[0], add(items, count, v->watch.camera == WATCH_CAMERA_ENDED)->text, ITEM_TEXT, what,
                NULL);
}

/* For whoever looks after it: all is well, or each thing that isn't, in a word. And how many have come today. */
static int health(const struct stage *stage, const struct view *v, struct item items[ITEMS_MAX]) {
  const struct strings *s = stage->strings;
  const enum lang lang = v->lang[0];
  char n[24];
  int count = 0;
  camera(stage, v, items, &count);
  if (v->reader_known && !v->reader_present)
    strings_put(s, lang, add(items, &count, false)->text, ITEM_TEXT, "health.reader.missing", NULL);
  if (!v->desk_known) return count;
  if (v->desk.fault != DESK_FAULT_NONE)
    strings_put(s, lang, add(items, &count, false)->text, ITEM_TEXT, "health.journal.fault", NULL);
  if (v->desk.disk_free_mb < DISK_LEAST_MB) {
    snprintf(n, sizeof n, "%.1f", (double)v->desk.disk_free_mb / 1024);
    strings_put(s, lang, add(items, &count, false)->text, ITEM_TEXT, "health.disk", n, NULL);
  }
  if (!v->desk.clock_ok) strings_put(s, lang, add(items, &count, false)->text, ITEM_TEXT, "health.clock.unsure", NULL);
  const char *machine = words_machine(&v->desk.machine);
  if (machine != NULL) strings_put(s, lang, add(items, &count, false)->text, ITEM_TEXT, machine, NULL);
  const bool on_stick = v->desk.stick == STICK_WRITTEN || v->desk.stick == STICK_WRITING;
  const char *stick = words_stick(v->desk.stick);
  if (stick != NULL) strings_put(s, lang, add(items, &count, on_stick)->text, ITEM_TEXT, stick, NULL);
  bool well = true;
  for (int i = 0; i < count; i++) well = well && items[i].good;
  if (well) strings_put(s, lang, add(items, &count, true)->text, ITEM_TEXT, "health.well", NULL);
  number(v->desk.people_today + v->desk.elsewhere_today, n);
  strings_put(s, lang, add(items, &count, true)->text, ITEM_TEXT, "health.people", n, NULL);
  return count;
}

static struct text_ask small(const struct grid *g, const char *text, int size, int width) {
  return (struct text_ask){.text = text,
                           .weight = WEIGHT_REGULAR,
                           .most = size,
                           .least = grid_type(g, TYPE_SMALL),
                           .width = SDL_max(width, g->s / 10),
                           .lines = 1,
                           .shorten = true};
}

/* The items from the footer's line upwards, worst first, as many as there is room for. Returns how many lines they take,
 * and how wide the lowest one is. */
static int draw_items(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct item *items,
                      int count, int y, const struct ink *k, int *width) {
  const int size = grid_type(g, TYPE_SMALL), dot = size * 6 / 10, space = size * 45 / 100, between = size * 13 / 10;
  const int most = g->portrait ? 2 : 1;
  int x = g->footer.x, line = 0;
  for (int i = 0; i < count; i++) {
    const struct text_ask ask = small(g, items[i].text, size, g->footer.w - dot - space);
    const struct text_layout *l = text_layout(stage->texts, &ask);
    if (x > g->footer.x && x + dot + space + l->w > g->footer.x + g->footer.w) {
      if (++line == most) return line;
      x = g->footer.x;
    }
    const int top = y - line * size * 3 / 2;
    canvas->ops->shape(canvas->self, (struct box){x, top + (l->h - dot) / 2, dot, dot},
                       items[i].good ? SHAPE_DISC : SHAPE_SQUARE,
                       k->solid        ? COLOUR_GROUND
                       : items[i].good ? COLOUR_GOOD
                                       : COLOUR_CARE);
    canvas->ops->text(canvas->self, x + dot + space, top, l, -1, k->soft);
    x += dot + space + l->w + between;
    if (line == 0) *width = x - g->footer.x;
  }
  return count > 0 ? line + 1 : 0;
}

static void footer(const struct stage *stage, struct canvas *canvas, const struct grid *g, const struct view *v,
                   const struct ink *k) {
  struct item items[ITEMS_MAX];
  const int count = health(stage, v, items), size = grid_type(g, TYPE_SMALL);
  const struct station *st = station_of(v);
  char where[TEXT_MAX + ID_MAX + 8];
  const char *label = st != NULL ? words_text(&st->label, v->lang[0]) : "", *kiosk = v->kiosk != NULL ? v->kiosk : "";
  snprintf(where, sizeof where, "%s%s%s", label, label[0] != '\0' && kiosk[0] != '\0' ? " · " : "", kiosk);
  const int y = g->footer.y + (g->footer.h - size * 108 / 100) / 2;
  int width = 0;
  const int lines = draw_items(stage, canvas, g, items, count, y, k, &width);
  const int room = lines > 1 ? g->footer.w : g->footer.w - width - size;
  if (where[0] == '\0' || (!g->portrait && room < size * 4)) return;
  const struct text_ask ask = small(g, where, size, g->portrait ? g->footer.w : room);
  const struct text_layout *l = text_layout(stage->texts, &ask);
  const bool beside = lines < 2 && l->w <= room; /* else on a line of its own */
  canvas->ops->text(canvas->self, beside ? g->footer.x + g->footer.w - l->w : g->footer.x,
                    beside ? y : y - lines * size * 3 / 2, l, -1, k->soft);
}

void frame_draw(const struct stage *stage, struct canvas *canvas, struct grid *g, const struct view *view, bool solid) {
  const struct ink k = {solid ? COLOUR_GROUND : COLOUR_INK, solid ? COLOUR_GROUND : COLOUR_SOFT, solid};
  header(stage, canvas, g, view, &k);
  footer(stage, canvas, g, view, &k);
}
