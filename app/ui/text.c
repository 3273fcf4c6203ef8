/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/text_units.h"

enum { KEPT = 256, MEASURED = 96, REFERENCE = 100, REACH = 1000, SMALLEST = 8 };

/* Latin letters go below, and accents above, what the font's ideographs take; at the size REACH. */
enum { LETTERS_BELOW = 250, ACCENTS_ABOVE = 1020 };

struct kept {
  struct text_ask ask; /* its text points into `text` */
  char text[CLEAN_MAX];
  uint64_t used; /* 0: free */
  struct text_layout layout;
};

struct measured { /* a text taken apart: the same for any width and size */
  char text[CLEAN_MAX];
  enum weight weight;
  uint64_t used; /* 0: free */
  struct units units;
  int32_t before[UNITS_MAX + 1]; /* width of all units before this one at the reference size */
  int32_t hyphen;                /* its width there */
  int above, below;              /* of the ink round a baseline at the size REACH */
};

struct texts {
  struct fonts *fonts;
  struct measured *of; /* the text being laid out */
  uint64_t now;
  struct measured scratch; /* what isn't kept: long ones, shortened ones */
  struct measured measured[MEASURED];
  struct kept kept[KEPT];
};

struct breaks { /* where lines end: line i holds the units [at[i], at[i + 1]) */
  int lines;
  int at[TEXT_LINES_MAX + 1];
};

struct texts *texts_open(struct fonts *fonts) {
  struct texts *t = calloc(1, sizeof *t);
  assert(t != NULL);
  t->fonts = fonts;
  return t;
}

void texts_close(struct texts *texts) { free(texts); }

void texts_forget(struct texts *texts) {
  explicit_bzero(&texts->scratch, sizeof texts->scratch);
  explicit_bzero(texts->measured, sizeof texts->measured);
  explicit_bzero(texts->kept, sizeof texts->kept);
}

struct fonts *texts_fonts(struct texts *texts) {
  return texts->fonts;
}

/* The end of the units from `from` on that one font draws in one direction. */
static int run_end(const struct units *u, int from, int to) {
  int end = from + 1;
  while (end < to && u->unit[end].font == u->unit[from].font && u->unit[end].level == u->unit[from].level) end++;
  return end;
}

/* Width of one run, as the font shapes it. */
static int run_width(struct texts *t, int from, int to, enum weight weight, int size) {
  struct units *u = &t->of->units;
  char text[CLEAN_MAX];
  size_t len = (size_t)(u->unit[to - 1].at + u->unit[to - 1].len - u->unit[from].at);
  memcpy(text, u->clean + u->unit[from].at, len);
  text[len] = '\0';
  struct font_run run = {
      .text = text, .font = u->unit[from].font, .weight = weight, .size = size, .rtl = u->unit[from].level & 1};
  return fonts_width(t->fonts, &run);
}

static int trimmed(const struct units *u, int from, int to) {
  while (to > from && u->unit[to - 1].blank) to--;
  return to;
}

static bool latin(const struct units *u, int i) {
  const unsigned char *c = (const unsigned char *)u->clean + u->unit[i].at;
  return ((c[0] | 0x20) >= 'a' && (c[0] | 0x20) <= 'z') || (c[0] >= 0xC3 && c[0] <= 0xC9); /* and with accents */
}

/* Whether a line that ends before this unit ends within a word that is written with a hyphen there. */
static bool hyphened(const struct units *u, int to) {
  return to > 0 && to < u->count && u->unit[to - 1].ending == ENDING_FORCED && latin(u, to - 1) && latin(u, to);
}

static int hyphen_width(struct texts *t, int to, enum weight weight, int size) {
  const struct font_run run = {.text = "-", .font = t->of->units.unit[to - 1].font, .weight = weight, .size = size};
  return fonts_width(t->fonts, &run);
}

static int line_width(struct texts *t, int from, int to, enum weight weight, int size) {
  int w = hyphened(&t->of->units, to) ? hyphen_width(t, to, weight, size) : 0;
  to = trimmed(&t->of->units, from, to);
  for (int end; from < to; from = end) {
    end = run_end(&t->of->units, from, to);
    w += run_width(t, from, end, weight, size);
  }
  return w;
}

/* Widths at the reference size: the sum up to each place where a line may end is exact but for kerning over it. */
static void measure(struct texts *t, enum weight weight) {
  const struct units *u = &t->of->units;
  t->of->before[0] = 0;
  for (int i = 0, end; i < u->count; i = end) {
    end = i + 1;
    while (end < u->count && u->unit[end - 1].ending <= ENDING_FORCED && fonts_joined(t->fonts, u->unit[i].font)) end++;
    int w = 0;
    for (int from = i, to; from < end; from = to) {
      to = run_end(u, from, end);
      w += run_width(t, from, to, weight, REFERENCE);
    }
    for (int k = i; k < end; k++) t->of->before[k + 1] = t->of->before[i] + (int)((int64_t)w * (k + 1 - i) / (end - i));
  }
}

static int reference_width(const struct texts *t, int from, int to) {
  const int hyphen = hyphened(&t->of->units, to) ? t->of->hyphen : 0;
  return t->of->before[trimmed(&t->of->units, from, to)] - t->of->before[from] + hyphen;
}

/* Every line stands as high as the text's tallest font needs: even spacing. */
static void reach(struct texts *t) {
  fonts_reach(t->fonts, 0, REACH, &t->of->above, &t->of->below);
  for (int i = 0; i < t->of->units.count; i++) {
    int a, b;
    fonts_reach(t->fonts, t->of->units.unit[i].font, REACH, &a, &b);
    const unsigned char first = (unsigned char)t->of->units.clean[t->of->units.unit[i].at];
    if ((first | 0x20) >= 'a' && (first | 0x20) <= 'z') b = SDL_max(b, LETTERS_BELOW);
    if (first >= 0xC3 && first <= 0xCD) a = SDL_max(a, ACCENTS_ABOVE), b = SDL_max(b, LETTERS_BELOW); /* up to Greek */
    t->of->above = SDL_max(t->of->above, a);
    t->of->below = SDL_max(t->of->below, b);
  }
}

static int above(const struct texts *t, int size) { return (t->of->above * size + REACH / 2) / REACH; }
static int below(const struct texts *t, int size) { return (t->of->below * size + REACH / 2) / REACH; }
static int leading(int size) { return size / 8; }

static int total_height(const struct texts *t, int lines, int size) {
  return lines * (above(t, size) + below(t, size)) + (lines - 1) * leading(size);
}

static float ems_high(const struct texts *t, int lines) {
  return (float)(lines * (t->of->above + t->of->below)) / REACH + (float)(lines - 1) / 8;
}

static void take_apart(struct texts *t, const char *text, enum weight weight) {
  units_of(t->fonts, text, &t->of->units);
  t->of->weight = weight;
  t->of->hyphen = t->of->units.count > 0 ? hyphen_width(t, 1, weight, REFERENCE) : 0;
  measure(t, weight);
  reach(t);
}

/* The text's measures, kept from before or taken now. */
static void take(struct texts *t, const char *text, enum weight weight) {
  t->of = &t->measured[0];
  for (int i = 0; i < MEASURED; i++) {
    struct measured *m = &t->measured[i];
    if (m->used != 0 && m->weight == weight && strcmp(m->text, text) == 0) {
      m->used = t->now;
      t->of = m;
      return;
    }
    if (m->used < t->of->used) t->of = m;
  }
  if (strlen(text) < sizeof t->of->text) {
    strcpy(t->of->text, text);
    t->of->used = t->now;
  } else {
    t->of = &t->scratch;
  }
  take_apart(t, text, weight);
}

/* How good a division is: the size it allows, less something for each break that isn't a good one. */
static float worth(const struct texts *t, const struct text_ask *ask, const struct breaks *b) {
  static const float price[] = {[ENDING_FORCED] = 0.45f, [ENDING_ALLOWED] = 0.75f, [ENDING_GOOD] = 1};
  static const float lines_price[] = {0, 1, 0.87f, 0.78f};
  float size = (float)ask->most, worst = 1;
  int widest = 1;
  for (int i = 0; i < b->lines; i++) {
    int w = reference_width(t, b->at[i], b->at[i + 1]);
    if (w > widest) widest = w;
    if (i + 1 < b->lines) worst = SDL_min(worst, price[t->of->units.unit[b->at[i + 1] - 1].ending]);
  }
  size = SDL_min(size, (float)ask->width * REFERENCE / (float)widest);
  if (ask->height > 0) size = SDL_min(size, (float)ask->height / ems_high(t, b->lines));
  if (size < (float)ask->least) worst *= 0.25f; /* rather within a word than too small to be read */
  /* of two that allow the same size, the narrower one is the better balanced */
  return size * worst * lines_price[b->lines] * (1 - 0.0001f * (float)widest / (float)(t->of->before[t->of->units.count] + 1));
}

static void balance(const struct texts *t, const struct text_ask *ask, struct breaks *best) {
  const struct units *u = &t->of->units;
  *best = (struct breaks){.lines = 1, .at = {0, u->count}};
  float most = worth(t, ask, best);
  for (int a = 1; ask->lines >= 2 && a < u->count; a++) {
    if (u->unit[a - 1].ending == ENDING_NEVER) continue;
    struct breaks two = {.lines = 2, .at = {0, a, u->count}};
    float w = worth(t, ask, &two);
    if (w > most) most = w, *best = two;
    for (int b = a + 1; ask->lines >= 3 && b < u->count; b++) {
      if (u->unit[b - 1].ending == ENDING_NEVER) continue;
      struct breaks three = {.lines = 3, .at = {0, a, b, u->count}};
      w = worth(t, ask, &three);
      if (w > most) most = w, *best = three;
    }
  }
}

/* Fills lines one after the other at this size. False: more lines than asked for. */
static bool fill(const struct texts *t, const struct text_ask *ask, int size, struct breaks *b) {
  const struct units *u = &t->of->units;
  *b = (struct breaks){.at = {0}};
  for (int from = 0; from < u->count; from = b->at[b->lines]) {
    if (b->lines == ask->lines || b->lines == TEXT_LINES_MAX) return false;
    int end = 0, forced = 0;
    for (int to = from + 1; to <= u->count; to++) {
      if ((int64_t)reference_width(t, from, to) * size > (int64_t)ask->width * REFERENCE && to > from + 1) break;
      if (to == u->count || u->unit[to - 1].ending >= ENDING_ALLOWED) end = to;
      if (to == u->count || u->unit[to - 1].ending >= ENDING_FORCED) forced = to;
    }
    if (forced == 0) return false; /* not even one word */
    b->at[++b->lines] = end > 0 ? end : forced;
  }
  return ask->height == 0 || total_height(t, b->lines, size) <= ask->height;
}

static bool fits(struct texts *t, const struct text_ask *ask, const struct breaks *b, int size) {
  if (ask->height > 0 && total_height(t, b->lines, size) > ask->height) return false;
  for (int i = 0; i < b->lines; i++)
    if (line_width(t, b->at[i], b->at[i + 1], ask->weight, size) > ask->width) return false;
  return true;
}

/* The narrowest lines that are no more than these: no last line with a single character. */
static void even_out(const struct texts *t, const struct text_ask *ask, int size, struct breaks *b) {
  struct text_ask narrow = *ask;
  int least = ask->width / 2, most = ask->width;
  while (most - least > ask->width / 64 + 1) {
    struct breaks tried;
    narrow.width = (least + most) / 2;
    if (fill(t, &narrow, size, &tried) && tried.lines == b->lines) {
      most = narrow.width;
      *b = tried;
    } else {
      least = narrow.width;
    }
  }
}

/* The largest size, with its breaks. */
static int choose(struct texts *t, const struct text_ask *ask, struct breaks *b) {
  int size = ask->most;
  if (ask->lines > 3) {
    while (size >= SMALLEST && !fill(t, ask, size, b)) size--;
    if (size >= SMALLEST && b->lines > 1) even_out(t, ask, size, b);
    return size;
  }
  balance(t, ask, b);
  int widest = 1;
  for (int i = 0; i < b->lines; i++) {
    const int width = reference_width(t, b->at[i], b->at[i + 1]);
    if (width > widest) widest = width;
  }
  size = SDL_min(size, ask->width * REFERENCE / widest + 2); /* about; then exactly */
  while (size >= SMALLEST && !fits(t, ask, b, size)) size--;
  return size;
}

/* Leaves out the middle of a text that must stand on one line at this size. */
static void shorten(struct texts *t, const struct text_ask *ask, int size) {
  static const char dots[] = "\xE2\x80\xA6";
  struct units *u = &t->of->units;
  char text[CLEAN_MAX * 2];
  int head = u->count / 2, tail = u->count - head;
  const int room = ask->width * REFERENCE / size * 98 / 100 - REFERENCE; /* less the dots */
  while (head + tail > 2 && t->of->before[head] + t->of->before[u->count] - t->of->before[u->count - tail] > room)
    if (head >= tail)
      head--;
    else
      tail--;
  const size_t front = u->unit[head].at, back = u->unit[u->count - tail].at, len = strlen(u->clean);
  memcpy(text, u->clean, front);
  memcpy(text + front, dots, 3);
  memcpy(text + front + 3, u->clean + back, len - back + 1);
  t->of = &t->scratch;
  take_apart(t, text, ask->weight);
}

/* Rule L2 of UAX #9: from the highest level down, turn round what is at least on it. `order` holds first units of runs. */
static void reorder(const struct units *u, int16_t *order, int n) {
  int highest = 0;
  for (int i = 0; i < n; i++) highest = SDL_max(highest, u->unit[order[i]].level);
  for (int level = highest; level > 0; level--)
    for (int i = 0; i < n; i++) {
      int end = i;
      while (end < n && u->unit[order[end]].level >= level) end++;
      for (int a = i, b = end - 1; a < b; a++, b--) {
        int16_t swap = order[a];
        order[a] = order[b], order[b] = swap;
      }
      i = end > i ? end - 1 : i;
    }
}

/* Puts one line's runs in visual order into the layout, its first ink on the left edge. */
static void set_line(struct texts *t, struct text_layout *l, struct text_line *line, int from, int to, size_t *bytes) {
  const struct units *u = &t->of->units;
  int16_t order[TEXT_RUNS_MAX];
  int n = 0, x = 0;
  int last = trimmed(u, from, to);
  for (int i = from; i < last && n < TEXT_RUNS_MAX - l->runs; i = run_end(u, i, last)) order[n++] = (int16_t)i;
  reorder(u, order, n);
  line->run = (int16_t)l->runs;
  for (int i = 0; i < n; i++) {
    int end = run_end(u, order[i], last);
    size_t len = (size_t)(u->unit[end - 1].at + u->unit[end - 1].len - u->unit[order[i]].at);
    if (*bytes + len + 1 > sizeof l->bytes) break;
    struct text_run *run = &l->run[l->runs++];
    memcpy(l->bytes + *bytes, u->clean + u->unit[order[i]].at, len);
    if (end == last && hyphened(u, to) && *bytes + len + 2 <= sizeof l->bytes) l->bytes[*bytes + len++] = '-';
    l->bytes[*bytes + len] = '\0';
    struct font_run shaped = {l->bytes + *bytes, u->unit[order[i]].font, l->weight, l->size, u->unit[order[i]].level & 1};
    if (i == 0) x = -fonts_bearing(t->fonts, &shaped);
    int w = fonts_width(t->fonts, &shaped);
    *run = (struct text_run){
        .font = (int16_t)shaped.font, .x = (int16_t)x, .w = (int16_t)w, .rtl = shaped.rtl, .at = (uint16_t)*bytes};
    *bytes += len + 1;
    x += w;
  }
  line->runs = (int16_t)(l->runs - line->run);
  line->w = (int16_t)SDL_max(x, 0);
}

static void set_layout(struct texts *t, const struct text_ask *ask, const struct breaks *b, int size, struct text_layout *l) {
  *l = (struct text_layout){.size = size, .weight = ask->weight, .lines = b->lines, .cut = l->cut, .tofu = t->of->units.tofu};
  size_t bytes = 0;
  for (int i = 0; i < b->lines; i++) {
    struct text_line *line = &l->line[i];
    set_line(t, l, line, b->at[i], b->at[i + 1], &bytes);
    if (i > 0) l->h += leading(size);
    line->above = (int16_t)above(t, size);
    line->below = (int16_t)below(t, size);
    line->baseline = (int16_t)(l->h + line->above);
    l->h += line->above + line->below;
    l->w = SDL_max(l->w, line->w);
  }
}

static void lay_out(struct texts *t, const struct text_ask *ask, struct text_layout *l) {
  struct breaks b;
  *l = (struct text_layout){0};
  take(t, ask->text, ask->weight);
  if (t->of->units.count == 0) return;
  int size = choose(t, ask, &b);
  const bool wanted = ask->shorten && ask->lines == 1 && size < ask->least;
  if (wanted || size < SMALLEST) { /* or nobody could read it */
    const struct text_ask one = {
        .text = ask->text, .weight = ask->weight, .most = wanted ? ask->least : SMALLEST, .width = ask->width, .lines = 1};
    shorten(t, &one, one.most);
    size = SDL_max(choose(t, &one, &b), SMALLEST);
    l->cut = true;
  }
  set_layout(t, ask, &b, size, l);
}

static bool same(const struct text_ask *a, const struct text_ask *b) {
  return a->weight == b->weight && a->most == b->most && a->least == b->least && a->width == b->width &&
         a->height == b->height && a->lines == b->lines && a->shorten == b->shorten && strcmp(a->text, b->text) == 0;
}

const struct text_layout *text_layout(struct texts *t, const struct text_ask *ask) {
  struct kept *oldest = &t->kept[0];
  t->now++;
  for (int i = 0; i < KEPT; i++) {
    struct kept *k = &t->kept[i];
    if (k->used != 0 && same(&k->ask, ask)) {
      k->used = t->now;
      return &k->layout;
    }
    if (k->used < oldest->used) oldest = k;
  }
  assert(ask->width > 0 && ask->lines >= 1 && ask->most >= SMALLEST);
  lay_out(t, ask, &oldest->layout);
  oldest->used = strlen(ask->text) < sizeof oldest->text ? t->now : 0; /* longer ones aren't kept */
  oldest->ask = *ask;
  if (oldest->used != 0) oldest->ask.text = strcpy(oldest->text, ask->text);
  return &oldest->layout;
}
