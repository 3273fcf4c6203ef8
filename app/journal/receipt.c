/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/receipt.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "journal/export_read.h"
#include "journal/line.h"

bool receipt_begin(struct receipt_file *r, FILE *out) {
  crypto_generichash_state *hash = aligned_alloc(64, (sizeof *hash + 63) / 64 * 64);
  *r = (struct receipt_file){.file = out, .hash = hash};
  if (!hash) return false;
  return crypto_generichash_init(hash, NULL, 0, 32) == 0;
}

static bool put_line(struct receipt_file *r, struct line *l) {
  if (!line_end(l)) return false;
  crypto_generichash_update(r->hash, (const uint8_t *)l->bytes, l->len);
  crypto_generichash_update(r->hash, (const uint8_t *)"\n", 1);
  return fwrite(l->bytes, 1, l->len, r->file) == l->len && fputc('\n', r->file) != EOF;
}

bool receipt_put(struct receipt_file *r, const struct receipt *t) {
  struct line *l = malloc(sizeof *l);
  if (!l) return false;
  line_begin(l);
  line_number(l, "receipt", 1);
  line_text(l, "kiosk", t->kiosk);
  line_hex(l, "key", t->key, sizeof t->key);
  line_hex(l, "journal", t->journal, sizeof t->journal);
  line_number(l, "from_seq", t->from_seq);
  line_hex(l, "chain_before", t->chain_before, sizeof t->chain_before);
  line_number(l, "to_seq", t->to_seq);
  line_hex(l, "chain", t->chain, sizeof t->chain);
  bool good = put_line(r, l);
  free(l);
  return good;
}

bool receipt_end(struct receipt_file *r) {
  uint8_t hash[32];
  char hex[65];
  crypto_generichash_final(r->hash, hash, sizeof hash);
  free(r->hash);
  r->hash = NULL;
  sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
  return fprintf(r->file, "{\"hash\":\"%s\"}\n", hex) > 0 && !ferror(r->file);
}

/* --- reading --- */

static bool parse(const json_t *o, struct receipt *t) {
  const json_t *version = json_object_get(o, "receipt"), *from = json_object_get(o, "from_seq"),
               *to = json_object_get(o, "to_seq");
  const char *kiosk = json_string_value(json_object_get(o, "kiosk"));
  *t = (struct receipt){.from_seq = json_integer_value(from), .to_seq = json_integer_value(to)};
  snprintf(t->kiosk, sizeof t->kiosk, "%s", kiosk ? kiosk : "");
  return json_integer_value(version) == 1 && t->from_seq >= 1 && t->to_seq >= t->from_seq &&
         export_hex(o, "key", t->key, sizeof t->key) && export_hex(o, "journal", t->journal, sizeof t->journal) &&
         export_hex(o, "chain_before", t->chain_before, sizeof t->chain_before) &&
         export_hex(o, "chain", t->chain, sizeof t->chain);
}

/* One pass to see that it is whole, and one to take it. */
static bool pass(struct export_lines *l, void (*each)(void *self, const struct receipt *receipt), void *self) {
  crypto_generichash_state hash;
  uint8_t own[32], stated[32];
  struct problem none;
  struct receipt t;
  crypto_generichash_init(&hash, NULL, 0, 32);
  while (export_line(l, &none) == EXPORT_LINE) {
    json_t *o = export_object(l->line, l->len);
    bool last = export_hex(o, "hash", stated, sizeof stated), good = last || parse(o, &t);
    json_decref(o);
    if (!good) return false;
    if (last) {
      crypto_generichash_final(&hash, own, sizeof own);
      return !memcmp(own, stated, sizeof own) && export_line(l, &none) == EXPORT_END;
    }
    crypto_generichash_update(&hash, (const uint8_t *)l->line, l->len);
    crypto_generichash_update(&hash, (const uint8_t *)"\n", 1);
    if (each) each(self, &t);
  }
  return false;
}

bool receipt_read(const char *file, void (*each)(void *self, const struct receipt *receipt), void *self,
                  struct problem *problem) {
  FILE *in = fopen(file, "re");
  struct export_lines *l = in ? calloc(1, sizeof *l) : NULL;
  if (!in) return problem_system(problem, errno, "无法读取回执", "can't read the receipt", file);
  if (!l) return fclose(in), problem_set(problem, "内存不足。", "Out of memory.");
  l->in = in;
  bool good = pass(l, NULL, NULL);
  long long line = l->number;
  rewind(in);
  l->number = 0, l->next = l->ahead = 0;
  good = good && pass(l, each, self);
  free(l);
  fclose(in);
  return good || problem_set(problem, "%s:%lld：不是完整的回执（合并结果文件夹里的 receipt.jsonl）。日志没有改动。",
                             "%s:%lld: this is no whole receipt (receipt.jsonl in a folder of log merge). The journal was not "
                             "touched.",
                             file, line);
}
