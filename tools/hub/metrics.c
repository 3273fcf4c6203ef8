/* SPDX-License-Identifier: Apache-2.0
 * GET /healthz: whether the database answers. GET /metrics: Prometheus' text format, version 0.0.4.
 */
#include <stdlib.h>

#include "tools/hub/hub.h"

void say_health(struct hub *hub, const struct request *request, struct reply *reply) {
  if (hub->store->ping(hub->db) == STORE_DONE)
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

static void write_all(FILE *out, struct hub *hub, const struct request *request, int64_t kiosks, int64_t records) {
  struct hub_counts *c = &hub->counts;
  one(out, "yingbin_hub_kiosks", "gauge", "Kiosks that are enrolled.", (long long)kiosks);
  one(out, "yingbin_hub_records", "gauge", "Records in the database.", (long long)records);
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

void say_metrics(struct hub *hub, const struct request *request, struct reply *reply) {
  int64_t kiosks = 0, records = 0;
  if (hub->store->count(hub->db, &kiosks, &records) != STORE_DONE) {
    reply_failed(reply);
    return;
  }
  FILE *out = open_memstream(&reply->body, &reply->len);
  if (out) write_all(out, hub, request, kiosks, records);
  if (!out || fclose(out) != 0) {
    reply_failed(reply);
    return;
  }
  reply->status = 200;
  reply->type = "text/plain; version=0.0.4; charset=utf-8";
}
