/* SPDX-License-Identifier: Apache-2.0
 * Texts of one owner's lifetime, in blocks, freed together; and a growing list of problems, for work
 * that goes on after the first one so that a person sees them all at once. Out of memory ends the tool.
 */
#ifndef YINGBIN_TOOLS_TEXTS_H
#define YINGBIN_TOOLS_TEXTS_H

#include <stddef.h>

#include "base/problem.h"

struct texts { /* zero-initialised */
  struct texts_block *newest;
};

const char *texts_add(struct texts *t, const char *text, size_t len); /* a copy with a NUL behind it */
const char *texts_format(struct texts *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void texts_free(struct texts *t);

struct remarks {      /* zero-initialised */
  struct problem *at; /* owned */
  int count;          /* kept */
  int more;           /* not kept: there were too many */
};

void remarks_add(struct remarks *r, const struct problem *p);
void remarks_print(const struct remarks *r, const char *prefix); /* on stderr */
void remarks_free(struct remarks *r);

/* Like problem_set, onto the list. Always returns false. */
bool remarks_say(struct remarks *r, const char *zh_format, const char *en_format, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* realloc to hold `count` items of `size`; never fails. */
void *grow(void *block, size_t count, size_t size);

#endif
