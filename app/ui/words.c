/* SPDX-License-Identifier: Apache-2.0
 * What each screen says: one function an entry of the table, called once a language.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "ui/words.h"

const char *words_text(const struct text *text, enum lang lang) {
  if (text->in[lang][0] != '\0') return text->in[lang];
  static const enum lang order[] = {LANG_ZH_HANS, LANG_ZH_HANT, LANG_EN};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++)
    if (text->in[order[i]][0] != '\0') return text->in[order[i]];
  return "";
}

void words_copy(char *out, size_t size, const char *text) {
  const size_t len = utf8_cut(text, strlen(text), size - 1);
  memcpy(out, text, len);
  out[len] = '\0';
}

void words_join(char *out, size_t size, const char *more) {
  const size_t len = strlen(out);
  if (more[0] == '\0' || len + 1 >= size) return;
  snprintf(out + len, size - len, "%s%s", len > 0 ? " · " : "", more);
}

static void put_date(const struct stage *stage, enum lang lang, int month, int day, char *out, size_t size) {
  char m[8], d[8], key[16], name[32];
  snprintf(m, sizeof m, "%d", month);
  snprintf(d, sizeof d, "%d", day);
  snprintf(key, sizeof key, "month.%d", month);
  strings_put(stage->strings, lang, name, sizeof name, key, NULL);
  strings_put(stage->strings, lang, out, size, "date", m, d, name, NULL);
}

void words_date(const struct writer *w, int month, int day, char *out, size_t size) {
  put_date(w->stage, w->lang, month, day, out, size);
}

void words_day(const struct writer *w, int64_t wall_ms, char *out, size_t size) {
  const struct civil c = civil_of(&w->event->zone, wall_ms);
  words_date(w, c.month, c.day, out, size);
}

void words_time(const struct writer *w, int64_t wall_ms, char *out, size_t size) {
  const struct civil c = civil_of(&w->event->zone, wall_ms);
  char clock[16], date[64];
  snprintf(clock, sizeof clock, "%02d:%02d", c.hour, c.minute);
  if (w->v->now.wall_ms == 0 || event_day(w->event, wall_ms) == event_day(w->event, w->v->now.wall_ms)) {
    words_copy(out, size, clock);
    return;
  }
  words_date(w, c.month, c.day, date, sizeof date);
  strings_put(w->stage->strings, w->lang, out, size, "date.time", date, clock, NULL);
}

const struct ticket_type *words_type(const struct writer *w) {
  const int16_t t = w->verdict->attendee.type;
  return w->verdict->has_attendee && t >= 0 && t < w->catalog->types ? &w->catalog->type[t] : NULL;
}

const char *words_machine(const struct machine *m) {
  static const char *const keys[] = {[MACHINE_WELL] = NULL,
                                     [MACHINE_LOW_POWER] = "health.power",
                                     [MACHINE_HOT] = "health.hot",
                                     [MACHINE_SLOWED] = "health.slowed"};
  return keys[machine_trouble(m)];
}

const char *words_stick(enum stick_state stick) {
  static const char *const keys[] = {[STICK_NONE] = NULL,
                                     [STICK_WRITING] = "health.stick.writing",
                                     [STICK_WRITTEN] = "health.stick.written",
                                     [STICK_FULL] = "health.stick.full",
                                     [STICK_READ_ONLY] = "health.stick.read_only",
                                     [STICK_FAILED] = "health.stick.failed"};
  return keys[stick];
}

bool page_group(const struct stage *stage, const struct view *v, int host, enum lang lang, char (*qr)[URL_MAX],
                char (*caption)[TEXT_MAX], char (*note)[TEXT_MAX]) {
  const struct host *h = &v->catalog->host[host];
  const struct event *event = &v->catalog->event[v->catalog->station[v->station].event];
  const bool expired = v->now.wall_ok && h->group_expires_ms != 0 && v->now.wall_ms >= h->group_expires_ms;
  (*note)[0] = '\0';
  const bool full = v->desk_known && (v->desk.groups_full & UINT32_C(1) << host) != 0; /* staff said so */
  if (h->group_qr[0] != '\0' && !expired && !full) {
    char day[64];
    COPY(*qr, h->group_qr);
    strings_put(stage->strings, lang, *caption, TEXT_MAX, "group.caption", NULL);
    if (h->group_expires_ms == 0) return true;
    const struct civil c = civil_of(&event->zone, h->group_expires_ms - 1);
    put_date(stage, lang, c.month, c.day, day, sizeof day);
    strings_put(stage->strings, lang, *note, TEXT_MAX, "group.until", day, NULL);
    return true;
  }
  if (h->group_fallback_qr[0] == '\0') return false;
  COPY(*qr, h->group_fallback_qr);
  COPY(*caption, words_text(&h->group_fallback, lang));
  return true;
}

/* What lies behind the words: a screen's own calm ground, a little of good or care in it, or all of good. */
static const struct face {
  const char *name;
  void (*say)(struct writer *w);
  enum shape shape;
  enum colour tint, paper;
  int32_t hold_ms; /* 0: stays */
  enum page_big big;
} starting = {"starting", say_starting, SHAPE_NONE, COLOUR_INK, COLOUR_GROUND, 0, PAGE_FACT},
  idle = {"idle", say_idle, SHAPE_PHONE, COLOUR_INK, COLOUR_GROUND, 0, PAGE_CALL},
  open_idle = {"open", say_open, SHAPE_NONE, COLOUR_INK, COLOUR_GROUND, 0, PAGE_BUTTON},
  welcome = {"welcome", say_welcome, SHAPE_TICK, COLOUR_GOOD, COLOUR_WASH_GOOD, 8000, PAGE_NAME},
  minor = {"minor", say_minor, SHAPE_HEART, COLOUR_GOOD, COLOUR_WASH_GOOD, 15000, PAGE_CALL},
  goodbye = {"goodbye", say_goodbye, SHAPE_LEAVE, COLOUR_GOOD, COLOUR_WASH_GOOD, 5000, PAGE_NAME},
  redeem = {"redeem", say_redeem, SHAPE_GIFT, COLOUR_GROUND, COLOUR_GOOD, 6000, PAGE_ITEM},
  presence = {"presence", say_presence, SHAPE_TICK, COLOUR_GOOD, COLOUR_WASH_GOOD, 5000, PAGE_NAME},
  back = {"back", say_back, SHAPE_DISCS, COLOUR_GOOD, COLOUR_WASH_GOOD, 6000, PAGE_NAME},
  heads = {"heads", say_heads, SHAPE_PARTY, COLOUR_GOOD, COLOUR_GROUND, ASK_MS + 2000 /* desk is sooner */, PAGE_CALL},
  fault = {"fault", say_fault, SHAPE_TOOL, COLOUR_CARE, COLOUR_WASH_CARE, 0, PAGE_FACT},
  self_face = {"self", NULL /* self_screen.c */, SHAPE_NONE, COLOUR_INK, COLOUR_GROUND, 0, PAGE_FACT},
  console = {"console", NULL /* console_draw.c */, SHAPE_NONE, COLOUR_INK, COLOUR_GROUND, 0, PAGE_FACT},
  verdicts[VERDICT_COUNT] = {
      [VERDICT_AGAIN] = {"stop", say_stop, SHAPE_DISCS_CLOCK, COLOUR_GOOD, COLOUR_GROUND, 6000, PAGE_FACT},
      [VERDICT_EARLY] = {"early", say_early, SHAPE_ALARM, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_CLOSED] = {"closed", say_closed, SHAPE_SIGN, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_ELSEWHERE] = {"elsewhere", say_elsewhere, SHAPE_PIN, COLOUR_CARE, COLOUR_WASH_CARE, 8000, PAGE_FACT},
      [VERDICT_WRONG_TYPE] = {"wrong_type", say_wrong_type, SHAPE_BADGE, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_MISSING_STEP] = {"missing_step", say_missing_step, SHAPE_STEPS, COLOUR_CARE, COLOUR_WASH_CARE, 8000, PAGE_FACT},
      [VERDICT_FULL] = {"full", say_full, SHAPE_SEATS, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_NOT_CONFIRMED] = {"not_confirmed", say_not_confirmed, SHAPE_HOURGLASS, COLOUR_CARE, COLOUR_WASH_CARE, 8000,
                                 PAGE_FACT},
      [VERDICT_REVOKED] = {"revoked", say_revoked, SHAPE_TORN, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_EXPIRED] = {"expired", say_expired, SHAPE_STALE, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_FORGED] = {"forged", say_forged, SHAPE_SEAL, COLOUR_CARE, COLOUR_WASH_CARE, 7000, PAGE_FACT},
      [VERDICT_UNKNOWN] = {"unknown", say_unknown, SHAPE_MAGNIFIER, COLOUR_CARE, COLOUR_WASH_CARE, 15000, PAGE_FACT},
      [VERDICT_NOT_A_TICKET] = {"not_a_ticket", say_not_a_ticket, SHAPE_CODE, COLOUR_CARE, COLOUR_WASH_CARE, 8000, PAGE_CALL},
      [VERDICT_FAULT] = {"fault", say_fault, SHAPE_TOOL, COLOUR_CARE, COLOUR_WASH_CARE, 8000, PAGE_FACT}};

static const struct face *admit_face(const struct verdict *v, const struct station *st) {
  if (st->kind == STATION_REDEEM) return &redeem;
  if (!v->has_attendee) return &presence;
  return st->kind == STATION_EXIT ? &goodbye : &welcome;
}

static const struct face *verdict_face(const struct verdict *v, const struct station *st) {
  assert(v->kind >= 0 && v->kind < VERDICT_COUNT);
  const struct face *good = v->kind == VERDICT_ADMIT                                 ? admit_face(v, st)
                            : v->kind == VERDICT_AGAIN && st->again == AGAIN_WELCOME ? &back
                                                                                     : NULL;
  if (good == &back && st->kind == STATION_EXIT) good = &goodbye;
  const bool child = v->has_attendee && strcmp(v->attendee.attention, ATTENTION_MINOR) == 0;
  if (good != NULL) return child && good != &redeem ? &minor : good;
  return &verdicts[v->kind];
}

static const struct face *face_of(const struct view *v) {
  const struct catalog *c = v->catalog;
  if (v->screen == SCREEN_FAULT) return &fault;
  if (v->screen == SCREEN_STARTING || c == NULL || v->station < 0 || v->station >= c->stations) return &starting;
  const struct station *st = &c->station[v->station];
  if (v->screen == SCREEN_IDLE) return c->event[st->event].roster ? &idle : &open_idle;
  if (v->screen == SCREEN_CONSOLE) return &console;
  if (v->screen == SCREEN_SELF) return &self_face;
  if (v->notice.kind == NOTICE_HEADS) return &heads;
  return verdict_face(&v->notice.verdict, st);
}

int32_t screen_hold_ms(const struct view *view) {
  return view->screen == SCREEN_VERDICT && view->notice.walkin ? ASK_MS : face_of(view)->hold_ms;
}
const char *screen_name(const struct view *view) { return face_of(view)->name; }

/* What was shown a moment ago, and takes ten seconds to scan. */
static void keep_group(const struct stage *stage, const struct view *v, struct page *page) {
  char note[TEXT_MAX];
  if (!v->keeps_group || v->catalog == NULL || v->station < 0 || v->group < 0 || v->group >= v->catalog->hosts) return;
  if (page->group >= 0 || v->screen == SCREEN_CONSOLE || v->screen == SCREEN_FAULT) return;
  for (int i = page->sayings - 1; i >= 0; i--)
    if (!page_group(stage, v, v->group, v->lang[i], &page->kept, &page->kept_caption[i], &note)) return;
  if (v->screen != SCREEN_IDLE) return;
  page->qr[0] = '\0'; /* the site's has time */
  for (int i = 0; i < page->sayings; i++) page->say[i].caption[0] = page->say[i].note[0] = '\0';
}

void page_fill(const struct stage *stage, const struct view *view, struct page *page) {
  const struct face *face = face_of(view);
  assert(face->say);
  memset(page, 0, sizeof *page);
  page->shape = face->shape;
  page->tint = face->tint;
  page->paper = face->paper;
  page->big = face->big;
  page->group = -1;
  page->sayings = view->langs < 2 ? 1 : 2;
  for (int i = 0; i < page->sayings; i++) {
    struct writer w = {.stage = stage,
                       .v = view,
                       .lang = view->lang[i],
                       .page = page,
                       .say = &page->say[i],
                       .catalog = view->catalog,
                       .verdict = &view->notice.verdict};
    if (w.catalog != NULL && view->station >= 0 && view->station < w.catalog->stations) {
      w.station = &w.catalog->station[view->station];
      w.event = &w.catalog->event[w.station->event];
    }
    face->say(&w);
  }
  keep_group(stage, view, page);
}

int screen_group(const struct stage *stage, const struct view *view) {
  static struct page page; /* large */
  page_fill(stage, view, &page);
  return page.group;
}
