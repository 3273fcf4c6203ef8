/* SPDX-License-Identifier: Apache-2.0
 * What desk and sync tell one another, by value. Sync owns the network and nothing else: whatever it learns goes to desk as
 * news, and desk, the only writer, keeps it (journal/others.h). Desk tells sync that something was written, and hands on the
 * setup card that somebody showed. Neither ever waits for the network: a guest's verdict is of what is known now.
 */
#ifndef YINGBIN_CORE_SYNC_H
#define YINGBIN_CORE_SYNC_H

#include "core/types.h"

enum { SYNC_CURSOR = 64, SYNC_PAGE = 16, SYNC_ID = 16, SYNC_CHAIN = 32 };

/* Where a kiosk finds the hub that runs beside it, and every other one nobody: so it looks around. */
#define SYNC_HUB_HERE "https://127.0.0.1:8080"

enum shared_kind { SHARED_SCAN, SHARED_UNDO, SHARED_CORRECT };

struct shared_record { /* another kiosk's, out of the feed; no name is in it */
  enum shared_kind kind;
  uint8_t id[SYNC_ID], ref[SYNC_ID]; /* ref: of UNDO and CORRECT */
  char kiosk[ID_MAX], station[ID_MAX * 2], attendee[ID_MAX], code[33];
  int32_t count;
  int64_t at_ms; /* wall, as that kiosk believed */
  bool wall_ok;
};

enum news_kind {
  NEWS_FEED,  /* count records of an event, and the cursor behind them; `whole`: the view is complete as of `as_of` */
  NEWS_ACKED, /* the hub has all records up to seq, and that one has this chain */
  NEWS_CLOCK, /* what time the hub says it was at as_of.mono_ms, give or take error_ms */
  NEWS_ENROLLED
};

struct sync_news { /* sync -> desk, waits for room */
  enum news_kind kind;
  struct moment as_of;   /* when the request began: nothing that the others did before it is missing */
  char hub[SYNC_CURSOR]; /* which database this is about */
  char event[ID_MAX], cursor[SYNC_CURSOR];
  bool whole;
  uint32_t refill; /* of the work that this was asked for */
  int count;
  struct shared_record record[SYNC_PAGE];
  int64_t seq;
  uint8_t chain[SYNC_CHAIN];
  int64_t wall_ms, error_ms;
  bool tls; /* the hub proved who it is: its clock may be trusted */
};

struct sync_work { /* latest: desk -> sync, after each record and where the station changes */
  int64_t seq;     /* of the last record */
  char event[ID_MAX], station[ID_MAX * 2];
  uint32_t refill; /* another number than before: what the others did was lost here, and is wanted from the feed's start */
};

enum order_kind {
  ORDER_ENROL,    /* text: what a setup card said, YBSET1's lines; a secret: wiped by whoever is done with it */
  ORDER_CARRY,    /* a hub is to run beside this kiosk, from now on and at later starts */
  ORDER_CARRY_NOT /* none is started any more; one that runs goes on */
};

struct sync_order { /* desk -> sync */
  enum order_kind kind;
  char text[PAYLOAD_MAX];
};

enum sync_state {
  SYNC_OFF,          /* no hub: not set, and no setup card was shown */
  SYNC_NOT_ENROLLED, /* a hub is named, and no token is there: show the setup card */
  SYNC_CONNECTING,   /* nothing has succeeded since the start */
  SYNC_GOOD,
  SYNC_WAITING,  /* the network or the hub failed: tried again at next_try */
  SYNC_REFUSED,  /* the token is no longer good, or the card was used up: `why` */
  SYNC_OTHER_HUB /* the server's key isn't the setup card's: somebody is in between */
};

struct sync_health { /* latest: sync -> desk, ui, monitor */
  enum sync_state state;
  char hub[256], why[TEXT_MAX];  /* why: English, for the log and the console's small print */
  char pack_why[TEXT_MAX];       /* the hub's newest pack was kept out; empty: none was */
  char pack_why_zh[TEXT_MAX];    /* the same in Chinese */
  char pack[ID_MAX];             /* that the hub is asked for; empty: none */
  bool pack_missing;             /* the hub has none of that name */
  int64_t pack_have, pack_total; /* bytes of one that comes; 0: none does */
  struct moment good;            /* the last exchange that succeeded; mono_ms 0: none */
  int64_t next_try_mono_ms, acked_seq;
  int32_t failures; /* in a row */
  bool whole;       /* what the others did is here, up to the last exchange of that kind */
  bool may_carry;   /* the setup card holds the hub's key: a hub may run beside this kiosk */
  bool carries;     /* and is to run there */
};

#endif
