/* SPDX-License-Identifier: Apache-2.0
 * What an operator card opens in a pack: who the operator is, and the search among the people of their
 * hosts. Nothing here is known without the card's secret. The pack must outlive the session; both belong
 * to one thread (desk). A pack's sessions keep together what they unsealed in the form in which it is compared, up to some
 * 48 MB; what is beyond is unsealed anew each time. It is wiped with the last session that opens it.
 */
#ifndef YINGBIN_PACK_SEARCH_H
#define YINGBIN_PACK_SEARCH_H

#include "pack/match.h"
#include "pack/pack.h"

struct pack_session; /* owned by the opener */

enum pack_unlock {
  PACK_UNLOCKED,
  PACK_UNLOCK_UNKNOWN, /* the pack doesn't know the card: withdrawn, made later than the pack, of another organizer */
  PACK_UNLOCK_BROKEN   /* the pack can't be read */
};

/* secret: of TICKET_OPERATOR; the caller wipes its own copy. */
enum pack_unlock pack_unlock(struct pack *pack, const uint8_t secret[32], struct pack_session **session);
void pack_lock(struct pack_session *session); /* wipes the keys; NULL is fine */
/* Opens the same and ends by itself. NULL: no memory. */
struct pack_session *pack_session_copy(const struct pack_session *session);

struct pack_operator {
  uint32_t id;         /* of the card, as in cards.csv */
  char name[TEXT_MAX]; /* for the records */
  bool lead;
  uint32_t hosts; /* bit i: catalog host i, whose people the card finds */
  bool everyone;  /* also those of no host */
};
const struct pack_operator *pack_operator(const struct pack_session *session); /* borrowed */

struct pack_found {
  struct attendee attendee;        /* as pack_find gives it: enough to check them in by hand */
  char code[33];                   /* the journal's hash of their code */
  char phone[64], email[TEXT_MAX]; /* the last four characters, unless the organizer asked for more; may be empty */
  int rank;
};

enum { PACK_FOUND_MAX = 20 };

struct pack_place { /* of a person in the index */
  int host;
  uint32_t block;
  uint16_t at;
  int rank;
};

struct pack_search {                       /* the caller's */
  struct pack_place place[PACK_FOUND_MAX]; /* best first; those of the same worth in the roster's order */
  int count;
  struct pack_found found[PACK_FOUND_MAX]; /* the same, since pack_search_show */
  int shown;
  int64_t more; /* that fit, beyond these */
  bool broken;  /* part of the index can't be read: people may be missing */
  struct match_query query;
  int host; /* where to go on */
  uint32_t block;
};

/* A search in pieces, for who has other work: `blocks` (of some 300 people) at a time. True: there is more to look at. */
void pack_search_begin(struct pack_search *search, const char *query);
bool pack_search_step(struct pack_session *session, struct pack_search *search, int blocks);
void pack_search_show(struct pack_session *session, struct pack_search *search); /* who they are: found[] up to `shown` */

/* The same at once. */
void pack_search(struct pack_session *session, const char *query, struct pack_search *search);

/* Makes ready what searches will look through, while nobody searches. True: there is more to make. */
bool pack_warm(struct pack_session *session, int blocks);

/* Everybody whom the card finds, in pieces likewise; begins with all 0. `found` is the callee's until it returns. */
struct pack_walk {
  int host;
  uint32_t block;
  bool broken;
};
bool pack_walk_step(struct pack_session *session, struct pack_walk *walk, int blocks,
                    void (*each)(void *to, const struct pack_found *found), void *to);

#endif
