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

void words_date(const struct writer *w, int month, int day, char *out, size_t size);
void words_day(const struct writer *w, int64_t wall_ms, char *out, size_t size);
void words_time(const struct writer *w, int64_t wall_ms, char *out, size_t size); /* with the date where it isn't today */
const struct ticket_type *words_type(const struct writer *w);                     /* of who was scanned; NULL: none */
const char *words_handout(const struct writer *w);

void words_mirror(struct writer *w);                       /* what the camera sees, if it does */
void words_site(struct writer *w);                         /* its code: the way to sign up */
const char *words_stick(enum stick_state stick);           /* the key of how its export goes and what to do; NULL: no stick */
const char *words_machine(const struct machine *m);        /* the key of its worst trouble and what to do; NULL: none */
void words_next(struct writer *w, char *out, size_t size); /* the programme's next, in a line; empty: nothing */

/* One an entry of the table of screens. */
void say_starting(struct writer *w);
void say_idle(struct writer *w);
void say_open(struct writer *w);
void say_welcome(struct writer *w);
void say_minor(struct writer *w);
void say_heads(struct writer *w);
void say_goodbye(struct writer *w);
void say_redeem(struct writer *w);
void say_presence(struct writer *w);
void say_back(struct writer *w);
void say_stop(struct writer *w);
void say_early(struct writer *w);
void say_closed(struct writer *w);
void say_elsewhere(struct writer *w);
void say_wrong_type(struct writer *w);
void say_missing_step(struct writer *w);
void say_full(struct writer *w);
void say_not_confirmed(struct writer *w);
void say_revoked(struct writer *w);
void say_expired(struct writer *w);
void say_forged(struct writer *w);
void say_unknown(struct writer *w);
void say_not_a_ticket(struct writer *w);
void say_fault(struct writer *w);

#endif
