/* SPDX-License-Identifier: Apache-2.0
 * The journal to the hub: at most 500 records at a time, from behind the last one that it has said to hold. What it lacks,
 * it says by a 409: then from behind the newest record of ours that it knows, or from the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "journal/export.h"
#include "journal/export_read.h"
#include "sync/sync_inner.h"

enum { PUSH_MS = 60 * 1000, GAPS_MOST = 2 };

struct batch {
  char *text; /* owned */
  size_t len;
  int64_t to_seq;
  uint8_t chain[JOURNAL_CHAIN];
};

static bool read_batch(struct sync *s, int64_t from, struct batch *b, struct problem *problem) {
  int64_t records;
  struct export_end end;
  *b = (struct batch){.text = NULL};
  FILE *out = open_memstream(&b->text, &b->len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  bool good = journal_batch(s->data, from, s->own->batch, out, &records, problem);
  if (fclose(out) != 0 && good) good = problem_set(problem, "内存不足", "out of memory");
  if (!good) return false;
  const char *last = memrchr(b->text, '\n', b->len - 1);
  if (!last || !export_end(last + 1, (size_t)(b->text + b->len - 1 - (last + 1)), &end))
    return problem_set(problem, "日志的导出不完整", "the journal's export isn't whole");
  b->to_seq = end.to_seq;
  memcpy(b->chain, end.chain, JOURNAL_CHAIN);
  return true;
}

static void acked(struct sync *s, const struct batch *b, const struct uplink_answer *a) {
  struct sync_state_own *own = s->own;
  struct sync_news news = {.kind = NEWS_ACKED, .as_of = a->began, .tls = a->tls};
  const struct wire_answer answer = sync_answer(s, a);
  int64_t hub_ms;
  snprintf(news.hub, sizeof news.hub, "%s", own->database);
  if (!wire_read_acked(&answer, &news.seq, news.chain, &hub_ms) || news.seq != b->to_seq ||
      memcmp(news.chain, b->chain, JOURNAL_CHAIN) != 0) {
    sync_foreign(s, a);
    return;
  }
  own->from = b->to_seq + 1;
  own->gaps = 0;
  own->health.acked_seq = b->to_seq;
  own->feed_due_ms = a->ended.mono_ms;
  sync_tell(s, &news);
  sync_succeeded(s, a, hub_ms);
}

/* The newest record of `known` that is ours, to the byte. */
static int64_t behind_known(const struct sync *s, const struct wire_known *known, int count) {
  int64_t best = 0;
  uint8_t chain[JOURNAL_CHAIN];
  for (int i = 0; i < count; i++) {
    if (known[i].seq <= best || known[i].seq > s->own->work.seq) continue;
    if (journal_chain(s->data, known[i].seq, chain, NULL) && !memcmp(chain, known[i].chain, sizeof chain)) best = known[i].seq;
  }
  return best + 1;
}

static void fill_gap(struct sync *s, int64_t sent_from, const struct uplink_answer *a) {
  struct sync_state_own *own = s->own;
  struct wire_known known[WIRE_KNOWN];
  const struct wire_answer answer = sync_answer(s, a);
  int count;
  if (!wire_read_known(&answer, known, &count)) {
    sync_foreign(s, a);
    return;
  }
  own->from = behind_known(s, known, count);
  log_info("hub %s lacks what comes before record %lld: sending from %lld", own->hub, (long long)sent_from,
           (long long)own->from);
  if (++own->gaps > GAPS_MOST)
    sync_failed(s, SYNC_WAITING, a->ended, 0, "the hub lacks records that this kiosk no longer has: were they purged?");
}

static void halve(struct sync *s, const struct uplink_answer *a) {
  if (s->own->batch == 1) sync_failed(s, SYNC_WAITING, a->ended, 0, "the hub finds a single record too large");
  if (s->own->batch > 1) s->own->batch /= 2;
}

void sync_push(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 409, 413, 0};
  struct sync_state_own *own = s->own;
  const int64_t from = own->from ? own->from : s->acked && s->acked < own->work.seq ? s->acked + 1 : own->work.seq;
  char path[ID_MAX + 64];
  struct batch batch;
  struct problem problem;
  struct uplink_answer a;
  if (read_batch(s, from, &batch, &problem)) {
    struct uplink_request r = {.method = "POST",
                               .token = own->enrolment.token,
                               .body = batch.text,
                               .body_len = batch.len,
                               .fd = -1,
                               .limit_ms = PUSH_MS};
    snprintf(path, sizeof path, "/v1/kiosks/%s/journal", own->enrolment.card.kiosk);
    if (!sync_ask(s, &r, path, statuses, &a)) {
    } else if (a.status == 200) {
      acked(s, &batch, &a);
    } else if (a.status == 409) {
      fill_gap(s, from, &a);
    } else {
      halve(s, &a);
    }
  } else {
    sync_failed(s, SYNC_WAITING, now, 0, problem.en);
  }
  free(batch.text);
}
