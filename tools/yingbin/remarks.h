/* SPDX-License-Identifier: Apache-2.0
 * A growing list of problems, for work that goes on after the first one so that a person sees them all
 * at once: the first fifty on the screen, the rest in a file.
 */
#ifndef YINGBIN_TOOLS_REMARKS_H
#define YINGBIN_TOOLS_REMARKS_H

#include <stddef.h>

#include "base/problem.h"

enum { REMARKS_SHOWN = 50, REMARKS_KEPT = 100000 };

struct remarks {      /* zero-initialised */
  struct problem *at; /* owned; the first REMARKS_SHOWN */
  int count;          /* of `at` */
  int more;           /* beyond them */
  char *rest;         /* owned: those beyond, two lines each, up to REMARKS_KEPT of them */
  size_t rest_len, rest_room;
};

void remarks_add(struct remarks *r, const struct problem *p);

/* On stderr. The rest goes to FILE.problems.txt (0600) beside `output`, which is named; NULL: it is only counted. Where
 * there is no rest, an earlier run's file goes. */
void remarks_print(const struct remarks *r, const char *prefix, const char *output);
void remarks_free(struct remarks *r);

/* Like problem_set, onto the list. Always returns false. */
bool remarks_say(struct remarks *r, const char *zh_format, const char *en_format, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

static inline int remarks_total(const struct remarks *r) { return r->count + r->more; }

#endif
