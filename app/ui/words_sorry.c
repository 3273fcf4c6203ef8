/* SPDX-License-Identifier: Apache-2.0
 * What has to be sorted out first: what it is, and where to go with it. Nobody is blamed.
 */
#include <string.h>

#include "core/day.h"
#include "ui/words.h"

/* No name: the phone may be somebody else's. */
void say_stop(struct writer *w) {
  PUT(w, w->say->head,
      w->station->kind == STATION_REDEEM ? "stop.redeem.head"
      : w->station->kind == STATION_EXIT ? "stop.exit.head"
                                         : "stop.head",
      words_handout(w));
  if (w->verdict->when_ms != 0)
    words_time(w, w->verdict->when_ms, w->say->big, sizeof w->say->big);
  else
    COPY(w->say->big, words_text(&w->station->label, w->lang));
  if (w->v->kiosk == NULL || strcmp(w->verdict->where, w->v->kiosk) != 0) /* here: goes without saying */
    words_join(w->say->big, sizeof w->say->big, w->verdict->where);
  PUT(w, w->say->row[0], "stop.row");
}

static void say_hours(struct writer *w, const char *head, const char *row) {
  PUT(w, w->say->head, head);
  if (w->verdict->when_ms != 0)
    words_time(w, w->verdict->when_ms, w->say->big, sizeof w->say->big);
  else
    COPY(w->say->big, words_text(&w->station->label, w->lang));
  PUT(w, w->say->row[0], row);
}

void say_early(struct writer *w) { say_hours(w, "early.head", "early.row"); }
void say_closed(struct writer *w) {
  say_hours(w, w->station->kind == STATION_REDEEM ? "closed.redeem.head" : "closed.head", "desk.row");
}

/* "第二天", where the event has more than one. */
static void say_which_day(const struct writer *w, const struct event *e, int32_t day, char *out, size_t size) {
  const int32_t first = event_day(e, e->starts_ms), last = event_day(e, e->ends_ms > 0 ? e->ends_ms - 1 : e->starts_ms);
  char key[] = "day.1";
  const int32_t n = day - first + 1;
  out[0] = '\0';
  if (last <= first || n < 1 || n > 9) return;
  key[4] = (char)('0' + n);
  strings_put(w->stage->strings, w->lang, out, size, key, NULL);
}

static void say_other_day(struct writer *w) {
  const int32_t day = w->verdict->valid_day, today = event_day(w->event, w->v->now.wall_ms);
  const struct civil c = civil_of(&(struct zone){.spans = 0}, (int64_t)day * 86400 * 1000);
  char which[64], date[64];
  w->page->shape = SHAPE_CALENDAR;
  PUT(w, w->say->head, day == today + 1 && w->v->now.wall_ok ? "elsewhere.tomorrow" : "elsewhere.day");
  words_date(w, c.month, c.day, date, sizeof date);
  say_which_day(w, w->event, day, which, sizeof which);
  if (which[0] != '\0')
    PUT(w, w->say->big, "elsewhere.big", date, which);
  else
    COPY(w->say->big, date);
  PUT(w, w->say->row[0], "elsewhere.day.row");
}

void say_elsewhere(struct writer *w) {
  w->page->arrow = true;
  if (w->verdict->event >= 0 && w->verdict->event < w->catalog->events && w->verdict->event != w->station->event) {
    const struct event *other = &w->catalog->event[w->verdict->event];
    const struct civil c = civil_of(&other->zone, other->starts_ms);
    char date[64];
    PUT(w, w->say->head, "elsewhere.head");
    COPY(w->say->big, words_text(&other->title, w->lang));
    words_date(w, c.month, c.day, date, sizeof date);
    words_join(w->say->sub, sizeof w->say->sub, date);
    words_join(w->say->sub, sizeof w->say->sub, words_text(&other->city, w->lang));
    words_join(w->say->sub, sizeof w->say->sub, words_text(&other->venue, w->lang));
    PUT(w, w->say->row[0], "desk.row");
  } else if (w->verdict->valid_day >= 0) {
    say_other_day(w);
  } else {
    w->page->shape = SHAPE_SIGNPOST;
    PUT(w, w->say->head, "elsewhere.none");
    PUT(w, w->say->big, "desk.big");
  }
}

void say_wrong_type(struct writer *w) {
  const struct ticket_type *type = words_type(w);
  PUT(w, w->say->head, "wrong_type.head");
  PUT(w, w->say->big, "desk.big");
  if (type != NULL) PUT(w, w->say->sub, "wrong_type.sub", words_text(&type->label, w->lang));
}

void say_missing_step(struct writer *w) {
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

void say_full(struct writer *w) {
  const bool gone = w->station->kind == STATION_REDEEM; /* things, no seats */
  if (gone) w->page->shape = SHAPE_SIGN;
  PUT(w, w->say->head, gone ? "full.redeem.head" : "full.head");
  COPY(w->say->big, gone ? words_handout(w) : words_text(&w->station->label, w->lang));
  PUT(w, w->say->row[0], gone ? "desk.row" : "full.row");
}

void say_not_confirmed(struct writer *w) {
  PUT(w, w->say->head, "not_confirmed.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, "not_confirmed.sub");
}

void say_revoked(struct writer *w) {
  PUT(w, w->say->head, "revoked.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, "revoked.sub");
}

void say_expired(struct writer *w) {
  PUT(w, w->say->head, "expired.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, "expired.sub");
}

void say_forged(struct writer *w) {
  PUT(w, w->say->head, "forged.head");
  PUT(w, w->say->big, "desk.big");
  PUT(w, w->say->sub, "forged.sub");
}

void say_unknown(struct writer *w) {
  const bool no = w->station->walkin == WALKIN_NO, offer = w->v->notice.walkin;
  PUT(w, w->say->head, "unknown.head");
  PUT(w, w->say->big, offer ? "unknown.self" : no ? "unknown.no" : "desk.big");
  PUT(w, w->say->sub, offer ? "unknown.self.sub" : no ? "unknown.no.sub" : "unknown.staff.sub");
  if (offer) PUT(w, w->say->row[0], "unknown.self.row");
  w->page->tap = offer;
  if (!offer || !w->v->keeps_group) words_site(w); /* beside a group's code that is being scanned, one way on is enough */
}

/* An operator's that doesn't open the console, or one that sets the kiosk up: for staff, whoever holds it. */
static void say_card(struct writer *w) {
  static const struct {
    const char *head, *big, *sub;
  } cards[] = {[CARD_UNKNOWN] = {"card.head", "card.big", "card.unknown.sub"},
               [CARD_UNREADABLE] = {"card.head", "card.big", "card.unreadable.sub"},
               [CARD_ENROLS] = {"setup.head", "setup.big", "setup.sub"},
               [CARD_ASKS_AGAIN] = {"setup.head", "setup.again.big", "setup.again.sub"},
               [CARD_ASKS_LEAD] = {"setup.head", "card.big", "setup.lead.sub"}};
  const enum notice_card card = w->v->notice.card;
  w->page->shape = SHAPE_KEY;
  PUT(w, w->say->head, cards[card].head);
  PUT(w, w->say->big, cards[card].big);
  PUT(w, w->say->sub, cards[card].sub);
}

void say_not_a_ticket(struct writer *w) {
  static const struct {
    const char *head;
    enum shape shape;
  } kinds[FOREIGN_COUNT] = {
      [FOREIGN_UNKNOWN] = {"foreign.unknown", SHAPE_CODE},  [FOREIGN_WECHAT] = {"foreign.wechat", SHAPE_PERSON_CARD},
      [FOREIGN_WECOM] = {"foreign.wecom", SHAPE_BRIEFCASE}, [FOREIGN_PAYMENT] = {"foreign.payment", SHAPE_WALLET},
      [FOREIGN_ALIPAY] = {"foreign.alipay", SHAPE_WALLET},  [FOREIGN_WEB] = {"foreign.web", SHAPE_GLOBE},
      [FOREIGN_CARD] = {"foreign.card", SHAPE_BOOK},        [FOREIGN_WIFI] = {"foreign.wifi", SHAPE_WIFI},
      [FOREIGN_PHONE] = {"foreign.phone", SHAPE_ENVELOPE}};
  if (w->v->notice.card != CARD_NONE) {
    say_card(w);
    return;
  }
  w->page->shape = kinds[w->verdict->foreign].shape;
  PUT(w, w->say->head, kinds[w->verdict->foreign].head);
  PUT(w, w->say->big, w->event->roster ? "idle.big" : "open.tap");
  if (w->verdict->foreign == FOREIGN_PAYMENT)
    PUT(w, w->say->sub, "not_a_ticket.payment");
  else if (w->event->roster)
    PUT(w, w->say->sub, "not_a_ticket.sub");
  w->page->tap = w->v->notice.walkin;
  if (w->page->tap) PUT(w, w->say->row[0], "not_a_ticket.self.row");
}
