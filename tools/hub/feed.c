/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/events/{event}/feed?after=CURSOR&wait=SECONDS: what the other kiosks admitted, took back and corrected. The cursor
 * names the database, too: one of another hub, or of a database that was lost, begins again at the start, and a kiosk that gets
 * a record twice knows it by its id. With `wait`, and nothing behind the cursor, the answer comes when there is
 * something, or when the time is over; `held_ms` says how long that was.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tools/hub/hub.h"
#include "tools/hub/waiters.h"

enum { FEED_ID = 8 /* bytes of the database's id in a cursor */ };

struct feed {
  struct page page;
  bool bad; /* no memory */
};

static bool take(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  size_t text_len;
  char *text = page_record(kiosk, line, len, &text_len);
  struct feed *f = self;
  f->bad = !text;
  const bool more = text && page_put(&f->page, cursor, text, text_len);
  free(text);
  return more;
}

static void cursor_text(const struct hub *hub, int64_t n, char out[64]) {
  char id[FEED_ID * 2 + 1];
  sodium_bin2hex(id, sizeof id, hub->id, FEED_ID);
  snprintf(out, 64, "%s-%lld", id, (long long)n);
}

/* False: it is no cursor at all. */
static bool cursor_read(const struct hub *hub, const char *text, int64_t *n) {
  char id[FEED_ID * 2 + 1];
  *n = 0;
  if (!text || !*text) return true;
  const size_t len = strspn(text, "0123456789abcdef");
  const char *digits = text + len + 1;
  if (len != FEED_ID * 2 || text[len] != '-' || !*digits || strlen(digits) > 18 || digits[strspn(digits, "0123456789")] != '\0')
    return false;
  sodium_bin2hex(id, sizeof id, hub->id, FEED_ID);
  if (!memcmp(id, text, FEED_ID * 2)) *n = strtoll(digits, NULL, 10);
  return true;
}

/* Seconds, and no more of them than we give; false: it is no number. */
static bool wait_read(const char *text, int64_t *ms) {
  const size_t len = text ? strlen(text) : 0;
  *ms = 0;
  if (!len) return true;
  if (len > 9 || text[strspn(text, "0123456789")] != '\0') return false;
  const int64_t s = strtoll(text, NULL, 10);
  *ms = (s < WAIT_MOST_S ? s : WAIT_MOST_S) * 1000;
  return true;
}

static bool read_query(const struct hub *hub, const struct request *request, int64_t *after, int64_t *wait_ms,
                       struct problem *problem) {
  if (!cursor_read(hub, request->after, after))
    return problem_set(problem, "after 应是上一次回答里的 cursor；从头取就不写它",
                       "`after` takes the cursor of an earlier answer; leave it out to begin at the start");
  return wait_read(request->wait, wait_ms) || problem_set(problem, "wait 应是秒数，如 10；不等就不写它",
                                                          "`wait` takes seconds, like 10; leave it out to be answered at once");
}

/* Where nothing is left that others told, the next question begins behind the kiosk's own, too. */
static bool read_store(struct hub *hub, const struct request *request, struct feed *f) {
  const char *event = request->segment[0];
  const int64_t head = waiters_head(hub->waiters, event);
  if (hub->store->feed(hub->db, event, request->kiosk.name, f->page.cursor, take, f) != STORE_DONE || f->bad) return false;
  if (!f->page.more && f->page.cursor < head) f->page.cursor = head;
  return true;
}

static void reply_page(const struct hub *hub, const struct request *request, struct page *page, struct reply *reply) {
  char cursor[64], at[32];
  cursor_text(hub, page->cursor, cursor);
  iso_time(request->at_ms, at);
  reply->status = 200;
  reply->type = "application/json";
  reply->body = page_end(page, cursor, request->held_ms, at, &reply->len);
  if (!reply->body) reply_failed(reply);
}

void give_feed(struct hub *hub, const struct request *request, struct reply *reply) {
  struct problem problem;
  struct feed f = {.bad = false};
  int64_t after = 0, wait_ms = 0;
  if (!read_query(hub, request, &after, &wait_ms, &problem)) {
    reply_problem(reply, 400, &problem, NULL);
    return;
  }
  if (after < request->held_after) after = request->held_after;
  if (!page_begin(&f.page, after)) {
    reply_failed(reply);
    return;
  }
  const bool kept = wait_ms && waiters_give(hub->waiters, request->segment[0], request->kiosk.name, after, &f.page);
  if (!kept && !read_store(hub, request, &f)) {
    page_drop(&f.page);
    reply_failed(reply);
    return;
  }
  if (!f.page.count && wait_ms && !request->last) {
    reply->hold_ms = wait_ms;
    reply->hold_after = f.page.cursor;
    page_drop(&f.page);
    return;
  }
  reply_page(hub, request, &f.page, reply);
}
