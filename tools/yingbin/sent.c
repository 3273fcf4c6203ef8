/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/sent.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/forms.h"

enum { FILE_MOST = 256 << 20, BATCHES_MAX = 1000000 };
static const char head[] = "number,code_hash,batch,kind", old_head[] = "number,code_hash,batch";

static void hash_of(const struct person *p, char out[SENT_HASH + 1]) {
  const char *code = p->own ? p->own : p->code;
  uint8_t hash[crypto_generichash_BYTES_MIN];
  crypto_generichash(hash, sizeof hash, (const uint8_t *)code, strlen(code), NULL, 0);
  sodium_bin2hex(out, SENT_HASH + 1, hash, SENT_HASH / 2);
}

static int order(const void *left, const void *right) {
  const struct sent_ticket *a = left, *b = right;
  int by_number = strcmp(a->number, b->number);
  return by_number ? by_number : strcmp(a->hash, b->hash);
}

static void put(struct sent *s, const struct sent_ticket *ticket) {
  if ((s->count & (s->count - 1)) == 0) s->at = grow(s->at, s->count ? (size_t)s->count * 2 : 1, sizeof *s->at);
  s->at[s->count++] = *ticket;
}

static bool read_line(struct folder *f, struct sent *s, const char *line, size_t len) {
  char text[128], *hash, *batch, *kind;
  struct sent_ticket ticket;
  int64_t n;
  if (len >= sizeof text) return false;
  memcpy(text, line, len);
  text[len] = '\0';
  if (!(hash = strchr(text, ',')) || !(batch = strchr(hash + 1, ','))) return false;
  *hash++ = *batch++ = '\0';
  if ((kind = strchr(batch, ','))) *kind++ = '\0';
  if (kind && strcmp(kind, "signed") != 0 && strcmp(kind, "roster") != 0) return false;
  if (strlen(hash) != SENT_HASH || !form_number(batch, 1, BATCHES_MAX, &n)) return false;
  ticket = (struct sent_ticket){
      .number = pool_add(&f->texts, text, strlen(text)), .batch = (int)n, .is_signed = kind && *kind == 's'};
  memcpy(ticket.hash, hash, sizeof ticket.hash);
  if (ticket.batch > s->batches) s->batches = ticket.batch;
  put(s, &ticket);
  return true;
}

static bool is_line(const char *at, size_t len, const char *text) { return len == strlen(text) && !strncmp(at, text, len); }

bool sent_read(struct folder *f, struct sent *s, struct problem *problem) {
  const char *file = folder_path(f, "sent.csv");
  char *text;
  size_t len;
  *s = (struct sent){.count = 0};
  if (access(file, F_OK)) return true;
  if (!file_read(file, FILE_MOST, &text, &len, problem)) return false;
  int line = 0;
  bool good = true;
  for (const char *at = text; *at && good; line++) {
    size_t n = strcspn(at, "\r\n");
    good = line ? n == 0 || read_line(f, s, at, n) : is_line(at, n, head) || is_line(at, n, old_head);
    at += n + strspn(at + n, "\r\n");
  }
  free(text);
  if (s->count) qsort(s->at, (size_t)s->count, sizeof *s->at, order);
  s->known = s->count;
  return good ||
         problem_set(problem, "%1$s 第 %2$d 行：应为 %3$s。这个文件由 yingbin tickets 维护，请不要改动",
                     "%1$s, line %2$d: expected %3$s. yingbin tickets keeps this file; leave it as it is", file, line, head);
}

static const struct sent_ticket *find(const struct sent *s, const struct person *person) {
  struct sent_ticket key = {.number = person->number};
  hash_of(person, key.hash);
  return s->known ? bsearch(&key, s->at, (size_t)s->known, sizeof key, order) : NULL;
}

int sent_batch(const struct sent *s, const struct person *person) {
  const struct sent_ticket *found = find(s, person);
  return found ? found->batch : 0;
}

bool sent_holds_signed(const struct sent *s, const struct person *person) {
  const struct sent_ticket *found = find(s, person);
  return found && found->is_signed;
}

bool sent_signed(const struct sent *s, int batch) {
  for (int i = 0; i < s->known; i++)
    if (s->at[i].batch == batch) return s->at[i].is_signed;
  return false;
}

void sent_add(struct sent *s, const struct person *person) {
  struct sent_ticket ticket = {.number = person->number, .batch = s->batches + 1, .is_signed = person->own != NULL};
  hash_of(person, ticket.hash);
  put(s, &ticket);
}

bool sent_write(struct folder *f, struct sent *s, struct problem *problem) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fprintf(out, "%s\n", head);
  if (s->count) qsort(s->at, (size_t)s->count, sizeof *s->at, order);
  for (int i = 0; i < s->count; i++)
    fprintf(out, "%s,%s,%d,%s\n", s->at[i].number, s->at[i].hash, s->at[i].batch, s->at[i].is_signed ? "signed" : "roster");
  s->known = s->count;
  bool good = !fclose(out) && file_write(folder_path(f, "sent.csv"), text, len, 0600, problem);
  free(text);
  return good;
}

void sent_free(struct sent *s) {
  free(s->at);
  *s = (struct sent){.count = 0};
}
