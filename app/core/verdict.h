/* SPDX-License-Identifier: Apache-2.0
 * The answer to one scan, as one pure function: its rules stand in a table in the order in which they
 * are asked, and the first that doesn't hold gives the verdict. It reads no clock and no database:
 * everything it may use is in `struct question`.
 *
 * While now.wall_ok is false no time rule refuses: the verdict is then `unconfirmed`.
 */
#ifndef YINGBIN_CORE_VERDICT_H
#define YINGBIN_CORE_VERDICT_H

#include "core/ticket.h"
#include "core/catalog.h"

enum verdict_kind {
  VERDICT_ADMIT, VERDICT_AGAIN, VERDICT_EARLY, VERDICT_CLOSED, VERDICT_ELSEWHERE, VERDICT_WRONG_TYPE,
  VERDICT_MISSING_STEP, VERDICT_FULL, VERDICT_NOT_CONFIRMED, VERDICT_REVOKED, VERDICT_EXPIRED,
  VERDICT_FORGED, VERDICT_UNKNOWN, VERDICT_NOT_A_TICKET, VERDICT_FAULT, VERDICT_COUNT
};

/* "admit", "wrong_type", ...: as in the journal and in the events lines. */
const char *verdict_name(enum verdict_kind kind);
bool verdict_of_name(const char *name, enum verdict_kind *kind);
const char *by_name(enum by by); /* "camera", "reader", ... */

/* What the pack says of a ticket. */
enum lookup {
  LOOKUP_NONE,      /* not looked up: the payload can't be a ticket */
  LOOKUP_FOUND,     /* `attendee` is filled: a roster row, or a signed ticket's fields */
  LOOKUP_ACCEPTED,  /* a guest's code of the station's `accept` shape; no attendee */
  LOOKUP_PRESENCE,  /* the event has no roster: whoever comes */
  LOOKUP_MISSING,   /* no such code */
  LOOKUP_FOREIGN_CITY, /* of another event, whose rows aren't in this pack: `elsewhere_event`, -1: not even its name */
  LOOKUP_FORGED, LOOKUP_REVOKED,
  LOOKUP_BROKEN     /* the pack can't be read: fault */
};

/* What the journals that this kiosk has say of the ticket's holder at this station, undone records left out. */
struct history {
  int32_t admitted, admitted_today, admitted_boot; /* records; _boot: in this boot, for `daily` with an untrusted clock */
  int32_t admitted_people, people_today, people_boot; /* sums of their counts, for a party that comes one by one */
  int64_t last_mono_ms;            /* of the last one; 0: none in this boot */
  int64_t last_wall_ms;            /* 0: none, or its clock wasn't trusted */
  char last_kiosk[ID_MAX];
  bool step_done, step_today;      /* the station's `after` */
  bool others_known;               /* false: other kiosks may have admitted since; what is missing here may be there */
  int64_t station_people;          /* admitted at this station, everyone, all kiosks known */
  int64_t station_people_here;     /* by this kiosk */
};

struct question {
  const struct catalog *catalog;
  int16_t station;          /* index: the one this kiosk serves */
  struct ticket ticket;
  enum lookup lookup;
  struct attendee attendee; /* LOOKUP_FOUND */
  int16_t elsewhere_event;  /* LOOKUP_FOREIGN_CITY */
  bool shaped;              /* LOOKUP_MISSING: it looks like the codes of this event (code.pattern) */
  struct history history;
  int32_t heads;            /* as staff or the guest said: how many of the party now, who then count one by one; 0: as the
                               station says */
  int32_t trusted_day;      /* the last event day known for sure that still holds (under 24 h by the monotonic clock); -1: none */
  struct moment now;
};

struct verdict {
  enum verdict_kind kind;
  bool unconfirmed;        /* a rule that needs the clock or the other kiosks couldn't be asked */
  bool ask_staff;          /* missing_step that only staff can settle (offline = ask) */
  bool has_attendee;
  struct attendee attendee;
  int32_t count;           /* people whom an admission admits */
  enum foreign foreign;    /* not_a_ticket */
  int16_t event;           /* elsewhere: which event, -1: the same one, or one that the pack doesn't hold */
  int16_t station;         /* missing_step: which station first, -1: none */
  int32_t valid_day;       /* elsewhere on another day: the next day the ticket is valid, -1: none */
  int64_t when_ms;         /* again: since when (0: not known); early: when it opens; closed: when it closed */
  char where[ID_MAX];      /* again: the kiosk that admitted */
};

void verdict_of(const struct question *q, struct verdict *out);

/* LOOKUP_FOUND: how many of the party may still come, one by one, as far as `times` goes; at most the party. */
int32_t verdict_left(const struct question *q);

#endif
