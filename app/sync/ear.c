/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/ear.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "sync/sync.h"

enum { IDLE, ASKED, ANSWERED };

struct ear {
  const struct uplink_ops *uplink;
  void *link;
  struct bell bell, *heard;
  struct thread thread;
  atomic_int state; /* ASKED: what follows is the ear's; else sync's */
  struct uplink_request request;
  char url[UPLINK_URL], token[UPLINK_TOKEN], spki[WIRE_SPKI];
  struct uplink_answer answer;
  char body[SYNC_ROOM];
};

static int64_t step(void *self, struct moment now) {
  struct ear *e = self;
  (void)now;
  if (atomic_load(&e->state) != ASKED) return INT64_MAX;
  e->uplink->exchange(e->link, &e->request, &e->answer);
  atomic_store(&e->state, ANSWERED);
  bell_ring(e->heard);
  return INT64_MAX;
}

bool ear_open(const struct uplink_ops *uplink, const char *address, struct tick *clock, struct moment (*now)(void *clock),
              struct bell *heard, struct ear **ear, struct problem *problem) {
  struct ear *e = *ear = calloc(1, sizeof *e);
  if (!e || !bell_init(&e->bell)) {
    free(e);
    *ear = NULL;
    return problem_set(problem, "内存不足", "out of memory");
  }
  e->uplink = uplink;
  e->heard = heard;
  atomic_init(&e->state, IDLE);
  e->thread = (struct thread){.name = "ear", .step = step, .self = e, .bell = &e->bell, .now = now, .clock = clock};
  if (uplink->open(address, clock, &e->link, problem) &&
      (thread_start(&e->thread) || problem_set(problem, "无法启动线程", "a thread can't be started")))
    return true;
  ear_close(e);
  *ear = NULL;
  return false;
}

void ear_stop(struct ear *e) {
  if (!e) return;
  thread_stop(&e->thread);
  e->uplink->abort(e->link);
  thread_join(&e->thread);
}

void ear_close(struct ear *e) {
  if (!e) return;
  e->uplink->close(e->link);
  bell_fini(&e->bell);
  sodium_memzero(e, sizeof *e);
  free(e);
}

bool ear_idle(const struct ear *e) { return atomic_load(&e->state) == IDLE; }

void ear_ask(struct ear *e, const struct uplink_request *r) {
  assert(ear_idle(e));
  snprintf(e->url, sizeof e->url, "%s", r->url);
  snprintf(e->token, sizeof e->token, "%s", r->token);
  snprintf(e->spki, sizeof e->spki, "%s", r->spki);
  e->request = (struct uplink_request){.method = "GET",
                                       .url = e->url,
                                       .token = e->token,
                                       .spki = e->spki,
                                       .ca = r->ca,
                                       .into = e->body,
                                       .room = sizeof e->body,
                                       .fd = -1,
                                       .limit_ms = r->limit_ms,
                                       .held = true};
  atomic_store(&e->state, ASKED);
  bell_ring(&e->bell);
}

bool ear_is_on(const struct ear *e, const char *url, const char *token) {
  return !strcmp(e->url, url) && !strcmp(e->token, token);
}

bool ear_take(struct ear *e, struct uplink_answer *answer, char *body, size_t room) {
  if (atomic_load(&e->state) != ANSWERED) return false;
  *answer = e->answer;
  assert(e->answer.len < room);
  memcpy(body, e->body, e->answer.len);
  body[e->answer.len] = '\0';
  atomic_store(&e->state, IDLE);
  return true;
}
