/* SPDX-License-Identifier: Apache-2.0
 * A desk with what belongs to it: an event's pack, a journal, mailboxes; and people who come to it one behind the other,
 * five seconds apart by its clock, on this program's thread. Whoever gives desk a thread of its own moves these people alone.
 */
#ifndef YINGBIN_TOOLS_BENCH_OFFICE_H
#define YINGBIN_TOOLS_BENCH_OFFICE_H

#include "desk/desk.h"
#include "journal/others.h"
#include "tools/bench/bench.h"

enum { OFFICE_SLOTS = 4, OFFICE_PEOPLE = 200 /* enough for most */ };

struct office {           /* a desk with what belongs to it */
  struct bell bell, told; /* desk's; rung with each notice */
  struct mailbox camera, people, notices;
  struct payload camera_slot[OFFICE_SLOTS], people_slot[OFFICE_SLOTS];
  struct notice notice_slot[OFFICE_SLOTS];
  struct journal *journal;
  struct kiosk_identity identity;
  struct pack *pack;
  struct desk desk;
  char **codes;
  int count;
  struct moment now; /* the last one */
  bool ready;        /* desk is */
};

/* For the event in the folder `event` (bench_event); the journal is in `scratch`/data. `with`: what else desk has; NULL:
 * nothing. `now`: when desk begins. To be closed in any case. */
bool office_open(struct office *office, const char *event, const char *scratch, const struct desk *with, struct moment now,
                 struct problem *problem);
void office_close(struct office *office);

struct moment office_moment(int run); /* when that one comes */

/* The next one comes: ms to the record on disk, and until desk has done all of that turn. False: it was no welcome. */
bool office_serve(struct office *office, int run, double *record_ms, double *turn_ms, struct problem *problem);

#endif
