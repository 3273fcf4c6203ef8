/* SPDX-License-Identifier: Apache-2.0
 * A desk with what belongs to it: a pack of 200 people, a journal, mailboxes; and people who come to it one behind the other,
 * five seconds apart by its clock. This program's thread is desk's.
 */
#ifndef YINGBIN_TOOLS_BENCH_OFFICE_H
#define YINGBIN_TOOLS_BENCH_OFFICE_H

#include "desk/desk.h"
#include "journal/others.h"
#include "tools/bench/bench.h"

enum { OFFICE_SLOTS = 4 };

struct office { /* a desk with what belongs to it */
  struct bell bell;
  struct mailbox camera, people, notices;
  struct payload camera_slot[OFFICE_SLOTS], people_slot[OFFICE_SLOTS];
  struct notice notice_slot[OFFICE_SLOTS];
  struct journal *journal;
  struct kiosk_identity identity;
  struct pack *pack;
  struct desk desk;
  char **codes;
  int count, last; /* codes; who came last */
  bool ready;      /* desk is */
};

/* In `scratch`, a folder; the journal in its `data`. `with`: what else desk has; NULL: nothing. To be closed in any case. */
bool office_open(struct office *office, const char *scratch, const struct desk *with, struct problem *problem);
void office_close(struct office *office);

struct moment office_moment(int run); /* when that one comes */

/* The next one comes: ms to the record on disk, and until desk has done all of that turn. False: it was no welcome. */
bool office_serve(struct office *office, int run, double *record_ms, double *turn_ms, struct problem *problem);

#endif
