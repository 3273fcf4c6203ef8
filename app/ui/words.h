/* SPDX-License-Identifier: Apache-2.0
 * What the files of words share: the writer of one view in one language, and how it puts texts into a
 * page. Private to words*.c. Pure: no clock, no state.
 */
#ifndef YINGBIN_UI_WORDS_H
#define YINGBIN_UI_WORDS_H

#include "ui/page.h"

struct writer { /* of one view in one language */
  const struct stage *stage;
  const struct view *v;
  enum lang lang;
  struct page *page;
  struct saying *say;
  const struct catalog *catalog; /* NULL while starting */
  const struct station *station;
  const struct event *event;
  const struct verdict *verdict;
};

#define PUT(w, field, ...) strings_put((w)->stage->strings, (w)->lang, field, sizeof(field), __VA_ARGS__, NULL)
#define COPY(field, text) words_copy(field, sizeof(field), text)

void words_copy(char *out, size_t size, const char *text);
void words_join(char *out, size_t size, const char *more); /* "a · b", either may be missing */

/* The last scan in one line, as the guest would have read it, into `sub`. */
void words_scan(struct writer *w);
void words_console(struct writer *w);

#endif
