/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/theme.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"
#include "core/accent.h"

enum { FILE_MOST = 64 * 1024, VALUE_MAX = 32, LINES_MAX = 64 };

static const char *const role_names[COLOUR_COUNT] = {"ground", "ink",       "soft",      "card",  "line", "good",
                                                     "care",   "wash-good", "wash-care", "white", "night"};
enum { ROLES_READ = COLOUR_WASH_GOOD };

static const struct number {
  const char *section, *key;
  size_t at;
  double least, most;
} numbers[] = {{"auto", "light_from", offsetof(struct theme, light_from), 0, 24},
               {"auto", "dark_from", offsetof(struct theme, dark_from), 0, 24},
               {"type", "name", offsetof(struct theme, type[TYPE_NAME]), 2.4, 40},
               {"type", "call", offsetof(struct theme, type[TYPE_CALL]), 2.4, 40},
               {"type", "fact", offsetof(struct theme, type[TYPE_FACT]), 2.4, 40},
               {"type", "head", offsetof(struct theme, type[TYPE_HEAD]), 2.4, 20},
               {"type", "title", offsetof(struct theme, type[TYPE_TITLE]), 2.4, 20},
               {"type", "text", offsetof(struct theme, type[TYPE_TEXT]), 2.4, 20},
               {"type", "small", offsetof(struct theme, type[TYPE_SMALL]), 2.4, 10},
               {"grid", "unit", offsetof(struct theme, unit), 0.1, 5},
               {"grid", "margin", offsetof(struct theme, margin), 2, 15},
               {"grid", "corner", offsetof(struct theme, corner), 0, 10},
               {"grid", "wash", offsetof(struct theme, wash), 0, 40},
               {"motion", "enter", offsetof(struct theme, enter_ms), 0, 250},
               {"motion", "turn", offsetof(struct theme, turn_ms), 0, 250},
               {"motion", "turn_every", offsetof(struct theme, turn_every_ms), 1000, 600000},
               {"motion", "slide_every", offsetof(struct theme, slide_every_ms), 1000, 3600000},
               {"motion", "dim_after", offsetof(struct theme, dim_after_ms), 10000, 86400000}};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

struct reading {
  const char *path;
  struct theme *theme;
  int palette;                      /* 0 light, 1 dark, -1: in a section of numbers */
  int colour_line[2][COLOUR_COUNT]; /* 0: not there */
  int number_line[NUMBERS];
  char section[VALUE_MAX];
};

static struct palette *palette_at(struct theme *theme, int i) { return i == 0 ? &theme->light : &theme->dark; }

/* `part` of b in a, 0 to 1. */
static uint32_t mix(uint32_t a, uint32_t b, double part) {
  uint32_t out = 0;
  for (int shift = 0; shift <= 16; shift += 8) {
    const double x = a >> shift & 0xFF, y = b >> shift & 0xFF;
    out |= (uint32_t)lround(x + (y - x) * part) << shift;
  }
  return out;
}

/* A little of the colour in the ground, less where small text or the colour itself couldn't be told from it. */
static uint32_t washed(const struct theme *theme, const struct palette *p, enum colour colour) {
  for (double part = theme->wash; part > 0; part--) {
    const uint32_t rgb = mix(p->rgb[COLOUR_GROUND], p->rgb[colour], part / 100);
    if (accent_contrast(p->rgb[COLOUR_SOFT], rgb) >= ACCENT_TEXT && accent_contrast(p->rgb[colour], rgb) >= accent_shape[0])
      return rgb;
  }
  return p->rgb[COLOUR_GROUND];
}

static void wash(const struct theme *theme, struct palette *p) {
  p->rgb[COLOUR_WASH_GOOD] = washed(theme, p, COLOUR_GOOD);
  p->rgb[COLOUR_WASH_CARE] = washed(theme, p, COLOUR_CARE);
}

static bool read_section(struct reading *r, const struct ini_item *item, struct problem *problem) {
  r->palette = -1;
  if (!slice_copy(item->section, r->section, sizeof r->section)) r->section[0] = '\0';
  if (slice_is(item->section, "theme")) {
    r->palette = slice_is(item->argument, "light") ? 0 : slice_is(item->argument, "dark") ? 1 : -1;
    if (r->palette >= 0) return true;
  }
  for (int i = 0; i < NUMBERS; i++)
    if (strcmp(r->section, numbers[i].section) == 0) return true;
  return problem_set(problem, "%s 第 %d 行：没有这个小节，应为 theme light、theme dark、auto、type、grid 或 motion",
                     "%s, line %d: no such section; expected theme light, theme dark, auto, type, grid or motion", r->path,
                     item->line);
}

static bool read_colour(struct reading *r, const struct ini *ini, const struct ini_item *item, struct problem *problem) {
  static const char *known[ROLES_READ + 1];
  for (int role = 0; role < ROLES_READ; role++) {
    known[role] = role_names[role];
    if (!slice_is(item->key, role_names[role])) continue;
    char text[VALUE_MAX] = "", *end = text;
    const bool fits = slice_copy(item->value, text, sizeof text) && strlen(text) == 7 && text[0] == '#';
    const unsigned long rgb = fits ? strtoul(text + 1, &end, 16) : 0;
    if (!fits || *end != '\0' || strpbrk(text, "+- ") != NULL)
      return problem_set(problem, "%s 第 %d 行：%s 应是 #RRGGBB 这样的颜色", "%s, line %d: %s must be a colour like #RRGGBB",
                         r->path, item->line, role_names[role]);
    palette_at(r->theme, r->palette)->rgb[role] = (uint32_t)rgb;
    r->colour_line[r->palette][role] = item->line;
    return true;
  }
  return ini_unknown(ini, item, known, problem);
}

static bool read_number(struct reading *r, const struct ini *ini, const struct ini_item *item, struct problem *problem) {
  const char *known[NUMBERS + 1] = {NULL};
  int count = 0;
  for (int i = 0; i < NUMBERS; i++) {
    const struct number *n = &numbers[i];
    if (strcmp(r->section, n->section) != 0) continue;
    known[count++] = n->key;
    if (!slice_is(item->key, n->key)) continue;
    char text[VALUE_MAX] = "", *end = text;
    const double value = slice_copy(item->value, text, sizeof text) ? strtod(text, &end) : 0;
    if (end == text || *end != '\0' || !(value >= n->least && value <= n->most))
      return problem_set(problem, "%s 第 %d 行：%s 应是 %g 到 %g 之间的数", "%s, line %d: %s must be a number from %g to %g",
                         r->path, item->line, n->key, n->least, n->most);
    *(double *)(void *)((char *)r->theme + n->at) = value;
    r->number_line[i] = item->line;
    return true;
  }
  return ini_unknown(ini, item, known, problem);
}

static bool all_there(const struct reading *r, struct problem *problem) {
  for (int p = 0; p < 2; p++)
    for (int role = 0; role < ROLES_READ; role++)
      if (r->colour_line[p][role] == 0)
        return problem_set(problem, "%s：[theme %s] 里缺 %s", "%s: [theme %s] has no %s", r->path, p == 0 ? "light" : "dark",
                           role_names[role]);
  for (int i = 0; i < NUMBERS; i++)
    if (r->number_line[i] == 0)
      return problem_set(problem, "%s：[%s] 里缺 %s", "%s: [%s] has no %s", r->path, numbers[i].section, numbers[i].key);
  return true;
}

/* Each colour of text on each ground that it is written on. */
static bool all_readable(const struct reading *r, struct problem *problem) {
  static const struct {
    enum colour text, on;
  } pairs[] = {
      {COLOUR_INK, COLOUR_GROUND}, {COLOUR_SOFT, COLOUR_GROUND}, {COLOUR_INK, COLOUR_CARD},
      {COLOUR_SOFT, COLOUR_CARD},  {COLOUR_GROUND, COLOUR_GOOD}, {COLOUR_INK, COLOUR_WASH_GOOD},
  };
  for (int p = 0; p < 2; p++)
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
      const uint32_t *rgb = palette_at(r->theme, p)->rgb;
      const double contrast = accent_contrast(rgb[pairs[i].text], rgb[pairs[i].on]);
      if (contrast >= ACCENT_TEXT) continue;
      return problem_set(problem, "%s 第 %d 行：%s 写在 %s 上的对比度是 %.1f:1，文字至少要 7:1",
                         "%s, line %d: %s on %s is %.1f:1; text needs at least 7:1", r->path, r->colour_line[p][pairs[i].text],
                         role_names[pairs[i].text], role_names[pairs[i].on], contrast);
    }
  return true;
}

static bool read_items(struct reading *r, const char *text, size_t len, struct problem *problem) {
  struct ini ini;
  ini_init(&ini, r->path, text, len);
  for (;;) {
    struct ini_item item;
    switch (ini_next(&ini, &item, problem)) {
    case INI_END: return true;
    case INI_BAD: return false;
    case INI_SECTION:
      if (!read_section(r, &item, problem)) return false;
      break;
    case INI_PAIR:
      if (!(r->palette >= 0 ? read_colour : read_number)(r, &ini, &item, problem)) return false;
      break;
    }
  }
}

bool theme_open(const char *path, struct theme *out, struct problem *problem) {
  struct reading r = {.path = path, .theme = out, .palette = -1};
  char *text;
  size_t len;
  *out = (struct theme){.unit = 0};
  if (!file_read(path, FILE_MOST, &text, &len, problem)) return false;
  bool good = read_items(&r, text, len, problem) && all_there(&r, problem);
  free(text);
  if (!good) return false;
  out->dark.dark = true;
  out->light.rgb[COLOUR_WHITE] = out->dark.rgb[COLOUR_WHITE] = 0xFFFFFF;
  out->light.rgb[COLOUR_NIGHT] = out->dark.rgb[COLOUR_NIGHT] = 0x12161C;
  wash(out, &out->light);
  wash(out, &out->dark);
  return all_readable(&r, problem);
}

static struct accent_on stands_on(const struct palette *p) {
  return (struct accent_on){p->rgb[COLOUR_GROUND], p->rgb[COLOUR_CARD], p->dark};
}

void theme_palette(const struct theme *theme, bool dark, const struct accents *accents, struct palette *out) {
  *out = dark ? theme->dark : theme->light;
  if (accents == NULL || (accents->good == 0 && accents->care == 0)) return;
  const struct accent_on on = stands_on(out);
  out->rgb[COLOUR_GOOD] = accent_fit(accents->good, &on, ACCENT_TEXT); /* it is written on, too */
  out->rgb[COLOUR_CARE] = accent_fit(accents->care, &on, accent_shape[dark]);
  wash(theme, out);
}

uint32_t theme_rgb(const struct palette *p, enum colour colour) {
  if (colour < COLOUR_COUNT) return p->rgb[colour];
  const struct accent_on on = stands_on(p);
  return accent_fit((uint32_t)colour & 0xFFFFFF, &on, accent_shape[p->dark]);
}

bool theme_dark_at(const struct theme *theme, enum theme_choice choice, int hour) {
  if (choice != THEME_AUTO) return choice == THEME_DARK;
  const bool turned = theme->light_from > theme->dark_from; /* dark by day: somebody may want that */
  const bool day =
      turned ? hour >= theme->light_from || hour < theme->dark_from : hour >= theme->light_from && hour < theme->dark_from;
  return !day;
}
