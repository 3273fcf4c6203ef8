/* SPDX-License-Identifier: Apache-2.0
 * The forms of values in pack.ini and rosters: dates, times, hours, lists. Pure. A date must be one of
 * the calendar; nothing is guessed.
 */
#ifndef YINGBIN_TOOLS_FORMS_H
#define YINGBIN_TOOLS_FORMS_H

#include "core/day.h"
#include "core/types.h"

bool form_date(const char *text, struct civil *out);               /* 2023-10-21 */
bool form_time(const char *text, struct civil *out);               /* 2023-10-21 21:30, or with T; hour 24 only as 24:00 */
bool form_clock(const char *text, int most_hour, int32_t *second); /* 21:30; 26:00 is two in the morning of the night after */
bool form_number(const char *text, int64_t least, int64_t most, int64_t *out);
bool form_yes(const char *text, bool *out);        /* yes, no, 是, 否 */
bool form_colour(const char *text, uint32_t *out); /* #RRGGBB */
bool form_id(const char *text);                    /* letters, digits, ., _ and -; not beginning with a dot */

/* The next item of a list (`,` `，` `、`), without blanks round it; false behind the last. */
struct list_item {
  const char *at;
  size_t len;
};
bool list_next(const char **at, struct list_item *item);
bool list_has(const char *list, const char *text);

/* Cuts blanks of every kind that people paste (ideographic, no-break, zero width) off both ends. */
void trim_text(const char **at, size_t *len);

#endif
