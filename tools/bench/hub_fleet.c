/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/exports.h"
#include "tools/bench/hub.h"

uint64_t hub_chance(uint64_t *state) { /* splitmix64, by its published constants */
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static bool make_batch(struct exports_kiosk *from, int records, int64_t to_seq, struct fleet_batch *batch) {
  FILE *out = open_memstream(&batch->body, &batch->len);
  if (!out) return false;
  exports_next(from, records, out);
  batch->to_seq = to_seq;
  memcpy(batch->chain, exports_who(from).chain, JOURNAL_CHAIN);
  return fclose(out) == 0;
}

static bool make_kiosk(struct fleet_kiosk *k, const struct exports *spec, int number, const struct hub_options *o) {
  const int full = o->records - o->live;
  struct exports_kiosk *from = exports_begin(spec, number);
  const struct exports_identity who = exports_who(from);
  snprintf(k->name, sizeof k->name, "%s", who.name);
  snprintf(k->setup, sizeof k->setup, "card of %s", who.name);
  memcpy(k->public_key, who.public_key, sizeof k->public_key);
  memcpy(k->secret_key, who.secret_key, sizeof k->secret_key);
  k->batch = calloc((size_t)((full + o->batch - 1) / o->batch + o->live), sizeof *k->batch);
  bool good = k->batch != NULL;
  for (int seq = 0; good && seq < o->records;) {
    const int left = full - seq, n = left <= 0 ? 1 : left < o->batch ? left : o->batch;
    seq += n;
    good = make_batch(from, n, seq, &k->batch[k->batches++]);
  }
  exports_end(from);
  return good;
}

bool fleet_make(struct fleet *fleet, const struct hub_options *o, const char *kiosks_csv, struct problem *problem) {
  const struct exports spec = {"bench", "bench/door", 300000, o->records, INT64_C(1698454800000)};
  uint8_t hash[32];
  char hex[65];
  *fleet = (struct fleet){.count = o->kiosks, .records = (int64_t)o->kiosks * o->records};
  fleet->backlog = (o->records - o->live + o->batch - 1) / o->batch;
  fleet->kiosk = calloc((size_t)o->kiosks, sizeof *fleet->kiosk);
  FILE *csv = fopen(kiosks_csv, "we");
  bool good = fleet->kiosk && csv;
  if (csv) fputs("kiosk,token,key\n", csv);
  for (int i = 0; good && i < o->kiosks; i++) {
    struct fleet_kiosk *k = &fleet->kiosk[i];
    good = make_kiosk(k, &spec, i, o);
    crypto_generichash(hash, sizeof hash, (const uint8_t *)k->setup, strlen(k->setup), NULL, 0);
    fprintf(csv, "%s,%s,\n", k->name, sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
  }
  if (csv && fclose(csv) != 0) good = false;
  return good || problem_system(problem, errno, "无法写入", "can't write", kiosks_csv);
}

void fleet_free(struct fleet *fleet) {
  for (int i = 0; fleet->kiosk && i < fleet->count; i++) {
    for (int n = 0; n < fleet->kiosk[i].batches; n++) free(fleet->kiosk[i].batch[n].body);
    free(fleet->kiosk[i].batch);
  }
  free(fleet->kiosk);
}
