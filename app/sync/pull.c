/* SPDX-License-Identifier: Apache-2.0
 * The feed of the station's event: pages of the hub, handed to desk in pieces. Only the last piece of a page carries the
 * cursor behind it, so that a kiosk that is killed in between asks for that page again.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "sync/sync_inner.h"

enum { PULL_MS = 15 * 1000, EVERY_MS = 2000 };

static void hand_on(struct sync *s, const struct wire_page *page, const struct uplink_answer *a) {
  struct sync_state_own *own = s->own;
  struct sync_news news;
  int i = 0;
  do {
    news = (struct sync_news){.kind = NEWS_FEED, .as_of = a->began};
    snprintf(news.hub, sizeof news.hub, "%s", page->hub);
    snprintf(news.event, sizeof news.event, "%s", own->event);
    news.refill = own->work.refill;
    while (i < page->count && news.count < SYNC_PAGE) {
      if (wire_page_record(page, i++, &news.record[news.count])) news.count++;
    }
    snprintf(news.cursor, sizeof news.cursor, "%s", i < page->count ? own->cursor : page->cursor);
    news.whole = i == page->count && !page->more;
    sync_tell(s, &news);
  } while (i < page->count);
}

/* A hub that lost its database, or another one: what it has of us is to be found out again. */
static void notice_database(struct sync *s, const struct wire_page *page) {
  struct sync_state_own *own = s->own;
  if (!strcmp(own->database, page->hub)) return;
  if (own->database[0]) own->from = 0;
  snprintf(own->database, sizeof own->database, "%s", page->hub);
}

void sync_pull(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 400, 0};
  struct sync_state_own *own = s->own;
  char path[ID_MAX + SYNC_CURSOR + 64];
  struct uplink_request r = {.method = "GET", .token = own->enrolment.token, .fd = -1, .limit_ms = PULL_MS};
  struct uplink_answer a;
  struct wire_page page;
  (void)now;
  snprintf(path, sizeof path, "/v1/events/%s/feed%s%s", own->event, own->cursor[0] ? "?after=" : "", own->cursor);
  if (!sync_ask(s, &r, path, statuses, &a)) return;
  const struct wire_answer answer = sync_answer(s, &a);
  if (a.status == 400 || !wire_read_page(&answer, &page)) {
    own->cursor[0] = '\0'; /* if that was wrong, the start is right */
    sync_foreign(s, &a);
    return;
  }
  hand_on(s, &page, &a);
  notice_database(s, &page);
  snprintf(own->cursor, sizeof own->cursor, "%s", page.cursor);
  own->health.whole = !page.more;
  own->feed_due_ms = page.more ? a.ended.mono_ms : a.ended.mono_ms + EVERY_MS;
  sync_succeeded(s, &a, page.at_ms);
  wire_page_free(&page);
}
