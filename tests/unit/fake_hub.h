/* SPDX-License-Identifier: Apache-2.0
 * A hub in this process, behind the uplink's seam, on a stream's clock: it keeps what it is sent as the real one does, unless
 * a misfortune stands first in its list. And a kiosk's journal with a sync service before it, stepped by hand.
 */
#ifndef YINGBIN_TESTS_FAKE_HUB_H
#define YINGBIN_TESTS_FAKE_HUB_H

#include <inttypes.h>
#include <sodium.h>

#include "journal/export_read.h"
#include "journal_kiosk.h"
#include "sync/sync_inner.h"

enum { HUB_RECORDS = 4096, HUB_FEED = 64, HUB_PLANS = 512, HUB_PAGE = 20 };

struct misfortune { /* instead of an answer */
  enum uplink_outcome outcome;
  int status;
  const char *type, *body;
  int64_t took_ms;
  int32_t retry_after_s; /* 0: not said */
};

struct fake_hub {
  struct tick clock;
  char database[17], token[32];
  int tokens;
  uint8_t chain[HUB_RECORDS][JOURNAL_CHAIN]; /* what it knows, in the order in which it came */
  int64_t seq[HUB_RECORDS];
  int records;
  char feed[HUB_FEED][512];
  int feeds;
  struct misfortune plan[HUB_PLANS];
  int plans, planned;
  bool always; /* the last misfortune stays */
  int64_t took_ms, most_body;
  int64_t ahead_ms; /* of its clock, before the kiosk's */
  bool tls;
  int enrols, pushes, pulls, packs, asked; /* requests */
  int64_t pushed_from, asked_at_ms;
  bool refuses_cards;
  const char *pack; /* borrowed; NULL: it has none */
  size_t pack_len;
  const char *signature; /* borrowed */
  char etag[16];
  bool no_slices;
  int64_t bytes_in_ms;     /* of a slow link; 0: no time passes for them */
  int64_t cut_at;          /* the link is cut, once, when this byte of the pack would come; 0: never */
  int64_t given, slice_ms; /* bytes of the pack, in all; the longest time that a part of it took */
};

static inline void hub_at(const struct fake_hub *h, char out[32]) {
  const int64_t ms = tick_now((struct tick *)(uintptr_t)&h->clock).wall_ms + h->ahead_ms;
  const time_t s = (time_t)(ms / 1000);
  struct tm tm;
  gmtime_r(&s, &tm);
  const size_t n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
  snprintf(out + n, 32 - n, ".%03dZ", (int)(ms % 1000));
}

static inline void hub_say(const struct uplink_request *r, struct uplink_answer *a, int status, const char *body) {
  a->outcome = UPLINK_ANSWERED;
  a->status = status;
  a->len = strlen(body);
  snprintf(a->type, sizeof a->type, "%s", status < 400 ? "application/json" : "application/problem+json");
  assert_true(a->len < r->room);
  memcpy(r->into, body, a->len + 1);
}

static inline bool hub_knows(const struct fake_hub *h, const uint8_t chain[JOURNAL_CHAIN]) {
  for (int i = 0; i < h->records; i++)
    if (!memcmp(h->chain[i], chain, JOURNAL_CHAIN)) return true;
  return false;
}

static inline void hub_gap(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a) {
  char body[8192], hex[65];
  int n = snprintf(body, sizeof body, "{\"status\":409,\"detail\":\"a gap\",\"known\":[");
  for (int i = h->records - 1, told = 0; i >= 0 && told < 40; i--, told++)
    n += snprintf(body + n, sizeof body - (size_t)n, "%s{\"seq\":%" PRId64 ",\"chain\":\"%s\"}", told ? "," : "", h->seq[i],
                  sodium_bin2hex(hex, sizeof hex, h->chain[i], JOURNAL_CHAIN));
  snprintf(body + n, sizeof body - (size_t)n, "]}");
  hub_say(r, a, 409, body);
}

static inline void hub_take_journal(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a) {
  struct export_header header;
  struct export_end end;
  struct problem problem;
  uint8_t chain[JOURNAL_CHAIN], start[JOURNAL_CHAIN];
  char body[256], hex[65], at[32];
  const char *line = r->body, *stop = r->body + r->body_len, *lf = memchr(line, '\n', r->body_len);
  h->pushes++;
  assert_true(lf && export_header(line, (size_t)(lf - line), &header, &problem));
  h->pushed_from = header.from_seq;
  chain_start(header.key, header.journal, start);
  memcpy(chain, header.chain_before, sizeof chain);
  if (h->most_body && (int64_t)r->body_len > h->most_body) {
    hub_say(r, a, 413, "{\"status\":413,\"detail\":\"too large\"}");
    return;
  }
  if (memcmp(chain, start, sizeof chain) != 0 && !hub_knows(h, chain)) {
    hub_gap(h, r, a);
    return;
  }
  int count = 0;
  for (line = lf + 1; (lf = memchr(line, '\n', (size_t)(stop - line))); line = lf + 1) {
    const char *tab = memchr(line, '\t', (size_t)(lf - line));
    if (!tab) break;
    chain_next(chain, line, (size_t)(tab - line));
    if (!hub_knows(h, chain)) {
      assert_true(h->records < HUB_RECORDS);
      memcpy(h->chain[h->records], chain, JOURNAL_CHAIN);
      h->seq[h->records++] = header.from_seq + count;
    }
    count++;
  }
  assert_true(count <= 500 && lf && export_end(line, (size_t)(lf - line), &end) && lf + 1 == stop);
  assert_true(!memcmp(end.chain, chain, sizeof chain) && end.to_seq == header.from_seq + count - 1);
  hub_at(h, at);
  snprintf(body, sizeof body, "{\"acked_seq\":%" PRId64 ",\"acked_chain\":\"%s\",\"at\":\"%s\"}", end.to_seq,
           sodium_bin2hex(hex, sizeof hex, chain, sizeof chain), at);
  hub_say(r, a, 200, body);
}

static inline void hub_give_feed(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a) {
  static char body[HUB_PAGE * 600 + 256];
  const char *after = strstr(r->url, "?after=");
  char at[32];
  int i = 0;
  h->pulls++;
  if (after && !strncmp(after + 7, h->database, 16)) i = atoi(after + 7 + 17);
  const int to = i + HUB_PAGE < h->feeds ? i + HUB_PAGE : h->feeds;
  hub_at(h, at);
  int n = snprintf(body, sizeof body, "{\"cursor\":\"%s-%d\",\"more\":%s,\"at\":\"%s\",\"records\":[", h->database, to,
                   to < h->feeds ? "true" : "false", at);
  for (int k = i; k < to; k++) n += snprintf(body + n, sizeof body - (size_t)n, "%s%s", k > i ? "," : "", h->feed[k]);
  snprintf(body + n, sizeof body - (size_t)n, "]}");
  hub_say(r, a, 200, body);
}

static inline void hub_enrol(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a) {
  char body[256], at[32], name[ID_MAX] = "";
  const char *kiosk = strstr(r->body, "\"kiosk\":\"");
  h->enrols++;
  if (h->refuses_cards) {
    hub_say(r, a, 403, "{\"status\":403,\"detail\":\"this card was used\"}");
    return;
  }
  assert_non_null(kiosk);
  snprintf(name, sizeof name, "%.*s", (int)strcspn(kiosk + 9, "\""), kiosk + 9);
  snprintf(h->token, sizeof h->token, "token-%d", ++h->tokens);
  hub_at(h, at);
  snprintf(body, sizeof body, "{\"kiosk\":\"%s\",\"token\":\"%s\",\"at\":\"%s\"}", name, h->token, at);
  hub_say(r, a, 200, body);
}

/* What a slow or a cut link lets through of `n` bytes. */
static inline size_t hub_carry(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a, int64_t from,
                               size_t n) {
  const bool cut = h->cut_at > from && h->cut_at <= from + (int64_t)n;
  const int64_t most = h->bytes_in_ms ? h->bytes_in_ms * r->limit_ms : INT64_MAX;
  size_t come = cut ? (size_t)(h->cut_at - from) : n;
  if ((int64_t)come > most) come = (size_t)most;
  if (cut) h->cut_at = 0;
  const int64_t took_ms = h->bytes_in_ms ? (int64_t)come / h->bytes_in_ms : 0;
  if (took_ms > h->slice_ms) h->slice_ms = took_ms;
  tick_set(&h->clock, tick_now(&h->clock).mono_ms + took_ms);
  if (come < n) a->outcome = UPLINK_FAILED;
  return come;
}

static inline void hub_give_pack(struct fake_hub *h, const struct uplink_request *r, struct uplink_answer *a) {
  const bool signature = strstr(r->url, ".minisig") != NULL, whole = !r->slice || h->no_slices;
  size_t from = r->slice ? (size_t)r->from : 0, n = h->pack_len - (from < h->pack_len ? from : h->pack_len);
  if (!h->pack) {
    hub_say(r, a, 404, "{\"status\":404,\"detail\":\"no such pack\"}");
    return;
  }
  if (signature) {
    hub_say(r, a, r->etag && !strcmp(r->etag, h->etag) ? 304 : 200, h->signature);
  } else if (whole || strcmp(r->etag, h->etag) != 0) {
    a->status = 200;
    if (!r->slice) assert_int_equal(write(r->fd, h->pack, h->pack_len), h->pack_len);
    if (!r->slice) h->given += (int64_t)(a->len = h->pack_len);
  } else if (n == 0) {
    a->total = (int64_t)h->pack_len;
    hub_say(r, a, 416, "{\"status\":416,\"detail\":\"behind its end\"}");
  } else {
    a->status = 206;
    a->total = (int64_t)h->pack_len;
    if ((int64_t)n > r->most) n = (size_t)r->most;
    n = hub_carry(h, r, a, (int64_t)from, n);
    h->given += (int64_t)n;
    assert_int_equal(write(r->fd, h->pack + from, n), n);
    if (a->outcome == UPLINK_FAILED) a->status = 0;
  }
  if (a->status < 400) snprintf(a->type, sizeof a->type, "application/octet-stream");
  snprintf(a->etag, sizeof a->etag, "%s", h->etag);
}

static inline void hub_misfortune(struct fake_hub *h, const struct misfortune *m, const struct uplink_request *r,
                                  struct uplink_answer *a) {
  const int64_t took_ms = m->took_ms < r->limit_ms ? m->took_ms : r->limit_ms;
  tick_set(&h->clock, tick_now(&h->clock).mono_ms + took_ms);
  if (m->outcome != UPLINK_ANSWERED || m->took_ms > r->limit_ms) {
    a->outcome = m->outcome == UPLINK_ANSWERED ? UPLINK_FAILED : m->outcome;
    snprintf(a->why, sizeof a->why, "misfortune");
    return;
  }
  hub_say(r, a, m->status, m->body ? m->body : "");
  snprintf(a->type, sizeof a->type, "%s", m->type ? m->type : "");
  if (m->retry_after_s) a->retry_after_s = m->retry_after_s;
}

static inline void hub_exchange(void *self, const struct uplink_request *r, struct uplink_answer *a) {
  struct fake_hub *h = self;
  *a = (struct uplink_answer){.retry_after_s = -1, .total = -1, .began = tick_now(&h->clock), .tls = h->tls};
  h->asked++;
  h->asked_at_ms = a->began.mono_ms;
  const bool enrol = strstr(r->url, "/v1/enrol") != NULL;
  if (h->planned < h->plans) {
    hub_misfortune(h, &h->plan[h->planned], r, a);
    if (!h->always || h->planned + 1 < h->plans) h->planned++;
  } else {
    tick_set(&h->clock, a->began.mono_ms + h->took_ms);
    if (enrol)
      hub_enrol(h, r, a);
    else if (!r->token || strcmp(r->token, h->token) != 0)
      hub_say(r, a, 401, "{\"status\":401,\"detail\":\"no such token\"}");
    else if (strstr(r->url, "/journal"))
      hub_take_journal(h, r, a);
    else if (strstr(r->url, "/feed"))
      hub_give_feed(h, r, a);
    else if (strstr(r->url, "/packs/"))
      h->packs++, hub_give_pack(h, r, a);
    else
      hub_say(r, a, 404, "{\"status\":404,\"detail\":\"no such thing\"}");
  }
  a->ended = tick_now(&h->clock);
}

static const struct uplink_ops hub_ops = {.scheme = "fake", .exchange = hub_exchange};

static inline void hub_plan(struct fake_hub *h, struct misfortune m) {
  assert_true(h->plans < HUB_PLANS);
  h->plan[h->plans++] = m;
}

/* --- the kiosk before it --- */

enum { ROOM_NEWS = 128 };

struct room {
  struct kiosk kiosk;
  struct fake_hub hub;
  struct sync sync;
  struct bell bell, main_bell;
  struct latest work, health;
  struct sync_work work_slot;
  struct sync_health health_slot, seen;
  uint64_t health_seen;
  struct mailbox orders, news;
  struct sync_order order_slot[2];
  struct sync_news news_slot[ROOM_NEWS], got[ROOM_NEWS];
  int gots;
};

static inline struct moment room_now(struct room *r) { return tick_now(&r->hub.clock); }

static inline void room_tell(struct room *r) {
  struct sync_work work = {.seq = journal_records(r->kiosk.journal), .event = "meet", .station = "meet/door"};
  latest_set(&r->work, &work);
}

static inline void room_admit(struct room *r, int n) {
  for (int i = 0; i < n; i++) {
    char who[24];
    snprintf(who, sizeof who, "%lld", (long long)journal_records(r->kiosk.journal) + 1);
    admit(&r->kiosk, who, 1, room_now(r));
  }
  room_tell(r);
}

static inline void room_card(struct room *r, const char *kiosk) {
  struct sync_order order = {.kind = ORDER_ENROL};
  snprintf(order.text, sizeof order.text, "v=1\nhub=http://hub.example\nkiosk=%s\ntoken=card", kiosk);
  assert_true(mailbox_put(&r->orders, &order));
}

/* One step; what came of it is in `got`, the time of the next one is the answer. */
static inline int64_t room_step(struct room *r) {
  const int64_t due = sync_step(&r->sync, room_now(r));
  latest_get(&r->health, &r->seen, &r->health_seen);
  while (r->gots < ROOM_NEWS && mailbox_front(&r->news, &r->got[r->gots])) mailbox_pop(&r->news), r->gots++;
  return due;
}

/* Steps until that much time has passed. */
static inline void room_run(struct room *r, int64_t ms) {
  const int64_t until = room_now(r).mono_ms + ms;
  for (;;) {
    const int64_t due = room_step(r);
    if (due > until) break;
    tick_set(&r->hub.clock, due);
  }
  tick_set(&r->hub.clock, until);
}

static inline int room_count(const struct room *r, enum news_kind kind) {
  int n = 0;
  for (int i = 0; i < r->gots; i++) n += r->got[i].kind == kind;
  return n;
}

static inline const struct sync_news *room_last(const struct room *r, enum news_kind kind) {
  for (int i = r->gots - 1; i >= 0; i--)
    if (r->got[i].kind == kind) return &r->got[i];
  fail_msg("no such news");
  return NULL;
}

static inline void room_start(struct room *r) {
  r->sync = (struct sync){.uplink = &hub_ops,
                          .link = &r->hub,
                          .data = r->kiosk.data.path,
                          .identity = &r->kiosk.identity,
                          .work = &r->work,
                          .orders = &r->orders,
                          .news = &r->news,
                          .health = &r->health,
                          .main_bell = &r->main_bell};
  assert_true(sync_init(&r->sync, room_now(r), &r->kiosk.problem));
}

static inline int room_open(void **state) {
  struct room *r = calloc(1, sizeof *r);
  scratch_make(&r->kiosk.data);
  open_kiosk_boot(&r->kiosk, boot);
  tick_stream(&r->hub.clock, (struct moment){.mono_ms = 1000000, .wall_ms = noon, .wall_ok = true});
  strcpy(r->hub.database, "00000000000000aa");
  r->hub.took_ms = 20;
  assert_true(bell_init(&r->bell) && bell_init(&r->main_bell));
  latest_init(&r->work, &r->work_slot, sizeof r->work_slot, &r->bell);
  latest_init(&r->health, &r->health_slot, sizeof r->health_slot, NULL);
  mailbox_init(&r->orders, r->order_slot, sizeof *r->order_slot, 2, &r->bell);
  mailbox_init(&r->news, r->news_slot, sizeof *r->news_slot, ROOM_NEWS, &r->main_bell);
  room_start(r);
  *state = r;
  return 0;
}

static inline int room_close(void **state) {
  struct room *r = *state;
  sync_fini(&r->sync);
  mailbox_fini(&r->news);
  mailbox_fini(&r->orders);
  latest_fini(&r->health);
  latest_fini(&r->work);
  bell_fini(&r->main_bell);
  bell_fini(&r->bell);
  journal_close(r->kiosk.journal);
  scratch_remove(&r->kiosk.data);
  free(r);
  return 0;
}

#endif
