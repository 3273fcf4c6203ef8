/* SPDX-License-Identifier: Apache-2.0
 * The newest part of an event's feed, written once for all kiosks that wait for it: every shared record behind `from`, up to
 * `head`, as the store gave them. It is a copy of what is committed and never changes, and the oldest goes where there is
 * no room: who wants more asks the store. No lock: its owner's.
 */
#ifndef YINGBIN_TOOLS_HUB_TAIL_H
#define YINGBIN_TOOLS_HUB_TAIL_H

#include "tools/hub/page.h"

enum { TAIL_MOST = 4096, TAIL_BYTES = 512 * 1024 };

struct piece;

struct tail {         /* begins with zeros */
  int64_t from, head; /* cursors of the store's */
  size_t bytes;
  int first, count;
  struct piece *piece[TAIL_MOST]; /* owned; from `first` on, round the end */
};

void tail_begin(struct tail *t, int64_t from); /* empty, from here on */
/* The next record, by page_record: NULL, there was no memory, and the tail begins behind it. */
void tail_add(struct tail *t, int64_t cursor, const char *kiosk, const char *text, size_t len);
/* What is behind `after`, without the kiosk's own; false: some of it isn't here. The page's cursor is the head, where nothing
 * is left. */
bool tail_give(const struct tail *t, const char *kiosk, int64_t after, struct page *page);

#endif
