/* SPDX-License-Identifier: Apache-2.0
 * The staff console's side of desk, private to it: sessions, and the requests of core/staff.h by one table. A turn does a
 * piece of work that no guest notices. What a card unlocked, found or is about to say lies in struct staff_open, and is
 * wiped as a whole when the console closes. There are two of them: the console's, and one in which the phones that signed
 * in (staff_phone.h) are served one after the other; `open` is the one at hand.
 */
#ifndef YINGBIN_DESK_STAFF_H
#define YINGBIN_DESK_STAFF_H

#include "core/staff.h"
#include "desk/errand.h"
#include "desk/names.h"
#include "desk/sticks.h"
#include "desk/withdrawn.h"
#include "journal/rows.h"
#include "pack/search.h"

struct arrival { /* somebody admitted here today */
  uint64_t who;  /* digest of their number */
  int32_t count;
  int64_t seq;
};

struct staff_open {
  enum by by;                   /* of what is done here: BY_HAND, BY_PHONE; stays when the rest is wiped */
  uint32_t number;              /* of the session; 0: none */
  struct pack_session *session; /* the console's: owned, NULL: opened by the PIN; a phone's: borrowed */
  char name[ID_MAX];            /* for the records */
  bool lead;
  int64_t touched_ms; /* the last request; mono */

  struct staff_request request;                   /* the one at work */
  bool (*job)(struct desk *d, struct moment now); /* does a piece of it, true: there is more; NULL: nothing at work */
  void (*act)(struct desk *d, const struct pack_found *who, struct moment now); /* once the person of the request is found */
  struct pack_search search;                                                    /* the last one; those found can be acted on */
  int16_t renamed[STAFF_LIST_MAX]; /* of the names, those that the search fits, too */
  int renames;
  struct pack_walk walk;
  struct pack_found who;
  int64_t seq, told_ms;    /* where to go on in the journal; when something was told */
  struct arrival *arrival; /* owned */
  size_t arrivals, room;
  int64_t attention_seq[STAFF_CODES_MAX]; /* of the answer's attention[] */
  struct staff_answer answer;
  bool answered, last; /* the answer waits for room; it is the request's last one */
};

enum { STAFF_CARDS = 12 };

struct staff {
  struct staff_open *open; /* at hand: the console's, but while a phone's request is served */
  struct staff_open console, phone;
  struct staff_phones *phones; /* who is signed in; owned */
  uint32_t sessions;           /* so many were opened */
  struct staff_request next;   /* looked at */
  struct names names;          /* corrected ones */
  struct withdrawn withdrawn;
  int cards;                        /* that opened the console since the start, the latest last: */
  char card[STAFF_CARDS][TEXT_MAX]; /* the names on them */
  char configured[ID_MAX * 2];      /* the station that the configuration named */
  int wrong_pins;
  int64_t pin_again_ms;          /* mono; 0: at once */
  struct journal_row shift;      /* the last opening check or hand-over; seq 0: none */
  int64_t exported;              /* the last record that an export has */
  int64_t oldest_seq, oldest_ms; /* a record and its wall time, as its clock was trusted; seq 0: none */
  struct staff_export *export;   /* at work; owned */
  struct sticks sticks;
};

bool staff_init(struct desk *d, struct moment now, struct problem *problem);
void staff_fini(struct desk *d);
int64_t staff_step(struct desk *d, struct moment now); /* no payload waits; when to call again */
bool staff_is_open(const struct staff *s);             /* a console is open at this kiosk */
bool staff_is_lead(const struct staff *s);             /* and a lead's */
void staff_health(struct desk *d, struct moment now);  /* its part of d->health */

/* A card: true where it opens the console, then the notice says so; else its `card` says why not. */
bool staff_card(struct desk *d, const uint8_t secret[32], struct moment now, struct notice *n);
void staff_rename(const struct staff *s, const char *event, struct attendee *who); /* where their name was corrected */

/* --- among the staff_*.c --- */

void staff_forget(struct staff_open *o);              /* everything that the session brought */
void staff_resume(struct desk *d, struct moment now); /* what the console had set before the kiosk was started again */
void staff_open_by_pin(struct desk *d, struct moment now);
void staff_say(struct desk *d, enum staff_result result,
               enum staff_why why);                     /* the request's last answer, but for its values */
void staff_say_more(struct desk *d, struct moment now); /* what there is so far */
bool staff_note(struct desk *d, enum record_kind kind, struct moment now, const char *format, ...)
    __attribute__((format(printf, 4, 5)));             /* by the operator; false: not written, and answered so */
bool staff_text(const char *text, char out[TEXT_MAX]); /* without what no name or note has; false: nothing is left */
void staff_person(struct desk *d, const struct pack_found *who, struct moment now, struct staff_person *out);
void staff_find(struct desk *d, struct moment now, void (*act)(struct desk *, const struct pack_found *, struct moment));
const char *staff_seal(struct desk *d, const char *name, char sealed[1024]); /* {"name":...}, base64; NULL: no key */

void staff_unlock(struct desk *d, struct moment now);
void staff_search(struct desk *d, struct moment now);
void staff_recent(struct desk *d, struct moment now);
void staff_today(struct desk *d, struct moment now);
void staff_admit(struct desk *d, struct moment now);
void staff_walkin(struct desk *d, struct moment now);
void staff_correct(struct desk *d, struct moment now);
void staff_undo(struct desk *d, struct moment now);
void staff_shift(struct desk *d, struct moment now);
void staff_station(struct desk *d, struct moment now);
void staff_group(struct desk *d, struct moment now);
void staff_withdraw(struct desk *d, struct moment now);
void staff_withdrawn(struct desk *d, struct moment now);
void staff_clock(struct desk *d, struct moment now);
void staff_sticks(struct desk *d, struct moment now);
void staff_export(struct desk *d, struct moment now);
void staff_shutdown(struct desk *d, struct moment now);
void staff_hub(struct desk *d, struct moment now);

#endif
