/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/kiosks/{kiosk}/journal: an export of at most 500 records. All of it is checked before anything is kept:
 * the kiosk's name and key, each line's chain, the signature; then it goes in as one transaction, and only what is
 * committed is acknowledged.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "journal/record.h"
#include "tools/hub/hub.h"
#include "tools/hub/waiters.h"

struct push { /* one body on its way in */
  const struct request *request;
  const char *at; /* the next line */
  int line;       /* its number, from 1 */
  struct export_header header;
  struct export_end end;
  struct store_batch batch;
};

/* The next line without its LF; false: there is none, or it has no LF. */
static bool next_line(struct push *p, const char **line, size_t *len) {
  const size_t left = p->request->len - (size_t)(p->at - p->request->body);
  const char *end = memchr(p->at, '\n', left);
  if (!end) return false;
  *line = p->at;
  *len = (size_t)(end - p->at);
  p->at = end + 1;
  p->line++;
  return true;
}

static bool bad_line(struct push *p, struct problem *problem, const char *zh, const char *en) {
  return problem_set(problem, "第 %1$d 行：%2$s%3$.0s", "line %1$d: %2$.0s%3$s", p->line, zh, en);
}

static bool read_header(struct push *p, struct problem *problem) {
  uint8_t start[JOURNAL_CHAIN];
  const struct store_kiosk *kiosk = &p->request->kiosk;
  struct store_batch *b = &p->batch;
  if (!next_line(p, &b->header, &b->header_len))
    return problem_set(problem, "不是签到日志的导出", "this is no export of a journal");
  if (!export_header(b->header, b->header_len, &p->header, problem)) return false;
  if (strcmp(p->header.kiosk, kiosk->name) != 0 || memcmp(p->header.key, kiosk->key, sizeof kiosk->key) != 0)
    return problem_set(
        problem, "这是签到机“%1$s”的日志，令牌是“%2$s”的：请用这台签到机自己的设置卡重新登记",
        "this journal is kiosk “%1$s”'s, and the token (or the key enrolled with it) is another's, “%2$s”: enrol "
        "this kiosk with a setup card of its own",
        p->header.kiosk, kiosk->name);
  chain_start(p->header.key, p->header.journal, start);
  memcpy(b->before, p->header.chain_before, JOURNAL_CHAIN);
  b->from_seq = p->header.from_seq;
  if (p->header.from_seq == 1 && memcmp(start, b->before, sizeof start) != 0)
    return bad_line(p, problem, "链的开头不对", "the chain doesn't begin as it must");
  b->from_start = p->header.from_seq == 1 || p->header.purged;
  b->kiosk = kiosk;
  b->at_ms = p->request->at_ms;
  return true;
}

/* The others are to know who is in, and what of that was taken back or put right. */
static bool is_shared(const struct record *o) {
  if (record_is(o, RECORD_KIND, "scan")) return record_is(o, RECORD_VERDICT, "admit");
  return record_is(o, RECORD_KIND, "undo") || record_is(o, RECORD_KIND, "correct");
}

static bool read_fields(struct push *p, struct store_record *r, struct problem *problem) {
  struct record o;
  const int64_t seq = p->header.from_seq + p->batch.count;
  const bool is_object = record_read(&o, r->line, r->len), good = is_object && record_number(&o, RECORD_SEQ, 0) == seq;
  if (good) {
    r->seq = seq;
    record_copy(&o, RECORD_EVENT, r->event, sizeof r->event);
    r->shared = is_shared(&o);
  }
  if (is_object) record_free(&o);
  return good || problem_set(problem, "第 %1$d 行：应是一个 JSON 对象，\"seq\":%2$lld，数字不超过 64 位",
                             "line %1$d: expected one JSON object with \"seq\":%2$lld and no number beyond 64 bits", p->line,
                             (long long)seq);
}

static bool read_record(struct push *p, const char *line, const char *tab, size_t len, struct problem *problem) {
  struct store_batch *b = &p->batch;
  uint8_t stated[JOURNAL_CHAIN];
  if (b->count == STORE_BATCH_MOST) return bad_line(p, problem, "一次最多 500 条记录", "at most 500 records at a time");
  struct store_record *r = &b->record[b->count];
  *r = (struct store_record){.line = line, .len = (size_t)(tab - line)};
  if (!read_fields(p, r, problem)) return false;
  memcpy(r->before, b->count ? r[-1].chain : b->before, JOURNAL_CHAIN);
  memcpy(r->chain, r->before, JOURNAL_CHAIN);
  chain_next(r->chain, line, r->len);
  if (!chain_hex(tab + 1, len - r->len - 1, stated, sizeof stated) || memcmp(stated, r->chain, sizeof stated) != 0)
    return bad_line(p, problem, "这一行被改动：内容与链不符", "this line was changed: it doesn't match the chain");
  b->count++;
  return true;
}

static bool read_end(struct push *p, struct problem *problem) {
  const struct store_batch *b = &p->batch;
  const uint8_t *chain = b->count ? b->record[b->count - 1].chain : b->before;
  if (!export_end(b->end, b->end_len, &p->end) || p->end.to_seq != p->header.from_seq - 1 + b->count ||
      memcmp(p->end.chain, chain, JOURNAL_CHAIN) != 0)
    return bad_line(p, problem, "不是记录，也不是这些记录的结束行",
                    "this is neither a record nor the end line of these records");
  if (!chain_signed(p->header.key, b->header, b->header_len, p->end.to_seq, p->end.chain, p->end.sig))
    return bad_line(p, problem, "签名不对：内容被改动", "the signature is wrong: something was changed");
  return p->at == p->request->body + p->request->len ||
         problem_set(problem, "结束行后面还有内容", "there is more behind the end line");
}

static bool read_all(struct push *p, struct problem *problem) {
  struct store_batch *b = &p->batch;
  if (!read_header(p, problem)) return false;
  while (next_line(p, &b->end, &b->end_len)) {
    const char *tab = memchr(b->end, '\t', b->end_len);
    if (!tab) return read_end(p, problem);
    if (!read_record(p, b->end, tab, b->end_len, problem)) return false;
  }
  return problem_set(problem, "第 %d 行后面断了：没有结束行", "cut off behind line %d: there is no end line", p->line);
}

static json_t *chain_json(const uint8_t chain[JOURNAL_CHAIN]) {
  char hex[JOURNAL_CHAIN * 2 + 1];
  return json_string(sodium_bin2hex(hex, sizeof hex, chain, JOURNAL_CHAIN));
}

/* What the hub has of this kiosk, from which it can go on. */
static void tell_known(struct hub *hub, const struct push *p, struct reply *reply) {
  struct store_known known[STORE_KNOWN_MOST];
  struct problem problem;
  int count = 0;
  if (hub->store->known(hub->db, p->request->kiosk.name, known, &count) != STORE_DONE) {
    reply_failed(reply);
    return;
  }
  json_t *list = json_array(), *more = json_object();
  for (int i = 0; i < count; i++)
    json_array_append_new(list, json_pack("{s:I, s:o}", "seq", (json_int_t)known[i].seq, "chain", chain_json(known[i].chain)));
  json_object_set_new(more, "expected_seq", json_integer(count ? known[0].seq + 1 : 1));
  json_object_set_new(more, "known", list);
  problem_set(&problem, "汇总站没有这些记录之前的那一条：请从 known 里共有的最后一条之后（没有就从第 1 条）重新发送",
              "the hub doesn't have the record before these: send again from behind the last one of `known` that you have, or "
              "from the first record");
  reply_problem(reply, 409, &problem, more);
}

static void settle(struct hub *hub, struct push *p, struct reply *reply) {
  int64_t added = 0;
  switch (hub->store->append(hub->db, &p->batch, &added)) {
  case STORE_NONE: tell_known(hub, p, reply); return;
  case STORE_DONE: break;
  default: reply_failed(reply); return;
  }
  if (added) waiters_pushed(hub->waiters);
  atomic_fetch_add(&hub->counts.records, added);
  atomic_fetch_add(&hub->counts.repeats, p->batch.count - added);
  reply_json(reply, p->request, 200,
             json_pack("{s:I, s:o}", "acked_seq", (json_int_t)p->end.to_seq, "acked_chain", chain_json(p->end.chain)));
}

void push_journal(struct hub *hub, const struct request *request, struct reply *reply) {
  struct problem problem;
  struct push *p = calloc(1, sizeof *p);
  if (!p) {
    reply_failed(reply);
    return;
  }
  p->request = request;
  p->at = request->body;
  if (read_all(p, &problem)) {
    settle(hub, p, reply);
  } else {
    atomic_fetch_add(&hub->counts.refused_batches, 1);
    reply_problem(reply, 400, &problem, NULL);
  }
  free(p);
}
