/* SPDX-License-Identifier: Apache-2.0
 * One exchange with the hub, and what follows from how it went.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "sync/sync_inner.h"

enum {
  SLOW_MS = 60 * 1000, /* what a person must put right is tried this often */
  JUMP_MS = 1000,
  CLOCK_EVERY_MS = 10 * 60 * 1000 /* evidence of the time, where no better one comes */
};

struct wire_answer sync_answer(const struct sync *s, const struct uplink_answer *a) {
  return (struct wire_answer){.type = a->type, .body = s->own->body, .len = a->len};
}

void sync_failed(struct sync *s, enum sync_state state, struct moment at, int64_t least_ms, const char *why) {
  struct sync_state_own *own = s->own;
  struct sync_health *h = &own->health;
  int64_t wait_ms = backoff_next(&own->backoff);
  if (wait_ms < least_ms) wait_ms = least_ms;
  own->next_try_ms = at.mono_ms + wait_ms;
  if (h->state != state || strcmp(h->why, why) != 0) log_warn("hub %s: %s", own->hub, why);
  h->state = state;
  h->next_try_mono_ms = own->next_try_ms;
  h->failures = own->backoff.failures;
  if (why != h->why) snprintf(h->why, sizeof h->why, "%s", why);
  sync_publish(s);
}

void sync_foreign(struct sync *s, const struct uplink_answer *a) {
  char why[TEXT_MAX];
  snprintf(why, sizeof why, "what answers isn't a hub (HTTP %d, %s): the network asks for a sign-in, or the address is wrong",
           a->status, a->type[0] ? a->type : "no content type");
  sync_failed(s, SYNC_WAITING, a->ended, 0, why);
}

/* The hub read the request between its beginning and its end: in the middle, give or take half of it. */
static void tell_time(struct sync *s, const struct uplink_answer *a, int64_t hub_ms) {
  struct sync_state_own *own = s->own;
  const int64_t took_ms = a->ended.mono_ms - a->began.mono_ms, error_ms = took_ms / 2 + 1;
  const int64_t lead_ms = a->ended.wall_ms - a->ended.mono_ms, moved_ms = lead_ms - own->clock_lead_ms;
  const bool jumped = moved_ms > JUMP_MS || moved_ms < -JUMP_MS; /* this kiosk's own */
  own->clock_lead_ms = lead_ms;
  if (!jumped && own->clock_error_ms && error_ms * 2 > own->clock_error_ms && a->ended.mono_ms < own->clock_due_ms) return;
  struct sync_news news = {.kind = NEWS_CLOCK, .as_of = a->began, .wall_ms = hub_ms, .error_ms = error_ms, .tls = a->tls};
  news.as_of.mono_ms += took_ms / 2;
  news.as_of.wall_ms += took_ms / 2;
  own->clock_error_ms = error_ms;
  own->clock_due_ms = a->ended.mono_ms + CLOCK_EVERY_MS;
  sync_tell(s, &news);
}

void sync_succeeded(struct sync *s, const struct uplink_answer *a, int64_t hub_ms) {
  struct sync_state_own *own = s->own;
  struct sync_health *h = &own->health;
  if (h->state != SYNC_GOOD) log_info("hub %s: connected", own->hub);
  backoff_reset(&own->backoff);
  own->card_shown = false;
  own->next_try_ms = a->ended.mono_ms;
  h->state = SYNC_GOOD;
  h->good = a->ended;
  h->failures = 0;
  h->next_try_mono_ms = 0;
  h->why[0] = '\0';
  sync_publish(s);
  if (hub_ms) tell_time(s, a, hub_ms);
}

/* A hub that lost its database takes the same card of the same key again: shown at once, if it wasn't since anything succeeded.
 */
static void token_refused(struct sync *s, const struct uplink_answer *a, const char *why) {
  struct sync_state_own *own = s->own;
  own->enrolment.token[0] = '\0';
  if (own->card_shown) {
    sync_failed(s, SYNC_REFUSED, a->ended, 0, why);
    return;
  }
  log_warn("hub %s: %s", own->hub, why);
  own->card_shown = true;
  own->health.state = SYNC_CONNECTING;
  sync_publish(s);
}

/* A refusal in the hub's own words. */
static void refused(struct sync *s, const struct uplink_answer *a, const char *why) {
  char text[TEXT_MAX];
  snprintf(text, sizeof text, "HTTP %d: %.200s", a->status, why);
  const int64_t least_ms = a->retry_after_s > 0 ? a->retry_after_s * INT64_C(1000) : 0;
  switch (a->status) {
  case 401: token_refused(s, a, text); break;
  case 403: sync_failed(s, SYNC_REFUSED, a->ended, SLOW_MS, text); break;
  case 400: sync_failed(s, SYNC_WAITING, a->ended, SLOW_MS, text); break;
  default: sync_failed(s, SYNC_WAITING, a->ended, least_ms, text);
  }
}

static bool wanted(const int *statuses, int status) {
  while (*statuses && *statuses != status) statuses++;
  return *statuses != 0;
}

bool sync_judge(struct sync *s, const struct uplink_answer *a, const int *statuses) {
  struct sync_state_own *own = s->own;
  char why[TEXT_MAX];
  own->unanswered = a->outcome == UPLINK_FAILED;
  switch (a->outcome) {
  case UPLINK_ABORTED: own->next_try_ms = a->ended.mono_ms + SLOW_MS; return false; /* the thread ends */
  case UPLINK_OTHER_PEER: sync_failed(s, SYNC_OTHER_HUB, a->ended, 0, a->why); return false;
  case UPLINK_NOT_KEPT: return false; /* our own disk; whoever asked says so */
  case UPLINK_FAILED:
  case UPLINK_TOO_LARGE: sync_failed(s, SYNC_WAITING, a->ended, 0, a->why); return false;
  case UPLINK_ANSWERED: break;
  }
  if (wanted(statuses, a->status)) return true;
  const struct wire_answer answer = sync_answer(s, a);
  if (a->status >= 400 && wire_read_problem(&answer, why))
    refused(s, a, why);
  else if (a->status >= 500 || a->status == 429) /* a balancer before the hub */
    snprintf(why, sizeof why, "HTTP %d", a->status),
        sync_failed(s, SYNC_WAITING, a->ended, a->retry_after_s * INT64_C(1000), why);
  else
    sync_foreign(s, a);
  return false;
}

void sync_exchange(struct sync *s, struct uplink_request *r, const char *path, struct uplink_answer *a) {
  struct sync_state_own *own = s->own;
  char url[UPLINK_URL];
  snprintf(url, sizeof url, "%s%s", own->hub, path);
  r->url = url;
  r->spki = own->spki;
  r->ca = s->ca;
  r->into = own->body;
  r->room = sizeof own->body;
  if (s->wait_ms && s->wait_ms < r->limit_ms) r->limit_ms = s->wait_ms;
  s->uplink->exchange(s->link, r, a);
  r->url = NULL;
}

bool sync_ask(struct sync *s, struct uplink_request *r, const char *path, const int *statuses, struct uplink_answer *a) {
  sync_exchange(s, r, path, a);
  return sync_judge(s, a, statuses);
}
