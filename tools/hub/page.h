/* SPDX-License-Identifier: Apache-2.0
 * A page of the feed while it is written: records as other kiosks hear of them, without a name, STORE_FEED_MOST at most, and
 * where to go on. What a record becomes is the same whether the store gave it or a tail kept it (tail.h).
 */
#ifndef YINGBIN_TOOLS_HUB_PAGE_H
#define YINGBIN_TOOLS_HUB_PAGE_H

#include <stdio.h>

#include "tools/hub/store.h"

struct page {
  FILE *out; /* owned, as is what it writes; page_end or page_drop */
  char *text;
  size_t len;
  int count;
  int64_t cursor; /* behind what is on it */
  bool more;      /* there is more behind that */
};

bool page_begin(struct page *page, int64_t after); /* false: no memory */
/* A record by page_record. False: the page was full before. */
bool page_put(struct page *page, int64_t cursor, const char *text, size_t len);
/* The whole answer, owned by the caller; NULL: no memory. The page is gone. */
char *page_end(struct page *page, const char *cursor, int64_t held_ms, const char *at, size_t *len);
void page_drop(struct page *page);

/* Owned by the caller; NULL: no memory. `line` is the kiosk's record. */
char *page_record(const char *kiosk, const char *line, size_t line_len, size_t *len);

#endif
