/* SPDX-License-Identifier: Apache-2.0
 * What the staff console, and a volunteer's phone, ask of desk, and what desk answers: flat values between two threads. Desk
 * serves a request only while no guest's payload waits, and a search in pieces: a queue is never slower for it. A session
 * begins with NOTICE_CONSOLE and has a number that each of its requests carries; what it unlocked stays with desk, and the
 * console gets only what it shows. Each request but STAFF_LOCK gets an answer, some more than one (`more`). Whoever holds an
 * answer wipes it.
 */
#ifndef YINGBIN_CORE_STAFF_H
#define YINGBIN_CORE_STAFF_H

#include "core/monitor.h"

enum staff_kind {
  STAFF_UNLOCK,    /* text: the PIN; session 0. Where it is right NOTICE_CONSOLE follows, as for a card */
  STAFF_LOCK,      /* the console has closed: wipes the session. No answer */
  STAFF_SEARCH,    /* text: the query, from its first character on; a newer one takes an older one's place */
  STAFF_RECENT,    /* the last records of this kiosk, newest first: what can be undone, admitted again, corrected; before: those
                      before that record; number, event: of that person alone */
  STAFF_TODAY,     /* the numbers of the day */
  STAFF_ADMIT,     /* number, event: of somebody whom an answer named; count: 0 all of the party that isn't in; override */
  STAFF_WALKIN,    /* text: a name, may be empty (somebody who only counts); count: so many, 0 is 1; override */
  STAFF_CORRECT,   /* number, event, text: the name by which they are greeted from now on; or ref: of a record without one */
  STAFF_UNDO,      /* ref, text: the reason. What another operator did: a lead's */
  STAFF_SHIFT,     /* text: the hand-over's note; index: enum staff_shift */
  STAFF_STATION,   /* index: of the catalog's station that this kiosk serves from now on */
  STAFF_GROUP,     /* index: host whose group is full (count 1), or not (0); then in desk_health.groups_full */
  STAFF_WITHDRAW,  /* text: name on the card that opens nothing here from now on (count 1), or does again (0). A lead's */
  STAFF_WITHDRAWN, /* the names on cards that open nothing here, the latest first: person[].name */
  STAFF_CLOCK,     /* at.wall_ms: what the operator says it is, 0: takes that back. A lead's where a clock is known */
  STAFF_STICKS,    /* the places that STAFF_EXPORT takes: place[] */
  STAFF_EXPORT,    /* text: one of these places, empty: the first: the journal goes there. A lead's */
  STAFF_SHUTDOWN,  /* what was written is safe when the answer comes, and the kiosk ends by itself. A lead's */
  STAFF_HUB,       /* a hub is to run beside this kiosk (count 1), or not at later starts (0); desk_health.hub_here. A lead's */
  STAFF_MEETUP,    /* text: title; at.wall_ms: its end. Session 0, and only where struct ui says that it can be asked: the kiosk
                      itself answers, then serves the meetup, or shows a fault */
  STAFF_GRANT,     /* a one-time token by which a phone signs in as this operator: token, for wait_ms; and phone[] */
  STAFF_PHONES,    /* who is signed in by phone: phone[] */
  STAFF_REVOKE,    /* count: the session of one, 0: all that this card may end; then phone[]. Another operator's: a lead's */
  STAFF_REDEEM,    /* only from a phone, session 0: text: a token. Answered with the session's number and the cookie's token */
  STAFF_LEAVE,     /* only from a phone: signs out */
  STAFF_KINDS
};

enum staff_shift { STAFF_SHIFT_OPENING, STAFF_SHIFT_HANDOVER };

struct staff_request {
  enum staff_kind kind;
  uint32_t session; /* of NOTICE_CONSOLE */
  uint32_t serial;  /* comes back in the answer */
  char number[ID_MAX];
  int16_t event; /* of the person, index in the catalog */
  char text[TEXT_MAX];
  int32_t count;
  int16_t index;
  bool override; /* ADMIT, WALKIN: though a rule refuses; the record says which */
  uint8_t ref[16];
  int64_t before;   /* RECENT: a record's number; 0: from the last one on */
  struct moment at; /* CLOCK, MEETUP; the others happen when they are served */
};

enum staff_result {
  STAFF_DONE,
  STAFF_REFUSED, /* `why` says why; for STAFF_RULE `verdict` says which, and it can be asked again where may_override */
  STAFF_DENIED,  /* a lead's, another host's people, or a PIN's session that sees nobody; a PIN that is wrong */
  STAFF_LOCKED,  /* no such session any more: the card has to be shown again */
  STAFF_FAILED   /* not written: desk's health has the fault, or `why` the place's */
};

enum staff_why {
  STAFF_NO_REASON,
  STAFF_RULE,          /* refused by `verdict` */
  STAFF_FOR_LEAD,      /* denied: a lead's card may */
  STAFF_NO_SEARCH,     /* denied: this session (a PIN's) sees no people */
  STAFF_NOT_FOUND,     /* no such person, record, station or host here */
  STAFF_UNDONE,        /* it is undone already */
  STAFF_NOTHING,       /* that record admitted nobody, or the text that is needed is empty */
  STAFF_NAME_NOT_KEPT, /* done, and counted; the pack has no key to seal the name to, so that it is kept nowhere */
  STAFF_CLOCK_IS_SET,  /* the network's time counts */
  STAFF_PLACE_GONE,    /* none of STAFF_STICKS */
  STAFF_PLACE_BAD,     /* it could not be written there: pulled out, broken; or: */
  STAFF_PLACE_FULL,
  STAFF_PLACE_READ_ONLY,
  STAFF_BUSY,          /* one like it is still at work */
  STAFF_PIN_NONE,      /* kiosk.conf has no console_pin */
  STAFF_PIN_WRONG,
  STAFF_PIN_WAIT,    /* too many wrong ones: `wait_ms` */
  STAFF_GRANT_GONE,  /* no such token: used, too old, revoked, or never given */
  STAFF_PHONES_FULL, /* PHONES_MAX are signed in: one has to go first */
  STAFF_NO_HUB_KEY,  /* no setup card that holds the hub's key was shown here */
  STAFF_WHYS
};
const char *staff_why_name(enum staff_why why); /* for_lead; empty: no reason */

struct staff_person { /* as a list shows them */
  char number[ID_MAX];
  int16_t event;             /* index in the catalog; of another one than the station's: can't be admitted here */
  char name[NAME_MAX_BYTES]; /* the corrected one where there is one */
  bool corrected;
  char organization[TEXT_MAX], title[TEXT_MAX], seat[TEXT_MAX];
  char phone[16]; /* the last four */
  char attention[ID_MAX];
  int16_t type; /* index in the catalog, -1: none */
  bool confirmed;
  int32_t party, inside; /* how many belong together; how many of them are in at this station */
  int64_t since_ms;      /* wall, of the last admission here; 0: none, or its clock wasn't trusted */
  char where[ID_MAX];    /* the kiosk of it */
};

struct staff_record { /* a line of STAFF_RECENT */
  uint8_t id[16];
  enum verdict_kind verdict;
  enum by by;
  struct moment at;
  char number[ID_MAX];
  int16_t event;
  char name[NAME_MAX_BYTES]; /* empty: not known here, or a walk-in's sealed one */
  char operator_name[ID_MAX];
  int32_t count;
  bool undone;
};

struct staff_place { /* of STAFF_STICKS */
  char path[TEXT_MAX];
};

struct staff_phone { /* a phone that is signed in */
  uint32_t session;
  char name[ID_MAX];
  int64_t left_ms;
};

enum { STAFF_LIST_MAX = 20, STAFF_HOURS = 24, STAFF_CODES_MAX = 8, STAFF_PLACES_MAX = 4 };

struct staff_today { /* at this kiosk, of the event's day that is now */
  int64_t people, refused, by_hand,
      undone;                    /* people, admitted by hand among them, at this station; refused and undone anywhere */
  int32_t hour[STAFF_HOURS];     /* people by local hour, the event's zone */
  int64_t station[STATIONS_MAX]; /* people by the catalog's station */
  int64_t type[TYPES_MAX], none; /* by ticket type at this station; without one, or not known (a PIN's session) */
  int attentions;                /* in attention[]: who needs care and has arrived, the latest first */
  struct staff_person attention[STAFF_CODES_MAX];
};

struct staff_answer {
  enum staff_kind kind;
  uint32_t session, serial;
  enum staff_result result;
  enum staff_why why;
  struct verdict verdict;  /* ADMIT, WALKIN: what was given, or what refuses */
  bool may_override;       /* with this card */
  bool lead_may;           /* with a lead's, though not with this one */
  int64_t seq;             /* of the record written; 0: none */
  int64_t older;           /* RECENT: there are more before that record; 0: that was all */
  int64_t wait_ms;         /* UNLOCK; GRANT, PHONES, REVOKE: how long its token is good, 0: no more */
  int16_t index;           /* STATION: the one served now */
  int count;               /* in person[], record[], place[] or phone[] */
  char token[PHONE_TOKEN]; /* GRANT, REDEEM: a secret */
  int64_t more;        /* SEARCH: that fit beyond these. SEARCH, RECENT, TODAY: -1: still looking, a fuller answer follows */
  bool broken;         /* SEARCH: part of the index can't be read */
  char file[TEXT_MAX]; /* EXPORT: what was written */
  int64_t records;     /* EXPORT: in it */
  struct staff_place place[STAFF_PLACES_MAX];
  struct staff_phone phone[PHONES_MAX];
  struct staff_person
      person[STAFF_LIST_MAX]; /* SEARCH; ADMIT, CORRECT: [0] as they are now; WITHDRAWN: names on cards, confirmed: it opens */
  struct staff_record record[STAFF_LIST_MAX]; /* RECENT */
  struct staff_today today;                   /* TODAY */
};

#endif
