/* SPDX-License-Identifier: Apache-2.0
 * What sync's source files share: its state, one exchange with the hub, and how each of its jobs ends.
 */
#ifndef YINGBIN_SYNC_SYNC_INNER_H
#define YINGBIN_SYNC_SYNC_INNER_H

#include "sync/sync.h"

struct fetch {      /* a pack that comes: DATA/hub-pack.part, with its signature beside it */
  bool on, resumed; /* resumed: some of it lay there at the start */
  bool whole;       /* the hub gives no slices */
  char etag[UPLINK_ETAG];
  int64_t slice; /* bytes of the next one */
};

struct sync_state_own {
  struct enrolment enrolment;
  char hub[WIRE_HUB], spki[WIRE_SPKI]; /* in effect */
  struct sync_work work;
  uint64_t work_seen;
  struct sync_health health;
  struct backoff backoff;
  int64_t next_try_ms, feed_due_ms, pack_due_ms;
  bool follows; /* the feed's end was reached: what comes next may be waited for */
  int64_t listen_due_ms;
  int64_t from;   /* the next record to send; 0: what the hub has is to be found out by sending the last one */
  int32_t looked; /* at which failure another hub was last looked for */
  int batch, gaps;
  bool unanswered; /* the last exchange: nobody was reached */
  bool card_shown; /* again, since the token was refused */
  char database[SYNC_CURSOR], cursor[SYNC_CURSOR], event[ID_MAX];
  int64_t clock_error_ms, clock_due_ms; /* of the evidence that was told */
  int64_t clock_lead_ms;                /* of the wall clock before the other one, when the hub last said its own */
  char pack_etag[UPLINK_ETAG];          /* of the newest one that needn't be fetched: in use, or no good */
  struct fetch fetch;
  struct minisign_pub card_pub; /* the card's key of packs */
  bool has_card_pub;
  struct board board;
  struct watch_health watch;
  uint64_t board_seen, watch_seen, trouble;
  int64_t started_ms, reported_ms, report_due_ms;
  bool marked;    /* DATA/hub-here is written */
  uint32_t given; /* the build that lies in DATA/hub-packs */
  char body[SYNC_ROOM];
};

/* Asks the hub. True: this is an answer that may be the hub's, with a status that is in `statuses` (ended by 0). False: it
 * failed, and everything that follows from that is done. */
bool sync_ask(struct sync *s, struct uplink_request *request, const char *path, const int *statuses,
              struct uplink_answer *answer);
/* The same in two: what it may answer is judged by who asked. */
void sync_exchange(struct sync *s, struct uplink_request *request, const char *path, struct uplink_answer *answer);
/* Of an answer that came by itself, in own->body: the same. */
bool sync_judge(struct sync *s, const struct uplink_answer *answer, const int *statuses);
struct wire_answer sync_answer(const struct sync *s, const struct uplink_answer *answer);

/* How an exchange ended: it was the hub's answer, or whoever answered isn't our hub; then back-off. */
void sync_succeeded(struct sync *s, const struct uplink_answer *answer, int64_t hub_ms);
void sync_foreign(struct sync *s, const struct uplink_answer *answer);
void sync_failed(struct sync *s, enum sync_state state, struct moment at, int64_t least_ms, const char *why);

void sync_tell(struct sync *s, struct sync_news *news); /* to desk */
void sync_publish(struct sync *s);

void sync_carry_begin(struct sync *s); /* whether a hub is to run here: settings, or what a lead said before */
void sync_carry_order(struct sync *s, bool carry);
void sync_carry(struct sync *s); /* in each step: what that hub gives out, and its mark */

void sync_enrol(struct sync *s, struct moment now);
void sync_push(struct sync *s, struct moment now);
void sync_pull(struct sync *s, struct moment now);
bool sync_can_listen(const struct sync *s); /* the ear is free, and there is a point from which on */
bool sync_listens(const struct sync *s);    /* it is asked just that */
void sync_listen(struct sync *s, struct moment now);
void sync_hear(struct sync *s);
void sync_look(struct sync *s, struct moment now); /* takes what desk and watch say of themselves */
void sync_report(struct sync *s, struct moment now);
const struct minisign_pub *sync_pub(const struct sync *s); /* NULL: nobody's pack is trusted */
const char *sync_pack(const struct sync *s);               /* the name of the one to fetch; empty: none */
void sync_fetch_pack(struct sync *s, struct moment now);

#endif
