/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/exports.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/verdict.h"
#include "journal/chain.h"
#include "journal/line.h"

enum { SPAN_MS = 4 * 3600 * 1000 };

struct exports_kiosk {
  const struct exports *of;
  int seq;
  int64_t *at; /* owned: of each record, from the start */
  uint8_t public_key[32], secret_key[64], journal[JOURNAL_ID], chain[JOURNAL_CHAIN];
  char name[ID_MAX], boot[ID_MAX];
  uint64_t chance;
  struct line line, header;
};

static uint64_t chance(struct exports_kiosk *k) { /* splitmix64, by its published constants */
  uint64_t z = k->chance += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static void make(struct exports_kiosk *k, const struct exports *of, int kiosk) {
  uint8_t seed[32] = {(uint8_t)kiosk, (uint8_t)(kiosk >> 8), 7};
  *k = (struct exports_kiosk){.of = of, .chance = (uint64_t)kiosk * 1000003};
  crypto_sign_seed_keypair(k->public_key, k->secret_key, seed);
  memcpy(k->journal, seed, sizeof k->journal);
  chain_start(k->public_key, k->journal, k->chain);
  snprintf(k->name, sizeof k->name, "door-%d", kiosk + 1);
  snprintf(k->boot, sizeof k->boot, "8f0f5a2e-51a7-4dd5-9a75-%012d", kiosk);
}

static void put_header(struct exports_kiosk *k, FILE *out) {
  struct line *header = &k->header;
  line_begin(header);
  line_number(header, "v", 1);
  line_text(header, "kiosk", k->name);
  line_hex(header, "journal", k->journal, sizeof k->journal);
  line_hex(header, "key", k->public_key, sizeof k->public_key);
  line_number(header, "from_seq", k->seq + 1);
  line_hex(header, "chain_before", k->chain, sizeof k->chain);
  line_end(header);
  fwrite(header->bytes, 1, header->len, out);
  fputc('\n', out);
}

static void put_record(struct exports_kiosk *k, int seq, int64_t mono_ms, FILE *out) {
  struct line *l = &k->line;
  uint8_t id[16];
  char hex[2 * JOURNAL_CHAIN + 1], number[24];
  bool scan = seq > 1;
  for (int i = 0; i < 16; i++) id[i] = (uint8_t)(chance(k) >> 8);
  snprintf(number, sizeof number, "%d", 1 + (int)(chance(k) % (uint64_t)k->of->people));
  line_begin(l);
  line_number(l, "seq", seq);
  line_hex(l, "id", id, sizeof id);
  line_text(l, "kind", scan ? "scan" : "clock");
  line_text(l, "kiosk", k->name);
  line_text(l, "event", k->of->event);
  line_text(l, "station", k->of->station);
  if (scan) {
    line_text(l, "attendee", number);
    line_hex(l, "code", k->chain, 16);
    line_text(l, "verdict", "admit");
    line_text(l, "by", chance(k) % 20 ? "camera" : "hand");
    line_number(l, "count", 1);
  }
  line_text(l, "boot", k->boot);
  line_number(l, "mono_ms", mono_ms);
  line_wall(l, "wall", k->of->starts_ms + mono_ms);
  line_bool(l, "wall_ok", true);
  if (!scan) line_text(l, "note", "source=ntp");
  line_end(l);
  chain_next(k->chain, l->bytes, l->len);
  sodium_bin2hex(hex, sizeof hex, k->chain, JOURNAL_CHAIN);
  fwrite(l->bytes, 1, l->len, out);
  fprintf(out, "\t%s\n", hex);
}

static int ascending(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

struct exports_kiosk *exports_begin(const struct exports *of, int kiosk) {
  struct exports_kiosk *k = malloc(sizeof *k);
  if (!k) abort();
  make(k, of, kiosk);
  k->at = calloc((size_t)of->records, sizeof *k->at);
  if (!k->at) abort();
  for (int i = 1; i < of->records; i++) { /* the mean of some chances, earlier rather than later */
    double mean = 0;
    for (int n = 0; n < 4; n++) mean += (double)(chance(k) >> 11) / 0x1p53 / 4;
    k->at[i] = (int64_t)(SPAN_MS * mean * mean);
  }
  qsort(k->at, (size_t)of->records, sizeof *k->at, ascending);
  return k;
}

void exports_next(struct exports_kiosk *k, int records, FILE *out) {
  uint8_t sig[64];
  char chain[2 * JOURNAL_CHAIN + 1], signature[129];
  put_header(k, out);
  for (int i = 0; i < records; i++, k->seq++) put_record(k, k->seq + 1, k->at[k->seq], out);
  chain_sign(k->secret_key, k->header.bytes, k->header.len, k->seq, k->chain, sig);
  sodium_bin2hex(chain, sizeof chain, k->chain, JOURNAL_CHAIN);
  sodium_bin2hex(signature, sizeof signature, sig, sizeof sig);
  fprintf(out, "{\"to_seq\":%d,\"chain\":\"%s\",\"sig\":\"%s\"}\n", k->seq, chain, signature);
}

void exports_end(struct exports_kiosk *k) {
  free(k->at);
  free(k);
}

struct exports_identity exports_who(const struct exports_kiosk *k) {
  return (struct exports_identity){k->name, k->public_key, k->secret_key, k->journal, k->chain};
}

bool exports_write(const struct exports *of, int kiosk, FILE *out, struct problem *problem) {
  struct exports_kiosk *k = exports_begin(of, kiosk);
  exports_next(k, of->records, out);
  exports_end(k);
  return !ferror(out) || problem_set(problem, "导出文件写不进去：%s", "the export can't be written: %s", strerror(errno));
}
