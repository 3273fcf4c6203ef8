/* SPDX-License-Identifier: Apache-2.0
 * One person's way through desk, whether they showed a code or staff named them: question, verdict, record,
 * notice. What both ways have in common; private to desk.
 */
#ifndef YINGBIN_DESK_ERRAND_H
#define YINGBIN_DESK_ERRAND_H

#include "desk/desk.h"

struct errand {
  struct payload payload; /* by hand: only `by` and `at` */
  struct question question;
  struct checkin checkin;
  struct notice notice;
  bool masked; /* who only knows their number: the notice says no more of them than where they go */
};

/* Where lookup and attendee of the question are set: what the journal knows of them, and by which name they are greeted.
 * False: the journal can't be read. */
bool errand_history(struct desk *d, struct errand *e);
void errand_rule(struct errand *e);                  /* the rules: notice.verdict, or a fault */
void errand_judge(struct desk *d, struct errand *e); /* history, and then the rules */
void errand_fault(struct notice *n, enum desk_fault fault);
bool errand_practises(const struct errand *e); /* a rehearsal's ticket */

/* The record, on disk, and what is then so: notice.seq (0: it isn't, and the notice is a fault), counts. */
void errand_commit(struct desk *d, struct errand *e, struct moment now);
void errand_tell(struct desk *d, struct errand *e); /* the notice, with health */

#endif
