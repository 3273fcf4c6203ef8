/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/events/{event}/feed?after=CURSOR: what the other kiosks admitted, took back and corrected. The cursor names the
 * database, too: one of another hub, or of a database that was lost, begins again at the start, and a kiosk that gets
 * a record twice knows it by its id.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "tools/hub/hub.h"

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

void give_feed(struct hub *hub, const struct request *request, struct reply *reply) {
  struct problem problem;
  char cursor[64];
  int64_t after;
  if (!cursor_read(hub, request->after, &after)) {
    problem_set(&problem, "after 应是上一次回答里的 cursor；从头取就不写它",
                "`after` takes the cursor of an earlier answer; leave it out to begin at the start");
    reply_problem(reply, 400, &problem, NULL);
    return;
  }
  struct feed f = {.records = json_array(), .cursor = after};
  if (hub->store->feed(hub->db, request->segment[0], request->kiosk.name, after, take, &f) != STORE_DONE) {
    json_decref(f.records);
    reply_failed(reply);
    return;
  }
  cursor_text(hub, f.cursor, cursor);
  reply_json(reply, request, 200, json_pack("{s:s, s:b, s:o}", "cursor", cursor, "more", f.more, "records", f.records));
}
