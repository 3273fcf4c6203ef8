/* SPDX-License-Identifier: Apache-2.0
 * The feed of the station's event: pages of the hub, handed to desk in pieces. Only the last piece of a page carries the
 * cursor behind it, so that a kiosk that is killed in between asks for that page again. From the feed's end on it is listened
 * to: one question at a time that the hub holds until there is something. Where that fails, a plain question finds out how
 * things are; a hub that doesn't hold it is asked as often as without.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "sync/sync_inner.h"

enum {
  PULL_MS = 15 * 1000,
  EVERY_MS = 2000,
  LISTEN_S = 10 /* held so long: half of what makes the view an old one */
};

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

/* The hub read it when it answered, not when it was asked. */
static void skip_held(struct uplink_answer *a, int64_t held_ms) {
  const int64_t took_ms = a->ended.mono_ms - a->began.mono_ms;
  if (held_ms > took_ms) held_ms = took_ms;
  a->began.mono_ms += held_ms;
  a->began.wall_ms += held_ms;
}

/* False: it is no page of the feed. */
static bool take_page(struct sync *s, struct uplink_answer *a, bool *moved) {
  struct sync_state_own *own = s->own;
  struct wire_page page;
  const struct wire_answer answer = sync_answer(s, a);
  if (a->status == 400 || !wire_read_page(&answer, &page)) {
    own->cursor[0] = '\0'; /* if that was wrong, the start is right */
    own->follows = false;
    sync_foreign(s, a);
    return false;
  }
  skip_held(a, page.held_ms);
  hand_on(s, &page, a);
  notice_database(s, &page);
  *moved = strcmp(own->cursor, page.cursor) != 0;
  snprintf(own->cursor, sizeof own->cursor, "%s", page.cursor);
  own->health.whole = own->follows = !page.more;
  own->feed_due_ms = page.more ? a->ended.mono_ms : a->ended.mono_ms + EVERY_MS;
  sync_succeeded(s, a, page.at_ms);
  wire_page_free(&page);
  return true;
}

static const int statuses[] = {200, 400, 0};

void sync_pull(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  char path[ID_MAX + SYNC_CURSOR + 64];
  struct uplink_request r = {.method = "GET", .token = own->enrolment.token, .fd = -1, .limit_ms = PULL_MS};
  struct uplink_answer a;
  bool moved;
  (void)now;
  snprintf(path, sizeof path, "/v1/events/%s/feed%s%s", own->event, own->cursor[0] ? "?after=" : "", own->cursor);
  if (sync_ask(s, &r, path, statuses, &a)) take_page(s, &a, &moved);
}

/* --- listening --- */

/* Whoever waits for no answer that long has none held that long, either. */
static int64_t listen_ms(const struct sync *s) {
  const int64_t most_ms = LISTEN_S * INT64_C(1000);
  return s->wait_ms && s->wait_ms < most_ms ? s->wait_ms : most_ms;
}

static void listen_url(const struct sync *s, char url[UPLINK_URL]) {
  const struct sync_state_own *own = s->own;
  snprintf(url, UPLINK_URL, "%s/v1/events/%s/feed?after=%s&wait=%d", own->hub, own->event, own->cursor,
           (int)(listen_ms(s) / 1000));
}

bool sync_can_listen(const struct sync *s) { return s->ear && s->own->follows && ear_idle(s->ear); }

bool sync_listens(const struct sync *s) {
  char url[UPLINK_URL];
  if (!s->ear || !s->own->follows || ear_idle(s->ear)) return false;
  listen_url(s, url);
  return ear_is_on(s->ear, url, s->own->enrolment.token);
}

void sync_listen(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  const int64_t answer_ms = s->wait_ms && s->wait_ms < PULL_MS ? s->wait_ms : PULL_MS;
  char url[UPLINK_URL];
  const struct uplink_request r = {
      .url = url, .token = own->enrolment.token, .spki = own->spki, .ca = s->ca, .limit_ms = listen_ms(s) + answer_ms};
  listen_url(s, url);
  own->listen_due_ms = now.mono_ms + EVERY_MS;
  ear_ask(s->ear, &r);
}

void sync_hear(struct sync *s) {
  struct sync_state_own *own = s->own;
  struct uplink_answer a;
  bool moved;
  if (!s->ear) return;
  const bool wanted = sync_listens(s);
  if (!ear_take(s->ear, &a, own->body, sizeof own->body) || !wanted) return;
  const int64_t began_ms = a.began.mono_ms;
  own->follows = false;
  if (a.outcome == UPLINK_FAILED) { /* a proxy without patience, say: the plain question tells */
    own->feed_due_ms = own->listen_due_ms > a.ended.mono_ms ? own->listen_due_ms : a.ended.mono_ms;
  } else if (sync_judge(s, &a, statuses) && take_page(s, &a, &moved)) {
    if (moved || a.ended.mono_ms - began_ms >= EVERY_MS) own->listen_due_ms = a.ended.mono_ms;
  }
}
