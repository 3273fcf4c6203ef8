/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/live: server-sent events. The first message is all of it, each one after it what has changed, at most one a
 * second whatever the kiosks do; a comment now and then where nothing does, so that a dead connection is noticed. Ends with
 * the session.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/hub/clock.h"
#include "tools/hub/web.h"

enum { BEAT_MS = 8000, CHECK_MS = 20000 };

struct live {
  struct hub *hub;
  struct user user;
  char session[SESSION_MAX];
  int64_t since, said_ms, checked_ms;
  int64_t ahead_ms; /* of the hub's wall clock before its machine's */
  char *text;       /* owned: what is being sent */
  size_t len, sent;
};

static bool still_signed_in(struct live *l, int64_t mono_ms) {
  if (mono_ms - l->checked_ms < CHECK_MS) return true;
  l->checked_ms = mono_ms;
  return session_user(l->hub->store, l->hub->db, l->session, clock_ms(CLOCK_REALTIME) + l->ahead_ms, false, &l->user) ==
         STORE_DONE;
}

static void set_text(struct live *l, char *text, int64_t mono_ms) {
  free(l->text);
  l->text = text;
  l->len = text ? strlen(text) : 0;
  l->sent = 0;
  l->said_ms = mono_ms;
}

static bool next_text(struct live *l, int64_t mono_ms) {
  const int64_t now_ms = clock_ms(CLOCK_REALTIME) + l->ahead_ms;
  char *text = NULL;
  json_t *news = roll_changes(l->hub->web->roll, &l->user, &l->since, now_ms);
  if (!news && mono_ms - l->said_ms < BEAT_MS) return false;
  if (!news) news = json_pack("{s:[], s:[]}", "kiosks", "events"); /* a sign of life, which the page waits for */
  json_object_set_new(news, "now", json_integer(now_ms));
  char *json = json_dumps(news, JSON_COMPACT); /* no line break in it */
  json_decref(news);
  if (json && asprintf(&text, "data: %s\n\n", json) < 0) text = NULL;
  free(json);
  set_text(l, text, mono_ms);
  return true;
}

static long fill(void *self, char *out, size_t size) {
  struct live *l = self;
  const int64_t mono_ms = clock_ms(CLOCK_MONOTONIC);
  if (l->sent == l->len) {
    if (!still_signed_in(l, mono_ms)) return -1;
    if (!next_text(l, mono_ms)) return 0;
    if (!l->text) return -1;
  }
  const size_t n = l->len - l->sent < size ? l->len - l->sent : size;
  memcpy(out, l->text + l->sent, n);
  l->sent += n;
  return (long)n;
}

static void close_live(void *self) {
  struct live *l = self;
  free(l->text);
  free(l);
}

void give_live(struct hub *hub, const struct request *request, struct reply *reply) {
  struct user user;
  if (!web_user(hub, request, ROLE_VOLUNTEER, &user, reply)) return;
  struct live *l = calloc(1, sizeof *l);
  if (!l) {
    reply_failed(reply);
    return;
  }
  l->hub = hub;
  l->user = user;
  l->ahead_ms = request->at_ms - clock_ms(CLOCK_REALTIME);
  memcpy(l->session, request->session, sizeof l->session);
  l->checked_ms = l->said_ms = request->at_mono_ms;
  set_text(l, strdup("retry: 3000\n\n"), request->at_mono_ms);
  reply->status = 200;
  reply->type = "text/event-stream";
  reply->stream = (struct reply_stream){l, fill, close_live};
}
