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

static void put_date(const struct stage *stage, enum lang lang, int month, int day, char *out, size_t size) {
  char m[8], d[8], key[16], name[32];
  snprintf(m, sizeof m, "%d", month);
  snprintf(d, sizeof d, "%d", day);
  snprintf(key, sizeof key, "month.%d", month);
  strings_put(stage->strings, lang, name, sizeof name, key, NULL);
  strings_put(stage->strings, lang, out, size, "date", m, d, name, NULL);
}

static void put_day(const struct writer *w, int64_t wall_ms, char *out, size_t size) {
  const struct civil c = civil_of(&w->event->zone, wall_ms);
  put_date(w->stage, w->lang, c.month, c.day, out, size);
}

/* "21:30"; with the date where that isn't today. */
static void put_time(const struct writer *w, int64_t wall_ms, char *out, size_t size) {
  const struct civil c = civil_of(&w->event->zone, wall_ms);
  char clock[16], date[64];
  snprintf(clock, sizeof clock, "%02d:%02d", c.hour, c.minute);
  if (w->v->now.wall_ms == 0 || event_day(w->event, wall_ms) == event_day(w->event, w->v->now.wall_ms)) {
    words_copy(out, size, clock);
    return;
  }
  put_date(w->stage, w->lang, c.month, c.day, date, sizeof date);
  strings_put(w->stage->strings, w->lang, out, size, "date.time", date, clock, NULL);
}

static const struct ticket_type *type_of(const struct writer *w) {
  const int16_t t = w->verdict->attendee.type;
  return w->verdict->has_attendee && t >= 0 && t < w->catalog->types ? &w->catalog->type[t] : NULL;
}

void words_join(char *out, size_t size, const char *more) {
  const size_t len = strlen(out);
  if (more[0] == '\0' || len + 1 >= size) return;
  snprintf(out + len, size - len, "%s%s", len > 0 ? " · " : "", more);
}

/* The site's code beside what went wrong: the way to sign up. */
static void offer_site(struct writer *w) {
  COPY(w->page->qr, w->event->site);
  if (w->event->site[0] != '\0') PUT(w, w->say->caption, w->event->roster ? "site.caption" : "site.open");
}

/* The group's code; once it has expired, what its host gave for that. */
static void offer_group(struct writer *w) {
  const uint32_t hosts =
      w->verdict->has_attendee && w->verdict->attendee.hosts != 0 ? w->verdict->attendee.hosts : w->event->hosts;
  for (int i = 0; i < w->catalog->hosts; i++) {
    const struct host *h = &w->catalog->host[i];
    if ((hosts >> i & 1) == 0) continue;
    const bool expired = w->v->now.wall_ok && h->group_expires_ms != 0 && w->v->now.wall_ms >= h->group_expires_ms;
    if (h->group_qr[0] != '\0' && !expired) {
      char day[64];
      COPY(w->page->qr, h->group_qr);
      PUT(w, w->say->caption, "group.caption");
      if (h->group_expires_ms == 0) return;
      put_day(w, h->group_expires_ms - 1, day, sizeof day);
      PUT(w, w->say->note, "group.until", day);
      return;
    }
    if (h->group_fallback_qr[0] == '\0') continue;
    COPY(w->page->qr, h->group_fallback_qr);
    COPY(w->say->caption, words_text(&h->group_fallback, w->lang));
    return;
  }
}

static void say_starting(struct writer *w) { PUT(w, w->say->big, "starting.big"); }

/* Where there is a camera that sees. */
static void offer_mirror(struct writer *w) {
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

static void say_idle(struct writer *w) {
  PUT(w, w->say->big, "idle.big");
  const bool blind = w->v->watch_known && (w->v->watch.camera == WATCH_CAMERA_LOST || w->v->watch.decoder_fails);
  PUT(w, w->say->sub, blind ? "idle.blind" : "idle.sub");
  offer_mirror(w);
  offer_site(w);
}

static void say_open(struct writer *w) {
  PUT(w, w->say->big, "open.big");
  PUT(w, w->say->sub, "open.sub");
  offer_mirror(w);
  offer_site(w);
}

/* Who it is, as its ticket type allows. */
static void say_name(struct writer *w) {
  const struct attendee *a = &w->verdict->attendee;
  const struct ticket_type *type = type_of(w);
  const enum show_name show = type != NULL ? type->show_name : w->catalog->show_name;
  w->page->big = PAGE_NAME;
  if (show == SHOW_NAME_MASKED)
    screen_mask_name(a->name, w->say->big, sizeof w->say->big);
  else if (show == SHOW_NAME_FULL)
    COPY(w->say->big, a->name);
  const char *label = type != NULL ? words_text(&type->label, w->lang) : "";
  if (w->say->big[0] != '\0')
    COPY(w->say->badge, label);
  else if (label[0] != '\0')
    COPY(w->say->big, label);
  else
    PUT(w, w->say->big, "nameless.big");
  if (!strcmp(a->attention, ATTENTION_PRACTICE)) PUT(w, w->say->badge, "practice");
  if (show == SHOW_NAME_NONE) return;
  words_join(w->say->sub, sizeof w->say->sub, a->organization);
  words_join(w->say->sub, sizeof w->say->sub, a->title);
}

static void say_party(struct writer *w) {
  char n[16], party[64];
  if (w->verdict->count < 2) return;
  snprintf(n, sizeof n, "%d", (int)w->verdict->count);
  PUT(w, party, "party", n);
  words_join(w->say->sub, sizeof w->say->sub, party);
}

/* Where to go: the room, the seat, and what the organizer says to everyone here. */
static void say_where(struct writer *w) {
  int rows = 0;
  const char *room = words_text(&w->station->room, w->lang), *greeting = words_text(&w->station->greeting, w->lang);
  if (room[0] != '\0') COPY(w->say->row[rows++], room);
  if (greeting[0] != '\0') COPY(w->say->row[rows++], greeting);
  COPY(w->say->detail, w->verdict->has_attendee ? w->verdict->attendee.seat : "");
  w->page->arrow = rows > 0 || w->say->detail[0] != '\0';
}

static void say_welcome(struct writer *w) {
  PUT(w, w->say->head, "welcome.head");
  say_name(w);
  say_party(w);
  say_where(w);
  offer_group(w);
}

static void say_goodbye(struct writer *w) {
  PUT(w, w->say->head, "goodbye.head");
  say_name(w);
  say_party(w);
  offer_group(w);
}

static void say_redeem(struct writer *w) {
  PUT(w, w->say->head, "redeem.head");
  say_name(w);
  say_party(w);
  COPY(w->say->row[0], words_text(&w->station->label, w->lang));
  COPY(w->say->detail, words_text(&w->station->room, w->lang));
  words_join(w->say->detail, sizeof w->say->detail, w->verdict->attendee.seat);
}

/* Someone without a roster row: a guest, or whoever comes where there is no roster. */
static void say_presence(struct writer *w) {
  char n[24];
  snprintf(n, sizeof n, "%lld", (long long)w->v->notice.nth);
  PUT(w, w->say->head,
      w->station->kind == STATION_REDEEM ? "redeem.head"
      : w->station->kind == STATION_EXIT ? "goodbye.head"
                                         : "welcome.head");
  PUT(w, w->say->big, w->v->notice.nth > 0 ? "presence.big" : "nameless.big", n);
  w->page->big = PAGE_NAME;
  say_party(w);
  say_where(w);
  offer_group(w);
}

static void say_since(struct writer *w) {
  char time[64], since[96];
  if (w->verdict->when_ms == 0) return;
  put_time(w, w->verdict->when_ms, time, sizeof time);
  PUT(w, since, "back.since", time);
  words_join(w->say->sub, sizeof w->say->sub, since);
}

static void say_back(struct writer *w) {
  PUT(w, w->say->head, "back.head");
  if (w->verdict->has_attendee)
    say_name(w);
  else
    PUT(w, w->say->big, "nameless.big");
  say_since(w);
  say_where(w);
  offer_group(w);
}

/* No name: the phone may be somebody else's. */
static void say_stop(struct writer *w) {
  PUT(w, w->say->head, w->station->kind == STATION_REDEEM ? "stop.redeem.head" : "stop.head");
  if (w->verdict->when_ms != 0)
    put_time(w, w->verdict->when_ms, w->say->big, sizeof w->say->big);
  else
    COPY(w->say->big, words_text(&w->station->label, w->lang));
  if (w->v->kiosk == NULL || strcmp(w->verdict->where, w->v->kiosk) != 0) /* here: goes without saying */
    words_join(w->say->big, sizeof w->say->big, w->verdict->where);
  PUT(w, w->say->row[0], "stop.row");
}

static void say_hours(struct writer *w, const char *head, const char *row) {
  PUT(w, w->say->head, head);
  if (w->verdict->when_ms != 0)
    put_time(w, w->verdict->when_ms, w->say->big, sizeof w->say->big);
  else
    COPY(w->say->big, words_text(&w->station->label, w->lang));
  PUT(w, w->say->row[0], row);
}

static void say_early(struct writer *w) { say_hours(w, "early.head", "early.row"); }
static void say_closed(struct writer *w) { say_hours(w, "closed.head", "desk.row"); }

static void say_other_day(struct writer *w) {
  const int32_t day = w->verdict->valid_day, today = event_day(w->event, w->v->now.wall_ms);
  const struct civil c = civil_of(&(struct zone){.spans = 0}, (int64_t)day * 86400 * 1000);
  PUT(w, w->say->head, day == today + 1 && w->v->now.wall_ok ? "elsewhere.tomorrow" : "elsewhere.day");
  put_date(w->stage, w->lang, c.month, c.day, w->say->big, sizeof w->say->big);
  PUT(w, w->say->row[0], "elsewhere.day.row");
}

static void say_elsewhere(struct writer *w) {
  w->page->arrow = true;
  if (w->verdict->event >= 0 && w->verdict->event < w->catalog->events && w->verdict->event != w->station->event) {
    const struct event *other = &w->catalog->event[w->verdict->event];
    const struct civil c = civil_of(&other->zone, other->starts_ms);
    char date[64];
    PUT(w, w->say->head, "elsewhere.head");
    COPY(w->say->big, words_text(&other->title, w->lang));
    put_date(w->stage, w->lang, c.month, c.day, date, sizeof date);
    words_join(w->say->sub, sizeof w->say->sub, date);
    words_join(w->say->sub, sizeof w->say->sub, words_text(&other->city, w->lang));
    words_join(w->say->sub, sizeof w->say->sub, words_text(&other->venue, w->lang));
    PUT(w, w->say->row[0], "desk.row");
  } else if (w->verdict->valid_day >= 0) {
    say_other_day(w);
  } else {
    PUT(w, w->say->head, "elsewhere.none");
    PUT(w, w->say->big, "desk.big");
  }
}

static void say_wrong_type(struct writer *w) {
  const struct ticket_type *type = type_of(w);
  PUT(w, w->say->head, "wrong_type.head");
  if (type != NULL)
    COPY(w->say->big, words_text(&type->label, w->lang));
  else
    PUT(w, w->say->big, "desk.big");
  if (type != NULL) PUT(w, w->say->row[0], "desk.row");
}

static void say_missing_step(struct writer *w) {
  const int16_t first = w->verdict->station;
  w->page->arrow = true;
  PUT(w, w->say->head, "missing_step.head");
  if (first >= 0 && first < w->catalog->stations) {
    COPY(w->say->big, words_text(&w->catalog->station[first].label, w->lang));
    COPY(w->say->sub, words_text(&w->catalog->station[first].room, w->lang));
  } else {
    PUT(w, w->say->big, "desk.big");
  }
  PUT(w, w->say->row[0], w->verdict->ask_staff ? "missing_step.ask" : "missing_step.row");
}

static void say_full(struct writer *w) {
  PUT(w, w->say->head, "full.head");
  COPY(w->say->big, words_text(&w->station->label, w->lang));
  PUT(w, w->say->row[0], "desk.row");
}

static void say_not_confirmed(struct writer *w) {
  PUT(w, w->say->head, "not_confirmed.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, "not_confirmed.sub");
}

static void say_revoked(struct writer *w) {
  PUT(w, w->say->head, "revoked.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, w->verdict->kind == VERDICT_EXPIRED ? "expired.sub" : "revoked.sub");
}

static void say_forged(struct writer *w) {
  PUT(w, w->say->head, "forged.head");
  PUT(w, w->say->big, "desk.big");
  offer_site(w);
}

static void say_unknown(struct writer *w) {
  static const char *const way_out[] = {
      [WALKIN_STAFF] = "desk.big", [WALKIN_SELF] = "unknown.self", [WALKIN_NO] = "unknown.no"};
  static const char *const sub[] = {
      [WALKIN_STAFF] = "unknown.staff.sub", [WALKIN_SELF] = "unknown.self.sub", [WALKIN_NO] = "unknown.no.sub"};
  PUT(w, w->say->head, "unknown.head");
  PUT(w, w->say->big, way_out[w->station->walkin]);
  PUT(w, w->say->sub, sub[w->station->walkin]);
  offer_site(w);
}

/* An operator's, and it doesn't open the console. */
static void say_card(struct writer *w) {
  PUT(w, w->say->head, "card.head");
  PUT(w, w->say->big, "card.big");
  PUT(w, w->say->sub, w->v->notice.card == CARD_UNREADABLE ? "card.unreadable.sub" : "card.unknown.sub");
}

static void say_not_a_ticket(struct writer *w) {
  static const char *const heads[FOREIGN_COUNT] = {
      [FOREIGN_UNKNOWN] = "foreign.unknown", [FOREIGN_WECHAT] = "foreign.wechat", [FOREIGN_WECOM] = "foreign.wecom",
      [FOREIGN_PAYMENT] = "foreign.payment", [FOREIGN_ALIPAY] = "foreign.alipay", [FOREIGN_WEB] = "foreign.web",
      [FOREIGN_CARD] = "foreign.card",       [FOREIGN_WIFI] = "foreign.wifi",     [FOREIGN_PHONE] = "foreign.phone"};
  if (w->v->notice.card != CARD_NONE) {
    say_card(w);
    return;
  }
  PUT(w, w->say->head, heads[w->verdict->foreign]);
  PUT(w, w->say->big, w->event->roster ? "idle.big" : "open.tap");
  if (w->verdict->foreign == FOREIGN_PAYMENT)
    PUT(w, w->say->sub, "not_a_ticket.payment");
  else if (w->event->roster)
    PUT(w, w->say->sub, "not_a_ticket.sub");
  offer_site(w);
}

static void say_fault(struct writer *w) {
  static const char *const names[] = {[DESK_FAULT_NONE] = "fault.other",
                                      [DESK_FAULT_PACK] = "fault.pack",
                                      [DESK_FAULT_DISK_FULL] = "fault.disk_full",
                                      [DESK_FAULT_DISK_ERROR] = "fault.disk_error",
                                      [DESK_FAULT_READ_ONLY] = "fault.read_only"};
  PUT(w, w->say->head, "fault.head");
  if (w->v->problem.zh[0] != '\0') {
    PUT(w, w->say->big, "fault.start.big");
    COPY(w->say->row[0], w->lang == LANG_EN ? w->v->problem.en : w->v->problem.zh);
    return;
  }
  const enum desk_fault fault = w->v->screen == SCREEN_FAULT ? w->v->desk.fault : w->v->notice.fault;
  const char *name = fault == DESK_FAULT_NONE && w->v->watch.sandbox_refused ? "fault.sandbox" : names[fault];
  char key[64];
  snprintf(key, sizeof key, "%s.big", name);
  PUT(w, w->say->big, key);
  w->page->steps = true;
  for (int i = 0; i < PAGE_ROWS; i++) {
    snprintf(key, sizeof key, "%s.%d", name, i + 1);
    PUT(w, w->say->row[i], key);
  }
}

static const struct face {
  const char *name;
  void (*say)(struct writer *w);
  enum shape shape;
  enum colour tint;
  int32_t hold_ms; /* 0: stays */
  enum page_big big;
} starting = {"starting", say_starting, SHAPE_NONE, COLOUR_INK, 0, PAGE_FACT},
  idle = {"idle", say_idle, SHAPE_NONE, COLOUR_INK, 0, PAGE_CALL},
  open_idle = {"open", say_open, SHAPE_NONE, COLOUR_INK, 0, PAGE_BUTTON},
  welcome = {"welcome", say_welcome, SHAPE_TICK, COLOUR_GOOD, 5000, PAGE_FACT},
  goodbye = {"goodbye", say_goodbye, SHAPE_TICK, COLOUR_GOOD, 4000, PAGE_FACT},
  redeem = {"redeem", say_redeem, SHAPE_TICK, COLOUR_GOOD, 4000, PAGE_FACT},
  presence = {"presence", say_presence, SHAPE_TICK, COLOUR_GOOD, 4000, PAGE_FACT},
  back = {"back", say_back, SHAPE_DISCS, COLOUR_GOOD, 5000, PAGE_FACT},
  fault = {"fault", say_fault, SHAPE_HEXAGON, COLOUR_CARE, 0, PAGE_FACT},
  console = {"console", words_console, SHAPE_NONE, COLOUR_INK, 0, PAGE_FACT},
  verdicts[VERDICT_COUNT] = {
      [VERDICT_AGAIN] = {"stop", say_stop, SHAPE_DISCS, COLOUR_GOOD, 5000, PAGE_FACT},
      [VERDICT_EARLY] = {"early", say_early, SHAPE_MARK, COLOUR_CARE, 6000, PAGE_FACT},
      [VERDICT_CLOSED] = {"closed", say_closed, SHAPE_MARK, COLOUR_CARE, 6000, PAGE_FACT},
      [VERDICT_ELSEWHERE] = {"elsewhere", say_elsewhere, SHAPE_MARK, COLOUR_CARE, 8000, PAGE_FACT},
      [VERDICT_WRONG_TYPE] = {"wrong_type", say_wrong_type, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_MISSING_STEP] = {"missing_step", say_missing_step, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_FULL] = {"full", say_full, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_NOT_CONFIRMED] = {"not_confirmed", say_not_confirmed, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_REVOKED] = {"revoked", say_revoked, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_EXPIRED] = {"expired", say_revoked, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_FORGED] = {"forged", say_forged, SHAPE_MARK, COLOUR_CARE, 7000, PAGE_FACT},
      [VERDICT_UNKNOWN] = {"unknown", say_unknown, SHAPE_MARK, COLOUR_CARE, 12000, PAGE_FACT},
      [VERDICT_NOT_A_TICKET] = {"not_a_ticket", say_not_a_ticket, SHAPE_MARK, COLOUR_CARE, 8000, PAGE_CALL},
      [VERDICT_FAULT] = {"fault", say_fault, SHAPE_HEXAGON, COLOUR_CARE, 8000, PAGE_FACT}};

static const struct face *admit_face(const struct verdict *v, const struct station *st) {
  if (!v->has_attendee) return &presence;
  return st->kind == STATION_REDEEM ? &redeem : st->kind == STATION_EXIT ? &goodbye : &welcome;
}

static const struct face *verdict_face(const struct verdict *v, const struct station *st) {
  assert(v->kind >= 0 && v->kind < VERDICT_COUNT);
  if (v->kind == VERDICT_ADMIT) return admit_face(v, st);
  if (v->kind == VERDICT_AGAIN && st->again == AGAIN_WELCOME) return &back;
  return &verdicts[v->kind];
}

static const struct face *face_of(const struct view *v) {
  const struct catalog *c = v->catalog;
  if (v->screen == SCREEN_FAULT) return &fault;
  if (v->screen == SCREEN_STARTING || c == NULL || v->station < 0 || v->station >= c->stations) return &starting;
  const struct station *st = &c->station[v->station];
  if (v->screen == SCREEN_IDLE) return c->event[st->event].roster ? &idle : &open_idle;
  if (v->screen == SCREEN_CONSOLE) return &console;
  return verdict_face(&v->notice.verdict, st);
}

void words_scan(struct writer *w) {
  struct page page = {.sayings = 1};
  struct writer aside = *w;
  aside.page = &page;
  aside.say = &page.say[0];
  verdict_face(w->verdict, w->station)->say(&aside);
  put_time(w, w->v->notice.at.wall_ms, w->say->sub, sizeof w->say->sub);
  words_join(w->say->sub, sizeof w->say->sub, aside.say->head);
  words_join(w->say->sub, sizeof w->say->sub, aside.say->big);
}

int32_t screen_hold_ms(const struct view *view) { return face_of(view)->hold_ms; }
const char *screen_name(const struct view *view) { return face_of(view)->name; }

void page_fill(const struct stage *stage, const struct view *view, struct page *page) {
  const struct face *face = face_of(view);
  memset(page, 0, sizeof *page);
  page->shape = face->shape;
  page->tint = face->tint;
  page->big = face->big;
  page->sayings = view->langs < 2 || view->screen == SCREEN_CONSOLE ? 1 : 2; /* staff read one */
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
}
