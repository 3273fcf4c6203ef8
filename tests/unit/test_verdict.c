/* SPDX-License-Identifier: Apache-2.0
 * Every verdict, rule by rule, and which one counts where several would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/day.h"
#include "core/verdict.h"

enum { HOUR = 3600 };
enum { CONF, MEETUP, OPEN, PLATFORM }; /* events: with a roster; another one; without a roster; with foreign codes */
enum { ALL_DAYS, DAY1, DAY2, SPEAKER, ODD_DAYS };
enum {
  DOOR,
  DAILY,
  GATE,
  EXIT,
  TWICE,
  LUNCH,
  WINDOW,
  NIGHT,
  LATE_BAR,
  SPEAKERS,
  HALL,
  HALL_ASK,
  HALL_TODAY,
  SMALL,
  SHARED,
  SHARE_ONLY,
  TOGETHER,
  TOGETHER_SMALL,
  KIT,
  STRICT,
  SESSION,
  ORDINARY,
  OPEN_DOOR,
  OPEN_SMALL,
  PLATFORM_DOOR
};

static struct catalog catalog;
static int32_t first_day; /* 21 October 2023, a Saturday */

/* Local time at the event on its n-th day; hours over 23 run into the next. */
static int64_t when(int day, int hour, int minute) {
  return event_moment_ms(&catalog.event[CONF], first_day + day - 1, hour * HOUR + minute * 60);
}

static struct station *station(int index, int event) {
  struct station *s = &catalog.station[index];
  *s = (struct station){.event = (int16_t)event, .admits = UINT64_MAX, .times = 1, .after = -1};
  return s;
}

static struct hours daily(int hour) { return (struct hours){true, true, hour * HOUR}; }

static void stations(void) {
  station(DOOR, CONF);
  station(DAILY, CONF)->times = TIMES_DAILY;
  station(GATE, CONF)->times = TIMES_EVERY;
  *station(EXIT, CONF) = (struct station){.kind = STATION_EXIT, .admits = UINT64_MAX, .times = TIMES_EVERY, .after = -1};
  station(TWICE, CONF)->times = 2;
  struct station *s = station(LUNCH, CONF);
  s->kind = STATION_REDEEM, s->times = TIMES_DAILY, s->opens = daily(11), s->closes = daily(13);
  s = station(WINDOW, CONF);
  s->opens = (struct hours){true, false, when(1, 9, 0)}, s->closes = (struct hours){true, false, when(2, 18, 0)};
  s = station(NIGHT, CONF);
  s->times = TIMES_EVERY, s->opens = daily(20), s->closes = daily(26);
  s = station(LATE_BAR, CONF);
  s->times = TIMES_EVERY, s->opens = daily(20);
  station(SPEAKERS, CONF)->admits = 1 << SPEAKER;
  s = station(HALL, CONF);
  s->after = DOOR;
  s = station(HALL_ASK, CONF);
  s->after = DOOR, s->offline = OFFLINE_ASK;
  s = station(HALL_TODAY, CONF);
  s->after = DAILY, s->after_today = true, s->times = TIMES_EVERY, s->offline = OFFLINE_ASK;
  station(SMALL, CONF)->capacity = 10;
  s = station(SHARED, CONF);
  s->capacity = 10, s->share = 4;
  station(SHARE_ONLY, CONF)->share = 4;
  station(TOGETHER, CONF)->party_all = true;
  s = station(TOGETHER_SMALL, CONF);
  s->party_all = true, s->capacity = 10;
  s = station(KIT, CONF);
  s->times = TIMES_EVERY, strcpy(s->accept, "^OSC-[0-9]{6}$");
  s = station(STRICT, CONF);
  s->admits = 1 << SPEAKER, s->opens = daily(9), s->closes = daily(18), s->after = DOOR, s->capacity = 10;
  s = station(SESSION, CONF);
  s->kind = STATION_SESSION, s->closes = daily(18), s->after = DOOR;
  station(ORDINARY, CONF)->admits = 1 << ALL_DAYS;
  station(OPEN_DOOR, OPEN);
  s = station(OPEN_SMALL, OPEN);
  s->capacity = 10, s->opens = daily(9), s->closes = daily(18);
  station(PLATFORM_DOOR, PLATFORM);
}

static int fixture(void **state) {
  (void)state;
  static const struct zone shanghai = {.name = "Asia/Shanghai", .spans = 1, .offset_s = {8 * HOUR}};
  first_day = day_from_civil(2023, 10, 21);
  for (int i = 0; i < 4; i++)
    catalog.event[i] =
        (struct event){.zone = shanghai, .day_border_s = 4 * HOUR, .roster = i != OPEN, .foreign = i == PLATFORM};
  catalog.type[DAY1] = (struct ticket_type){.days = 1, .day = {first_day}};
  catalog.type[DAY2] = (struct ticket_type){.days = 1, .day = {first_day + 1}};
  catalog.type[SPEAKER].late_admit = true;
  catalog.type[ODD_DAYS] = (struct ticket_type){.days = 3, .day = {first_day + 4, first_day + 2, first_day}};
  stations();
  return 0;
}

enum { UNTYPED = -1, NONE = 100 /* LOOKUP_NONE */, BEFORE = 1 /* ms: when somebody came the first time */ };

/* Times in the table: a day of the event, and an hour that may run into the next one. */
#define T(day, hour) ((day)*100 + (hour))

/* What isn't given is the plain case: a found, confirmed attendee of CONF, type ALL_DAYS, alone, on the first day at 10:00 by a
 * good clock, other kiosks known, nobody there yet: admitted. */
struct row {
  const char *name;
  int station;
  enum ticket_kind ticket; /* OTHER, 0, counts as CODE where the look-up found somebody */
  enum foreign foreign;
  int lookup; /* 0: FOUND; else the look-up, NONE for LOOKUP_NONE */
  int event, type, party;
  bool unpaid, shaped;
  struct history history;
  bool alone; /* the other kiosks aren't known */
  int now;
  bool no_clock, day_known;
  int not_after; /* seconds from now */
  /* expected */
  enum verdict_kind kind;
  int to_event; /* ELSEWHERE: 1 + event, 0: the same one */
  int next_day; /* ELSEWHERE: the event's day, 0: none */
  int when;     /* AGAIN, EARLY, CLOSED */
  bool unconfirmed, ask_staff;
  int count; /* ADMIT: 0 counts as 1 */
};

#define IN(n)                                                                                                                  \
  {                                                                                                                            \
    .admitted = (n), .admitted_people = (n), .admitted_today = (n), .admitted_boot = (n), .people_today = (n),                 \
    .people_boot = (n), .last_wall_ms = BEFORE, .last_kiosk = "door-2"                                                         \
  }

static const struct row rows[] = {
    /* is it a ticket of ours? */
    {"plain", DOOR, .kind = VERDICT_ADMIT},
    {"exit", EXIT, .history = IN(3), .kind = VERDICT_ADMIT},
    {"broken pack", DOOR, .lookup = LOOKUP_BROKEN, .kind = VERDICT_FAULT},
    {"broken pack, payment code", DOOR, .lookup = LOOKUP_BROKEN, .foreign = FOREIGN_PAYMENT, .kind = VERDICT_FAULT},
    {"forged", DOOR, .ticket = TICKET_SIGNED, .lookup = LOOKUP_FORGED, .kind = VERDICT_FORGED},
    {"malformed", DOOR, .ticket = TICKET_MALFORMED, .lookup = NONE, .kind = VERDICT_FORGED},
    {"malformed at a foreign event", PLATFORM_DOOR, .ticket = TICKET_MALFORMED, .lookup = LOOKUP_MISSING,
     .kind = VERDICT_FORGED},
    {"revoked", DOOR, .ticket = TICKET_CODE, .lookup = LOOKUP_REVOKED, .kind = VERDICT_REVOKED},
    {"unknown code", DOOR, .ticket = TICKET_CODE, .lookup = LOOKUP_MISSING, .kind = VERDICT_UNKNOWN},
    {"code that nobody looked up", DOOR, .ticket = TICKET_CODE, .lookup = NONE, .kind = VERDICT_UNKNOWN},
    {"operator card", DOOR, .ticket = TICKET_OPERATOR, .lookup = NONE, .kind = VERDICT_NOT_A_TICKET},
    {"setup card", DOOR, .ticket = TICKET_SETUP, .lookup = NONE, .kind = VERDICT_NOT_A_TICKET},
    {"operator card, no roster", OPEN_DOOR, .ticket = TICKET_OPERATOR, .lookup = LOOKUP_PRESENCE, .kind = VERDICT_NOT_A_TICKET},
    {"WeChat", DOOR, .foreign = FOREIGN_WECHAT, .lookup = LOOKUP_MISSING, .kind = VERDICT_NOT_A_TICKET},
    {"web address", DOOR, .foreign = FOREIGN_WEB, .lookup = LOOKUP_MISSING, .kind = VERDICT_NOT_A_TICKET},
    {"web address, not looked up", DOOR, .foreign = FOREIGN_WEB, .lookup = NONE, .kind = VERDICT_NOT_A_TICKET},
    {"text where codes are ours", DOOR, .lookup = LOOKUP_MISSING, .kind = VERDICT_NOT_A_TICKET},
    {"text where codes are foreign", PLATFORM_DOOR, .event = PLATFORM, .lookup = LOOKUP_MISSING, .kind = VERDICT_UNKNOWN},
    {"WeChat where codes are foreign", PLATFORM_DOOR, .event = PLATFORM, .foreign = FOREIGN_WECHAT, .lookup = LOOKUP_MISSING,
     .kind = VERDICT_NOT_A_TICKET},
    {"foreign code on the roster", PLATFORM_DOOR, .event = PLATFORM, .ticket = TICKET_OTHER, .kind = VERDICT_ADMIT},
    {"web address of the event's own shape", PLATFORM_DOOR, .foreign = FOREIGN_WEB, .lookup = LOOKUP_MISSING, .shaped = true,
     .kind = VERDICT_UNKNOWN},
    {"web address on the roster", PLATFORM_DOOR, .event = PLATFORM, .foreign = FOREIGN_WEB, .kind = VERDICT_ADMIT},
    {"payment-like digits on the roster", PLATFORM_DOOR, .event = PLATFORM, .foreign = FOREIGN_PAYMENT, .kind = VERDICT_ADMIT},
    {"payment code", DOOR, .foreign = FOREIGN_PAYMENT, .lookup = NONE, .kind = VERDICT_NOT_A_TICKET},
    {"payment code where a pattern takes it", KIT, .foreign = FOREIGN_PAYMENT, .lookup = LOOKUP_ACCEPTED,
     .kind = VERDICT_NOT_A_TICKET},

    /* signed tickets end */
    {"signed", DOOR, .ticket = TICKET_SIGNED, .not_after = 3600, .kind = VERDICT_ADMIT},
    {"signed, its last second", DOOR, .ticket = TICKET_SIGNED, .not_after = 0, .kind = VERDICT_ADMIT},
    {"expired", DOOR, .ticket = TICKET_SIGNED, .not_after = -1, .kind = VERDICT_EXPIRED},
    {"expired, says a clock that isn't trusted", DOOR, .ticket = TICKET_SIGNED, .not_after = -1, .no_clock = true,
     .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"expired, of another event", DOOR, .ticket = TICKET_SIGNED, .not_after = -1, .event = MEETUP, .kind = VERDICT_EXPIRED},
    {"forged and past its end", DOOR, .ticket = TICKET_SIGNED, .lookup = LOOKUP_FORGED, .not_after = -1,
     .kind = VERDICT_FORGED},

    /* for this event and day? */
    {"other event", DOOR, .event = MEETUP, .kind = VERDICT_ELSEWHERE, .to_event = 1 + MEETUP},
    {"other city", DOOR, .ticket = TICKET_CODE, .lookup = LOOKUP_FOREIGN_CITY, .event = MEETUP, .kind = VERDICT_ELSEWHERE,
     .to_event = 1 + MEETUP},
    {"other event before its status", DOOR, .event = MEETUP, .unpaid = true, .kind = VERDICT_ELSEWHERE, .to_event = 1 + MEETUP},
    {"day ticket on its day", DOOR, .type = DAY1, .kind = VERDICT_ADMIT},
    {"a day early", DOOR, .type = DAY2, .kind = VERDICT_ELSEWHERE, .next_day = 2},
    {"a day late", DOOR, .type = DAY1, .now = T(2, 10), .kind = VERDICT_ELSEWHERE},
    {"the night belongs to the day before", DOOR, .type = DAY1, .now = T(1, 27), .kind = VERDICT_ADMIT},
    {"and ends at the border", DOOR, .type = DAY1, .now = T(1, 28), .kind = VERDICT_ELSEWHERE},
    {"the next of several days", DOOR, .type = ODD_DAYS, .now = T(2, 10), .kind = VERDICT_ELSEWHERE, .next_day = 3},
    {"other day, no clock", DOOR, .type = DAY2, .no_clock = true, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"every day, no clock", DOOR, .no_clock = true, .kind = VERDICT_ADMIT},
    {"other day before status", DOOR, .type = DAY2, .unpaid = true, .kind = VERDICT_ELSEWHERE, .next_day = 2},
    {"other day, though in on that day", DAILY, .type = DAY1, .now = T(2, 10), .history = {.admitted = 1},
     .kind = VERDICT_ELSEWHERE},
    {"other day, though in once and for all", DOOR, .type = DAY1, .now = T(2, 10), .history = IN(1), .kind = VERDICT_ELSEWHERE},
    {"other event before other day", DOOR, .event = MEETUP, .type = DAY2, .kind = VERDICT_ELSEWHERE, .to_event = 1 + MEETUP},

    /* used up? */
    {"in already", DOOR, .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"every time", GATE, .history = IN(9), .kind = VERDICT_ADMIT},
    {"first of two", TWICE, .history = IN(1), .kind = VERDICT_ADMIT},
    {"both of two", TWICE, .history = IN(2), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"daily, came yesterday", DAILY, .now = T(2, 10), .history = {.admitted = 1, .admitted_people = 1}, .kind = VERDICT_ADMIT},
    {"daily, came today", DAILY, .now = T(2, 10), .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"daily, no clock, in this boot", DAILY, .no_clock = true, .history = {.admitted = 1, .admitted_boot = 1, .people_boot = 1},
     .kind = VERDICT_AGAIN, .unconfirmed = true},
    {"daily, no clock, in a boot before", DAILY, .no_clock = true,
     .history = {.admitted = 1, .admitted_today = 1, .people_today = 1}, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"daily, no clock, but the day is known", DAILY, .no_clock = true, .day_known = true,
     .history = {.admitted = 1, .admitted_today = 1, .people_today = 1}, .kind = VERDICT_AGAIN, .unconfirmed = true},
    {"daily, no clock, known day, not in it", DAILY, .no_clock = true, .day_known = true,
     .history = {.admitted = 1, .admitted_boot = 1, .people_boot = 1}, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"once, no clock", DOOR, .no_clock = true, .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"party one by one", DOOR, .party = 3, .history = IN(2), .kind = VERDICT_ADMIT},
    {"party all in", DOOR, .party = 3, .history = IN(3), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"party let in by hand at once", DOOR, .party = 3, .history = {.admitted = 1, .admitted_people = 3}, .kind = VERDICT_AGAIN},
    {"party, twice each", TWICE, .party = 3, .history = IN(5), .kind = VERDICT_ADMIT},
    {"party, twice each, used up", TWICE, .party = 3, .history = IN(6), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"party, daily", DAILY, .party = 2,
     .history = {.admitted = 3, .admitted_people = 3, .admitted_today = 1, .people_today = 1}, .kind = VERDICT_ADMIT},
    {"party together", TOGETHER, .party = 3, .kind = VERDICT_ADMIT, .count = 3},
    {"party together, in", TOGETHER, .party = 3, .history = {.admitted = 1, .admitted_people = 3}, .kind = VERDICT_AGAIN},
    {"party of none is one", DOOR, .party = -1, .kind = VERDICT_ADMIT},
    {"guest's code", KIT, .ticket = TICKET_OTHER, .lookup = LOOKUP_ACCEPTED, .kind = VERDICT_ADMIT},
    {"guest's code again, though the station takes every time", KIT, .lookup = LOOKUP_ACCEPTED, .history = IN(1),
     .kind = VERDICT_AGAIN, .when = BEFORE},
    {"guest's code that looks like ours", KIT, .ticket = TICKET_CODE, .lookup = LOOKUP_ACCEPTED, .kind = VERDICT_ADMIT},

    /* who is in is told so before anything else */
    {"in, and full", SMALL, .history = {.admitted = 1, .admitted_people = 1, .station_people = 10}, .kind = VERDICT_AGAIN},
    {"in, and closed", WINDOW, .history = IN(1), .now = T(3, 10), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"in, and early", WINDOW, .history = IN(1), .now = T(1, 5), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"in by hand, with the wrong type", SPEAKERS, .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"in by hand, unpaid", DOOR, .unpaid = true, .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"in by hand, without the step before", HALL, .history = IN(1), .kind = VERDICT_AGAIN, .when = BEFORE},
    {"in, but revoked since", DOOR, .ticket = TICKET_CODE, .lookup = LOOKUP_REVOKED, .history = IN(1), .kind = VERDICT_REVOKED},

    /* status and type */
    {"unpaid", DOOR, .unpaid = true, .kind = VERDICT_NOT_CONFIRMED},
    {"unpaid, wrong type, closed, full", STRICT, .unpaid = true, .now = T(1, 19), .history = {.station_people = 10},
     .kind = VERDICT_NOT_CONFIRMED},
    {"right type", SPEAKERS, .type = SPEAKER, .kind = VERDICT_ADMIT},
    {"wrong type", SPEAKERS, .kind = VERDICT_WRONG_TYPE},
    {"no type where some are asked for", SPEAKERS, .type = UNTYPED, .kind = VERDICT_WRONG_TYPE},
    {"no type where all may", DOOR, .type = UNTYPED, .kind = VERDICT_ADMIT},
    {"wrong type before hours", STRICT, .now = T(1, 19), .kind = VERDICT_WRONG_TYPE},
    {"wrong type, early", STRICT, .now = T(1, 5), .kind = VERDICT_WRONG_TYPE},
    {"the first type of the list", ORDINARY, .kind = VERDICT_ADMIT},
    {"another one there", ORDINARY, .type = SPEAKER, .kind = VERDICT_WRONG_TYPE},

    /* hours */
    {"before it opens", LUNCH, .kind = VERDICT_EARLY, .when = T(1, 11)},
    {"as it opens", LUNCH, .now = T(1, 11), .kind = VERDICT_ADMIT},
    {"as it closes", LUNCH, .now = T(1, 13), .kind = VERDICT_CLOSED, .when = T(1, 13)},
    {"the second day, before it opens", LUNCH, .now = T(2, 10), .kind = VERDICT_EARLY, .when = T(2, 11)},
    {"hours, no clock", LUNCH, .no_clock = true, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"past midnight, still open", NIGHT, .now = T(1, 25), .kind = VERDICT_ADMIT},
    {"past midnight, closed", NIGHT, .now = T(1, 27), .kind = VERDICT_CLOSED, .when = T(1, 26)},
    {"past the border, not yet open again", NIGHT, .now = T(1, 28), .kind = VERDICT_EARLY, .when = T(2, 20)},
    {"opens only", LATE_BAR, .now = T(1, 27), .kind = VERDICT_ADMIT},
    {"opens only, no clock", LATE_BAR, .now = T(1, 5), .no_clock = true, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"closes only, no clock", SESSION, .now = T(1, 19), .no_clock = true, .history = {.step_done = true}, .kind = VERDICT_ADMIT,
     .unconfirmed = true},
    {"closed before the step", SESSION, .now = T(1, 19), .kind = VERDICT_CLOSED, .when = T(1, 18)},
    {"before a fixed time", WINDOW, .now = T(1, 5), .kind = VERDICT_EARLY, .when = T(1, 9)},
    {"after a fixed time", WINDOW, .now = T(3, 10), .kind = VERDICT_CLOSED, .when = T(2, 18)},
    {"late, as its type may", WINDOW, .type = SPEAKER, .now = T(3, 10), .kind = VERDICT_ADMIT},
    {"early, as its type may not", WINDOW, .type = SPEAKER, .now = T(1, 5), .kind = VERDICT_EARLY, .when = T(1, 9)},
    {"early before the step and the room", STRICT, .type = SPEAKER, .now = T(1, 5), .history = {.station_people = 10},
     .kind = VERDICT_EARLY, .when = T(1, 9)},
    {"guest's hours", OPEN_SMALL, .ticket = TICKET_PRESENCE, .lookup = LOOKUP_PRESENCE, .now = T(1, 19), .kind = VERDICT_CLOSED,
     .when = T(1, 18)},

    /* the station before */
    {"step done", HALL, .history = {.step_done = true, .step_today = true}, .kind = VERDICT_ADMIT},
    {"step missing", HALL, .kind = VERDICT_MISSING_STEP},
    {"step not known, admit", HALL, .alone = true, .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"step not known, ask", HALL_ASK, .alone = true, .kind = VERDICT_MISSING_STEP, .ask_staff = true},
    {"step missing for sure, ask", HALL_ASK, .kind = VERDICT_MISSING_STEP},
    {"step known alone", HALL_ASK, .alone = true, .history = {.step_done = true}, .kind = VERDICT_ADMIT},
    {"step of yesterday", HALL_TODAY, .now = T(2, 10), .history = {.step_done = true}, .kind = VERDICT_MISSING_STEP},
    {"step of today", HALL_TODAY, .now = T(2, 10), .history = {.step_done = true, .step_today = true}, .kind = VERDICT_ADMIT},
    {"step done, but no clock for today", HALL_TODAY, .no_clock = true, .history = {.step_done = true}, .kind = VERDICT_ADMIT,
     .unconfirmed = true},
    {"step never done, no clock", HALL_TODAY, .no_clock = true, .kind = VERDICT_MISSING_STEP},
    {"step missing before full", STRICT, .type = SPEAKER, .history = {.station_people = 10}, .kind = VERDICT_MISSING_STEP},

    /* room */
    {"last place", SMALL, .history = {.station_people = 9}, .kind = VERDICT_ADMIT},
    {"full", SMALL, .history = {.station_people = 10}, .kind = VERDICT_FULL},
    {"full for a party", TOGETHER_SMALL, .party = 3, .history = {.station_people = 8}, .kind = VERDICT_FULL},
    {"room for a party", TOGETHER_SMALL, .party = 2, .history = {.station_people = 8}, .kind = VERDICT_ADMIT, .count = 2},
    {"room as far as one kiosk knows", SMALL, .alone = true, .history = {.station_people = 9}, .kind = VERDICT_ADMIT,
     .unconfirmed = true},
    {"full as far as one kiosk knows", SMALL, .alone = true, .history = {.station_people = 10}, .kind = VERDICT_FULL},
    {"share left", SHARED, .alone = true, .history = {.station_people = 5, .station_people_here = 3}, .kind = VERDICT_ADMIT},
    {"share gone", SHARED, .alone = true, .history = {.station_people = 5, .station_people_here = 4}, .kind = VERDICT_FULL},
    {"share doesn't count together", SHARED, .history = {.station_people = 9, .station_people_here = 6}, .kind = VERDICT_ADMIT},
    {"share left, but no room", SHARED, .alone = true, .history = {.station_people = 10, .station_people_here = 1},
     .kind = VERDICT_FULL},
    {"share without a capacity", SHARE_ONLY, .alone = true, .history = {.station_people = 90, .station_people_here = 4},
     .kind = VERDICT_FULL},
    {"share without a capacity, together", SHARE_ONLY, .history = {.station_people = 90, .station_people_here = 4},
     .kind = VERDICT_ADMIT},

    /* without a roster */
    {"tap", OPEN_DOOR, .ticket = TICKET_PRESENCE, .lookup = LOOKUP_PRESENCE, .kind = VERDICT_ADMIT},
    {"any QR", OPEN_DOOR, .foreign = FOREIGN_WECHAT, .lookup = LOOKUP_PRESENCE, .history = IN(5), .kind = VERDICT_ADMIT},
    {"any text", OPEN_DOOR, .ticket = TICKET_MALFORMED, .lookup = LOOKUP_PRESENCE, .kind = VERDICT_ADMIT},
    {"but no payment code", OPEN_DOOR, .foreign = FOREIGN_PAYMENT, .lookup = LOOKUP_PRESENCE, .kind = VERDICT_NOT_A_TICKET},
    {"full house", OPEN_SMALL, .ticket = TICKET_PRESENCE, .lookup = LOOKUP_PRESENCE, .history = {.station_people = 10},
     .kind = VERDICT_FULL},
    {"hours of a house without a clock", OPEN_SMALL, .ticket = TICKET_PRESENCE, .lookup = LOOKUP_PRESENCE, .no_clock = true,
     .kind = VERDICT_ADMIT, .unconfirmed = true},
    {"tap where there is a roster", DOOR, .ticket = TICKET_PRESENCE, .lookup = NONE, .kind = VERDICT_UNKNOWN},
};

static int64_t time_of(int t) { return t <= BEFORE ? t : when(t / 100, t % 100, 0); }

static void ask(const struct row *r, struct question *q) {
  *q = (struct question){
      .catalog = &catalog, .station = (int16_t)r->station, .elsewhere_event = -1, .trusted_day = -1, .shaped = r->shaped};
  q->lookup = r->lookup == NONE ? LOOKUP_NONE : r->lookup ? (enum lookup)r->lookup : LOOKUP_FOUND;
  q->ticket.kind = q->lookup == LOOKUP_FOUND && r->event != PLATFORM && r->ticket == TICKET_OTHER ? TICKET_CODE : r->ticket;
  q->ticket.foreign = r->foreign;
  q->history = r->history;
  q->history.others_known = !r->alone;
  q->now = (struct moment){.mono_ms = 1, .wall_ms = time_of(r->now ? r->now : T(1, 10)), .wall_ok = !r->no_clock};
  q->ticket.s.not_after_s = (uint32_t)(q->now.wall_ms / 1000 + r->not_after);
  if (r->day_known) q->trusted_day = first_day;
  if (q->lookup == LOOKUP_FOREIGN_CITY) q->elsewhere_event = (int16_t)r->event;
  if (q->lookup == LOOKUP_FOUND)
    q->attendee = (struct attendee){.number = "17",
                                    .name = "张伟",
                                    .event = (int16_t)r->event,
                                    .type = (int16_t)r->type,
                                    .party = r->party ? r->party : 1,
                                    .confirmed = !r->unpaid};
}

static void check(const struct row *r, const struct question *q, const struct verdict *v) {
  if (v->kind != r->kind) fail_msg("%s: %s, expected %s", r->name, verdict_name(v->kind), verdict_name(r->kind));
  bool elsewhere = r->kind == VERDICT_ELSEWHERE, step = r->kind == VERDICT_MISSING_STEP,
       foreign = r->kind == VERDICT_NOT_A_TICKET;
  const struct {
    const char *what;
    int64_t is, expected;
  } fields[] = {
      {"unconfirmed", v->unconfirmed, r->unconfirmed},
      {"ask_staff", v->ask_staff, r->ask_staff},
      {"has_attendee", v->has_attendee, q->lookup == LOOKUP_FOUND},
      {"count", v->count,
       r->kind != VERDICT_ADMIT ? 0
       : r->count               ? r->count
                                : 1},
      {"foreign", v->foreign, foreign ? r->foreign : FOREIGN_UNKNOWN},
      {"event", v->event, elsewhere ? r->to_event - 1 : -1},
      {"station", v->station, step ? catalog.station[r->station].after : -1},
      {"valid_day", v->valid_day, elsewhere && r->next_day ? first_day + r->next_day - 1 : -1},
      {"when_ms", v->when_ms, time_of(r->when)},
  };
  for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
    if (fields[i].is != fields[i].expected)
      fail_msg("%s: %s is %lld, expected %lld", r->name, fields[i].what, (long long)fields[i].is,
               (long long)fields[i].expected);
  assert_string_equal(v->where, r->kind == VERDICT_AGAIN ? r->history.last_kiosk : "");
  assert_string_equal(v->attendee.name, q->lookup == LOOKUP_FOUND ? "张伟" : "");
}

static void the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct question q;
    struct verdict v;
    memset(&v, 0xA5, sizeof(v));
    ask(&rows[i], &q);
    verdict_of(&q, &v);
    check(&rows[i], &q, &v);
  }
}

static void every_verdict_has_a_row(void **state) {
  (void)state;
  bool told[VERDICT_COUNT] = {false};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) told[rows[i].kind] = true;
  for (int i = 0; i < VERDICT_COUNT; i++)
    if (!told[i]) fail_msg("no row for %s", verdict_name(i));
}

/* What refuses by the clock never does so by a clock that isn't trusted, whatever it says. */
static void no_clock_refuses_nobody(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    for (int day = -400; day <= 400; day += 100) {
      struct question q;
      struct verdict v;
      ask(&rows[i], &q);
      q.now.wall_ok = false;
      q.now.wall_ms += (int64_t)day * 86400000;
      verdict_of(&q, &v);
      bool by_time = v.kind == VERDICT_EARLY || v.kind == VERDICT_CLOSED || v.kind == VERDICT_EXPIRED ||
                     (v.kind == VERDICT_ELSEWHERE && v.event < 0);
      if (by_time) fail_msg("%s, %d days off: %s", rows[i].name, day, verdict_name(v.kind));
    }
}

static void to_the_millisecond(void **state) {
  (void)state;
  static const struct {
    int hour, off;
    enum verdict_kind kind;
  } edges[] = {{11, -1, VERDICT_EARLY}, {11, 0, VERDICT_ADMIT}, {13, -1, VERDICT_ADMIT}, {13, 0, VERDICT_CLOSED}};
  for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
    struct row r = {"edge", LUNCH, .now = T(1, edges[i].hour)};
    struct question q;
    struct verdict v;
    ask(&r, &q);
    q.now.wall_ms += edges[i].off;
    verdict_of(&q, &v);
    assert_int_equal(v.kind, edges[i].kind);
  }
}

static void names(void **state) {
  (void)state;
  enum verdict_kind kind;
  for (int i = 0; i < VERDICT_COUNT; i++) {
    assert_true(verdict_of_name(verdict_name(i), &kind));
    assert_int_equal(kind, i);
  }
  assert_false(verdict_of_name("Admit", &kind));
  assert_false(verdict_of_name("", &kind));
  assert_string_equal(verdict_name(VERDICT_NOT_A_TICKET), "not_a_ticket");
  assert_string_equal(by_name(BY_CAMERA), "camera");
  assert_string_equal(by_name(BY_PAPER), "paper");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_table), cmocka_unit_test(every_verdict_has_a_row),
                                     cmocka_unit_test(no_clock_refuses_nobody), cmocka_unit_test(to_the_millisecond),
                                     cmocka_unit_test(names)};
  return cmocka_run_group_tests(tests, fixture, NULL);
}
