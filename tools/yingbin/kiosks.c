/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/kiosks.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/forms.h"

/* No cell of this file needs quotes: names are ids, the rest is hex. */
static const char head[] = "kiosk,token,key\n";

static bool is_hash(const char *text) { return !*text || (strlen(text) == 64 && text[strspn(text, "0123456789abcdef")] == 0); }

static bool take(struct kiosks *k, const char *line, size_t len) {
  const char *cell[3] = {"", "", ""};
  for (int i = 0; i < 3; i++) {
    const char *comma = memchr(line, ',', len);
    size_t n = comma ? (size_t)(comma - line) : len;
    if (!comma != (i == 2)) return false;
    cell[i] = pool_add(k->texts, line, n);
    if (comma) line += n + 1, len -= n + 1;
  }
  if (!form_id(cell[0]) || !is_hash(cell[1]) || !is_hash(cell[2]) || k->count == KIOSKS_MAX) return false;
  k->at = grow(k->at, (size_t)k->count + 1, sizeof *k->at);
  k->at[k->count++] = (struct kiosk_row){cell[0], cell[1], cell[2]};
  return true;
}

bool kiosks_read(const char *file, struct pool *texts, struct kiosks *k, struct problem *problem) {
  char *text;
  size_t len;
  int line = 0;
  bool good = true;
  *k = (struct kiosks){.texts = texts};
  if (access(file, F_OK) != 0 && errno == ENOENT) return true;
  if (!file_read(file, 4 << 20, &text, &len, problem)) return false;
  for (const char *at = text, *end; good && *at; at = *end ? end + 1 : end) {
    end = at + strcspn(at, "\n");
    size_t n = (size_t)(end - at);
    while (n && at[n - 1] == '\r') n--;
    good = line++ == 0 ? n == sizeof head - 2 && !memcmp(at, head, n) : take(k, at, n);
  }
  if (!good)
    problem_set(problem, "%1$s 第 %2$d 行已损坏。请从备份恢复", "%1$s, line %2$d is damaged. Restore it from a copy", file,
                line);
  free(text);
  return good;
}

bool kiosks_expect(struct kiosks *k, const char *name, const char *token, struct problem *problem) {
  uint8_t hash[32];
  char hex[65];
  int i = 0;
  crypto_generichash(hash, sizeof hash, (const uint8_t *)token, strlen(token), NULL, 0);
  sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
  while (i < k->count && strcmp(k->at[i].name, name) != 0) i++;
  if (i == KIOSKS_MAX) return problem_set(problem, "签到机太多", "too many kiosks");
  if (i == k->count) {
    k->at = grow(k->at, (size_t)k->count + 1, sizeof *k->at);
    k->at[k->count++] = (struct kiosk_row){pool_add(k->texts, name, strlen(name)), "", ""};
  }
  k->at[i].token = pool_add(k->texts, hex, strlen(hex));
  return true;
}

enum kiosks_bound kiosks_bind(struct kiosks *k, const char *name, const char *key) {
  int free_row = -1;
  for (int i = 0; i < k->count; i++) {
    if (!strcmp(k->at[i].key, key)) return KIOSKS_KNOWN;
    if (!*k->at[i].key && !strcmp(k->at[i].name, name)) free_row = i;
  }
  if (free_row < 0) {
    if (k->count == KIOSKS_MAX) return KIOSKS_FULL;
    free_row = k->count++;
    k->at = grow(k->at, (size_t)k->count, sizeof *k->at);
    k->at[free_row] = (struct kiosk_row){pool_add(k->texts, name, strlen(name)), "", ""};
  }
  k->at[free_row].key = pool_add(k->texts, key, strlen(key));
  return KIOSKS_BOUND;
}

bool kiosks_write(const char *file, const struct kiosks *k, struct problem *problem) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fputs(head, out);
  for (int i = 0; i < k->count; i++) fprintf(out, "%s,%s,%s\n", k->at[i].name, k->at[i].token, k->at[i].key);
  bool good = fclose(out) == 0 && file_write(file, text, len, 0600, problem);
  free(text);
  return good;
}

void kiosks_free(struct kiosks *k) {
  free(k->at);
  k->at = NULL;
  k->count = 0;
}
