/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/event_words.h"

#include <stdio.h>
#include <string.h>

#include "core/day.h"

const char *words_in(const struct text *text, enum lang lang) {
  if (text->in[lang][0]) return text->in[lang];
  if (text->in[LANG_ZH_HANS][0]) return text->in[LANG_ZH_HANS];
  return text->in[LANG_EN][0] ? text->in[LANG_EN] : text->in[LANG_ZH_HANT];
}

enum lang words_lang(const struct event *e) {
  return e->title.in[LANG_ZH_HANS][0] ? LANG_ZH_HANS : e->title.in[LANG_ZH_HANT][0] ? LANG_ZH_HANT : LANG_EN;
}

static const char *weekday(const struct civil *c, enum lang lang) {
  static const char *const zh[] = {"周四", "周五", "周六", "周日", "周一", "周二", "周三"}; /* 1970-01-01 was a Thursday */
  static const char *const hant[] = {"週四", "週五", "週六", "週日", "週一", "週二", "週三"};
  static const char *const en[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  int day = day_from_civil(c->year, c->month, c->day) % 7;
  return (lang == LANG_EN ? en : lang == LANG_ZH_HANT ? hant : zh)[day];
}

static void date_of(const struct civil *c, enum lang lang, char *out, size_t size) {
  if (lang == LANG_EN)
    snprintf(out, size, "%s %04d-%02d-%02d", weekday(c, lang), c->year, c->month, c->day);
  else
    snprintf(out, size, "%04d-%02d-%02d %s", c->year, c->month, c->day, weekday(c, lang));
}

int words_days(const struct event *e) {
  int days = event_day(e, e->ends_ms > e->starts_ms ? e->ends_ms - 1 : e->ends_ms) - event_day(e, e->starts_ms) + 1;
  return days > 1 ? days : 1;
}

void words_when(const struct event *e, enum lang lang, char *out, size_t size) {
  struct civil from = civil_of(&e->zone, e->starts_ms), to = civil_of(&e->zone, e->ends_ms);
  char first[48], last[48];
  date_of(&from, lang, first, sizeof first);
  date_of(&to, lang, last, sizeof last);
  if (words_days(e) > 1)
    snprintf(out, size, "%s %02d:%02d – %s %02d:%02d", first, from.hour, from.minute, last, to.hour, to.minute);
  else if (from.day != to.day && !to.hour && !to.minute)
    snprintf(out, size, "%s %02d:%02d–24:00", first, from.hour, from.minute);
  else
    snprintf(out, size, "%s %02d:%02d–%02d:%02d", first, from.hour, from.minute, to.hour, to.minute);
}

void words_where(const struct event *e, enum lang lang, char *out, size_t size) {
  const char *city = words_in(&e->city, lang), *venue = words_in(&e->venue, lang);
  snprintf(out, size, "%s%s%s", city, *city && *venue ? " · " : "", venue);
}
