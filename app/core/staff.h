/* SPDX-License-Identifier: Apache-2.0
 * What the staff console asks of desk, and what desk answers: flat values between two threads. Desk serves
 * a request only while no guest's payload waits, and a search in pieces: a queue is never slower for it.
 * Every request but STAFF_LOCK needs the session that an operator card opened; what it unlocked stays with
 * desk, and the console gets only what it shows. Whoever holds an answer wipes it.
 */
#ifndef YINGBIN_CORE_STAFF_H
#define YINGBIN_CORE_STAFF_H

#include "core/verdict.h"

enum staff_kind {
  STAFF_SEARCH,   /* text: the query, from its first character on; a newer one takes an older one's place */
  STAFF_RECENT,   /* the last records of this kiosk, newest first: what can be undone, admitted again, corrected */
  STAFF_TODAY,    /* the numbers of the day */
  STAFF_ADMIT,    /* number: of somebody whom an answer named; count: 0 all of the party that isn't in; override */
  STAFF_WALKIN,   /* text: a name, may be empty (somebody who only counts) */
  STAFF_CORRECT,  /* number, text: the name by which they are greeted from now on */
  STAFF_UNDO,     /* ref, text: the reason. Others' records: a lead's */
  STAFF_SHIFT,    /* text: the hand-over's note; index: enum staff_shift */
  STAFF_STATION,  /* index: of the catalog's station that this kiosk serves from now on */
  STAFF_GROUP,    /* index: host whose group is full (count 1), or not (0) */
  STAFF_WITHDRAW, /* text: name on the card that opens nothing here from now on. A lead's */
  STAFF_CLOCK,    /* at.wall_ms: what the operator says it is. A lead's, or where no clock is known */
  STAFF_EXPORT,   /* text: a folder (a stick's): the journal goes there. A lead's */
  STAFF_SHUTDOWN, /* what was written is safe when the answer comes. A lead's */
  STAFF_LOCK,     /* the console has closed: wipes the session. No answer */
  STAFF_KINDS
};

enum staff_shift { STAFF_SHIFT_OPENING, STAFF_SHIFT_HANDOVER };

struct staff_request {
  enum staff_kind kind;
  uint32_t serial; /* comes back in the answer */
  char number[ID_MAX];
  char text[TEXT_MAX];
  int32_t count;
  int16_t index;
  bool override; /* ADMIT: though a rule refuses; the record says which */
  uint8_t ref[16];
  struct moment at;
};

enum staff_result {
  STAFF_DONE,
  STAFF_REFUSED, /* a rule says no: `verdict` says which; it can be asked again with override where may_override */
  STAFF_DENIED,  /* a lead's, or another host's people */
  STAFF_LOCKED,  /* no session: the card has to be shown again */
  STAFF_FAILED   /* not written: `fault` is in desk's health, too */
};

struct staff_person { /* as a list shows them */
  char number[ID_MAX];
  char name[NAME_MAX_BYTES]; /* the corrected one where there is one */
  char organization[TEXT_MAX], title[TEXT_MAX], seat[TEXT_MAX];
  char phone[16]; /* the last four */
  char attention[ID_MAX];
  int16_t type; /* index in the catalog, -1: none */
  bool confirmed;
  int32_t party, inside; /* how many belong together; how many of them are in at this station */
  int64_t since_ms;      /* wall, of the last admission here; 0: none */
  char where[ID_MAX];    /* the kiosk of it */
};

struct staff_record { /* a line of STAFF_RECENT */
  uint8_t id[16];
  enum verdict_kind verdict;
  enum by by;
  struct moment at;
  char number[ID_MAX];
  char name[NAME_MAX_BYTES]; /* empty: not known here, or a walk-in's sealed one */
  char operator_name[ID_MAX];
  int32_t count;
  bool undone;
};

enum { STAFF_LIST_MAX = 20, STAFF_HOURS = 24, STAFF_CODES_MAX = 8 };

struct staff_today { /* at this kiosk, of the event's day that is now */
  int64_t people, refused, by_hand, undone;
  int32_t hour[STAFF_HOURS];     /* people by local hour, the event's zone */
  int64_t station[STATIONS_MAX]; /* people by the catalog's station */
  int64_t type[TYPES_MAX], none; /* by ticket type at this station; without one */
  int attentions;                /* in attention[]: who needs care and has arrived, the latest first */
  struct staff_person attention[STAFF_CODES_MAX];
};

struct staff_answer {
  enum staff_kind kind;
  uint32_t serial;
  enum staff_result result;
  struct verdict verdict; /* ADMIT, WALKIN: what was given, or what refuses */
  bool may_override;
  int64_t seq;                                /* of the record written; 0: none */
  int count;                                  /* in person[] or record[] */
  int64_t more;                               /* SEARCH: that fit beyond these; -1: still looking, another answer follows */
  bool broken;                                /* SEARCH: part of the index can't be read */
  char file[TEXT_MAX];                        /* EXPORT: what was written; its records in `more` */
  struct staff_person person[STAFF_LIST_MAX]; /* SEARCH */
  struct staff_record record[STAFF_LIST_MAX]; /* RECENT */
  struct staff_today today;                   /* TODAY */
};

#endif
