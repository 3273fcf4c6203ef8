/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/dates.h"

#include <string.h>

#include "core/day.h"
#include "tools/yingbin/forms.h"

static const int64_t DAY_MS = 86400000;

static void warn(struct folder *f, const struct settings *s, int line, const char *key, const char *value, const char *zh,
                 const char *en) {
  remarks_say(&f->warnings, "%1$s 第 %2$d 行：%3$s = %4$.40s：%5$s。年份、日期写对了吗？%6$.0s",
              "%1$s, line %2$d: %3$s = %4$.40s: %6$s. Are the year and the date right?%5$.0s", s->file, line, key, value, zh,
              en);
}

/* Whether the day is one of the event's, give or take `slack`. */
static bool during(const struct event *e, int64_t wall_ms, int64_t slack) {
  return wall_ms >= e->starts_ms - slack && wall_ms <= e->ends_ms + slack;
}

static bool during_any(const struct catalog *c, int64_t wall_ms, int64_t slack) {
  for (int i = 0; i < c->events; i++)
    if (during(&c->event[i], wall_ms, slack)) return true;
  return c->events == 0;
}

static int64_t ms_of(const struct civil *c) {
  return ((int64_t)day_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60) * 1000;
}

static const struct event *event_of(const struct catalog *c, const char *id) { /* "meet" or "meet/door" */
  size_t n = strcspn(id, "/");
  for (int i = 0; i < c->events; i++)
    if (strlen(c->event[i].id) == n && !memcmp(c->event[i].id, id, n)) return &c->event[i];
  return NULL;
}

static void check_event(struct folder *f, const struct settings *s, const struct section *section) {
  const struct event *e = event_of(&f->catalog, section->id);
  const struct pair *ends = settings_pair(section, "ends", LANG_ZH_HANS);
  if (e && ends && e->ends_ms - e->starts_ms > 31 * DAY_MS)
    warn(f, s, ends->line, "ends", ends->value, "活动长达一个月以上", "the event lasts more than a month");
}

/* The local time is taken for UTC: a day's slack covers every zone. */
static void check_time(struct folder *f, const struct settings *s, const struct section *section, const char *key,
                       const struct event *e) {
  const struct pair *p = settings_pair(section, key, LANG_ZH_HANS);
  struct civil civil;
  if (!p || !form_time(p->value, &civil)) return;
  int64_t at = ms_of(&civil);
  if (e ? during(e, at, 2 * DAY_MS) : during_any(&f->catalog, at, 2 * DAY_MS)) return;
  warn(f, s, p->line, key, p->value, "不在活动期间", "it isn't during the event");
}

static void check_valid(struct folder *f, const struct settings *s, const struct section *section) {
  const struct pair *p = settings_pair(section, "valid", LANG_ZH_HANS);
  struct list_item item;
  struct civil civil;
  if (!p) return;
  for (const char *at = p->value; list_next(&at, &item);) {
    const char *day = pool_add(&f->texts, item.at, item.len);
    if (form_date(day, &civil) && !during_any(&f->catalog, ms_of(&civil), 2 * DAY_MS))
      warn(f, s, p->line, "valid", day, "那天没有活动", "there is no event on that day");
  }
}

static void check_pack(struct folder *f, const struct settings *s, const struct section *section) {
  const struct pair *p = settings_pair(section, "privacy.retain_until", LANG_ZH_HANS);
  struct civil civil;
  if (!p || !form_date(p->value, &civil)) return;
  for (int i = 0; i < f->catalog.events; i++)
    if (ms_of(&civil) + DAY_MS < f->catalog.event[i].ends_ms) {
      warn(f, s, p->line, "privacy.retain_until", p->value, "早于活动结束", "it is before the event's end");
      return;
    }
}

static void check_expiry(struct folder *f, const struct settings *s, const struct section *section) {
  const struct pair *p = settings_pair(section, "group.expires", LANG_ZH_HANS);
  struct civil civil;
  int64_t first = INT64_MAX;
  if (!p || !form_time(p->value, &civil)) return;
  for (int i = 0; i < f->catalog.events; i++)
    if (f->catalog.event[i].starts_ms < first) first = f->catalog.event[i].starts_ms;
  if (first != INT64_MAX && ms_of(&civil) + DAY_MS < first)
    warn(f, s, p->line, "group.expires", p->value, "活动开始前群二维码就已过期",
         "the group's QR code expires before the event");
}

void dates_check(const struct settings *s, struct folder *f) {
  for (int i = 0; i < s->sections; i++) {
    const struct section *section = &s->section[i];
    if (!strcmp(section->kind, "pack")) check_pack(f, s, section);
    if (!strcmp(section->kind, "event")) check_event(f, s, section);
    if (!strcmp(section->kind, "type")) check_valid(f, s, section);
    if (!strcmp(section->kind, "host")) check_expiry(f, s, section);
    const struct event *e = !strcmp(section->kind, "station") ? event_of(&f->catalog, section->id) : NULL;
    for (const char *const *key = (const char *const[]){"opens", "closes", NULL}; e && *key; key++)
      check_time(f, s, section, *key, e);
    for (const char *const *key = (const char *const[]){"starts", "ends", NULL}; !strcmp(section->kind, "session") && *key;
         key++)
      check_time(f, s, section, *key, NULL);
  }
}

void dates_check_today(struct folder *f, int64_t now_ms) {
  for (int i = 0; i < f->catalog.events; i++) {
    const struct event *e = &f->catalog.event[i];
    if (now_ms - e->ends_ms > 180 * DAY_MS)
      remarks_say(&f->warnings, "活动 %1$s 在 %2$s 开始，早已结束。年份写对了吗？",
                  "the event %1$s began on %2$s and was over long ago. Is the year right?", e->id, f->start_date[i]);
    if (e->starts_ms - now_ms > 730 * DAY_MS)
      remarks_say(&f->warnings, "活动 %1$s 要到 %2$s 才开始。年份写对了吗？",
                  "the event %1$s begins as late as %2$s. Is the year right?", e->id, f->start_date[i]);
  }
}
