/* SPDX-License-Identifier: Apache-2.0
 * GET /healthz: whether the database answers. GET /metrics: Prometheus' text format, version 0.0.4.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "journal/export_read.h"
#include "tools/hub/hub.h"
#include "tools/hub/waiters.h"

void say_health(struct hub *hub, const struct request *request, struct reply *reply) {
  int64_t stamp;
  if (hub->store->stamp(hub->db, &stamp) == STORE_DONE)
    reply_json(reply, request, 200, json_pack("{s:b, s:s}", "ok", 1, "version", YINGBIN_VERSION));
  else
    reply_failed(reply);
}

static void head(FILE *out, const char *name, const char *type, const char *help) {
  fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(FILE *out, const char *name, const char *type, const char *help, long long value) {
  head(out, name, type, help);
  fprintf(out, "%s %lld\n", name, value);
}

/* --- each kiosk's --- */

struct kiosks_out { /* one figure's lines; the format wants them together */
  FILE *seen, *records, *queue;
  int64_t at_ms;
};

static void labelled(FILE *out, const char *name, const char *kiosk, long long value) {
  fprintf(out, "%s{kiosk=\"", name);
  for (; *kiosk; kiosk++) {
    if (*kiosk == '"' || *kiosk == '\\') fputc('\\', out);
    fputc(*kiosk == '\n' ? ' ' : *kiosk, out);
  }
  fprintf(out, "\"} %lld\n", value);
}

static bool put_kiosk(void *self, const struct store_seen *seen) {
  struct kiosks_out *o = self;
  const int64_t last = seen->pushed_ms > seen->health_ms ? seen->pushed_ms : seen->health_ms;
  if (last > 0) labelled(o->seen, "yingbin_hub_kiosk_silent_seconds", seen->name, (long long)(o->at_ms - last) / 1000);
  if (seen->enrolled) labelled(o->records, "yingbin_hub_kiosk_records", seen->name, (long long)seen->records);
  json_t *health = export_object(seen->health, strlen(seen->health));
  const json_t *queue = json_object_get(health, "queue");
  if (queue) labelled(o->queue, "yingbin_hub_kiosk_queue", seen->name, (long long)json_integer_value(queue));
  json_decref(health);
  return true;
}

static bool write_kiosks(FILE *out, struct hub *hub, int64_t at_ms) {
  static const struct {
    const char *name, *help;
  } figures[] = {{"yingbin_hub_kiosk_silent_seconds", "Since the kiosk's last push or health message."},
                 {"yingbin_hub_kiosk_records", "Records of the kiosk."},
                 {"yingbin_hub_kiosk_queue", "Records that the kiosk had not got acknowledged when it last told."}};
  enum { FIGURES = sizeof figures / sizeof *figures };
  char *text[FIGURES] = {NULL};
  size_t len[FIGURES];
  FILE *to[FIGURES];
  bool good = true;
  for (int i = 0; i < FIGURES; i++) good = (to[i] = open_memstream(&text[i], &len[i])) && good;
  struct kiosks_out o = {to[0], to[1], to[2], at_ms};
  good = good && hub->store->kiosks(hub->db, put_kiosk, &o) == STORE_DONE;
  for (int i = 0; i < FIGURES; i++) {
    good = (to[i] && fclose(to[i]) == 0) && good;
    if (good) head(out, figures[i].name, "gauge", figures[i].help), fputs(text[i], out);
    free(text[i]);
  }
  return good;
}

static void write_all(FILE *out, struct hub *hub, const struct request *request, int64_t kiosks, int64_t records) {
  struct hub_counts *c = &hub->counts;
  one(out, "yingbin_hub_kiosks", "gauge", "Kiosks that are enrolled.", (long long)kiosks);
  one(out, "yingbin_hub_records", "gauge", "Records in the database.", (long long)records);
  one(out, "yingbin_hub_questions_held", "gauge", "Kiosks whose question for the feed waits at this hub for news.",
      waiters_asleep(hub->waiters));
  one(out, "yingbin_hub_uptime_seconds", "gauge", "Since the hub was started.",
      (long long)(request->at_mono_ms - hub->started_ms) / 1000);
  one(out, "yingbin_hub_records_received_total", "counter", "New records committed since the start.", atomic_load(&c->records));
  one(out, "yingbin_hub_records_repeated_total", "counter", "Records that were there already.", atomic_load(&c->repeats));
  one(out, "yingbin_hub_batches_refused_total", "counter", "Exports that failed their checks.",
      atomic_load(&c->refused_batches));
  one(out, "yingbin_hub_received_bytes_total", "counter", "Bytes of request bodies.", atomic_load(&c->bytes));
  head(out, "yingbin_hub_answers_total", "counter", "Answers by the class of their status.");
  for (int i = 2; i < STATUS_CLASSES; i++)
    fprintf(out, "yingbin_hub_answers_total{status=\"%dxx\"} %lld\n", i, (long long)atomic_load(&c->answers[i]));
}

static bool may_see(const struct hub *hub, const struct request *request) {
  uint8_t asked[STORE_HASH], told[STORE_HASH];
  if (!*hub->metrics_token) return true;
  if (!request->bearer) return false;
  hub_hash(hub->metrics_token, strlen(hub->metrics_token), asked);
  hub_hash(request->bearer, strlen(request->bearer), told);
  return sodium_memcmp(asked, told, sizeof asked) == 0;
}

void say_metrics(struct hub *hub, const struct request *request, struct reply *reply) {
  int64_t kiosks = 0, records = 0;
  if (!may_see(hub, request)) {
    struct problem problem;
    problem_set(&problem, "需要 metrics_token 里的令牌", "this takes the token of the setting metrics_token");
    reply_problem(reply, 401, &problem, NULL);
    return;
  }
  if (hub->store->count(hub->db, &kiosks, &records) != STORE_DONE) {
    reply_failed(reply);
    return;
  }
  FILE *out = open_memstream(&reply->body, &reply->len);
  if (out) write_all(out, hub, request, kiosks, records);
  const bool good = out && write_kiosks(out, hub, request->at_ms);
  if (!out || fclose(out) != 0 || !good) {
    free(reply->body);
    reply->body = NULL, reply->len = 0;
    reply_failed(reply);
    return;
  }
  reply->status = 200;
  reply->type = "text/plain; version=0.0.4; charset=utf-8";
}
