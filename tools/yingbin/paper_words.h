/* SPDX-License-Identifier: Apache-2.0
 * The words on paper that aren't the organizer's own: on tickets, badges and lists, in the language that
 * was chosen, else in that of the event's title. Pure.
 */
#ifndef YINGBIN_TOOLS_PAPER_WORDS_H
#define YINGBIN_TOOLS_PAPER_WORDS_H

#include "core/catalog.h"

/* LANG_COUNT: not chosen. */
enum lang paper_lang(const struct event *event, enum lang chosen);
bool paper_lang_named(const char *name, enum lang *lang); /* "zh-Hans", "zh-Hant", "en" */
extern const char *const paper_lang_name[LANG_COUNT];

enum paper_word {
  PAPER_PARTY,     /* {n}: how many come with one code */
  PAPER_ONE_OF,    /* {n}: the party of a code that admits one */
  PAPER_PRACTICE,  /* what marks a practice ticket */
  PAPER_CODE,      /* what a screen reader says of the code */
  PAPER_SHOW_IT,   /* how to show the ticket */
  PAPER_KEEP_IT,   /* and how to keep it */
  PAPER_LIST,      /* the list's heading */
  PAPER_LAST_FOUR, /* over its column of telephone numbers */
  PAPER_OPEN,      /* whose sign-up isn't confirmed */
  PAPER_WALKINS,
  PAPER_CARE, /* at the list's foot */
  PAPER_WORDS
};
const char *paper_word(enum paper_word word, enum lang lang);
void paper_word_n(enum paper_word word, enum lang lang, int n, char *out, size_t size); /* with {n} */

#endif
