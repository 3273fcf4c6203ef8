/* SPDX-License-Identifier: Apache-2.0
 * What is said of an event on paper: its title, when and where, in one language or in both. Pure.
 */
#ifndef YINGBIN_TOOLS_EVENT_WORDS_H
#define YINGBIN_TOOLS_EVENT_WORDS_H

#include "core/catalog.h"

/* The language of an event's papers: Chinese where its title is, too. */
enum lang words_lang(const struct event *event);

/* The text in that language, else in another; "" where there is none. */
const char *words_in(const struct text *text, enum lang lang);

/* "2023-10-28 周六 09:00–18:00", "Sat 2023-10-28, 09:00–18:00"; over several days with both dates. */
void words_when(const struct event *event, enum lang lang, char *out, size_t size);

/* "成都 · 菁蓉汇"; "" where neither is known. */
void words_where(const struct event *event, enum lang lang, char *out, size_t size);

/* Local days from the first to the last; at least 1. */
int words_days(const struct event *event);

#endif
