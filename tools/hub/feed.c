/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/events/{event}/feed?after=CURSOR&wait=SECONDS: what the other kiosks admitted, took back and corrected. The cursor
 * names the database, too: one of another hub, or of a database that was lost, begins again at the start, and a kiosk that gets
 * a record twice knows it by its id. With `wait`, and nothing behind the cursor, the answer comes when there is
 * something, or when the time is over; `held_ms` says how long that was.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "tools/hub/hub.h"
#include "tools/hub/waiters.h"

enum { FEED_ID = 8 /* bytes of the database's id in a cursor */ };

struct feed {
  json_t *records; /* owned */
  int count;
  int64_t cursor;
  bool more;
};

/* The members that others need; no name is in them. */
static json_t *shared_of(const char *kiosk, const char *line, size_t len) {
  static const char *const keys[] = {"id", "kind", "event", "station", "attendee", "code", "count", "ref", "wall_ok"};
  json_t *record = export_object(line, len), *out = json_object();
  json_object_set_new(out, "kiosk", json_string(kiosk));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    json_t *value = json_object_get(record, keys[i]);
    if (value) json_object_set(out, keys[i], value);
  }
  json_t *wall = json_object_get(record, "wall");
  if (wall) json_object_set(out, "at", wall);
  json_decref(record);
  return out;
}

static bool take(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct feed *f = self;
  if (f->count == STORE_FEED_MOST) {
    f->more = true;
    return false;
  }
  json_array_append_new(f->records, shared_of(kiosk, line, len));
  f->cursor = cursor;
  f->count++;
  return true;
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

void give_feed(struct hub *hub, const struct request *request, struct reply *reply) {
  struct problem problem;
  char cursor[64];
  int64_t after = 0, wait_ms = 0;
  if (!read_query(hub, request, &after, &wait_ms, &problem)) {
    reply_problem(reply, 400, &problem, NULL);
    return;
  }
  struct feed f = {.records = json_array(), .cursor = after};
  if (hub->store->feed(hub->db, request->segment[0], request->kiosk.name, after, take, &f) != STORE_DONE) {
    json_decref(f.records);
    reply_failed(reply);
    return;
  }
  if (!f.count && wait_ms && !request->last) {
    json_decref(f.records);
    reply->hold_ms = wait_ms;
    reply->hold_after = after;
    return;
  }
  cursor_text(hub, f.cursor, cursor);
  reply_json(reply, request, 200,
             json_pack("{s:s, s:b, s:I, s:o}", "cursor", cursor, "more", f.more, "held_ms", (json_int_t)request->held_ms,
                       "records", f.records));
}
