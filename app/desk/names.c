/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/names.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"

/* The file: the title, a nonce, and sealed: each entry's event, number and name, every text with its NUL. */
static const char title[] = "yingbin names v1\n";
enum {
  TITLE = sizeof title - 1,
  NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
  MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES,
  PLAIN_MAX = sizeof((struct names *)0)->at,
  FILE_MAX = TITLE + NONCE + PLAIN_MAX + MAC
};

static bool take(const char **at, const char *end, char *out, size_t size) {
  size_t len = strnlen(*at, (size_t)(end - *at));
  if (*at + len == end || len >= size || !utf8_valid(*at, len)) return false;
  memcpy(out, *at, len + 1);
  *at += len + 1;
  return true;
}

static bool has_event(const struct catalog *catalog, const char *id) {
  for (int i = 0; i < catalog->events; i++)
    if (!strcmp(catalog->event[i].id, id)) return true;
  return false;
}

static bool parse(struct names *n, const char *plain, size_t len, const struct catalog *catalog) {
  const char *end = plain + len;
  while (plain < end && n->count < NAMES_MAX) {
    struct name *to = &n->at[n->count];
    if (!take(&plain, end, to->event, sizeof to->event) || !take(&plain, end, to->number, sizeof to->number) ||
        !take(&plain, end, to->name, sizeof to->name))
      return false;
    if (has_event(catalog, to->event)) n->count++;
  }
  return plain == end;
}

static bool read_all(struct names *n, const char *bytes, size_t len, const struct catalog *catalog) {
  if (len < TITLE + NONCE + MAC || memcmp(bytes, title, TITLE)) return false;
  unsigned long long plain_len;
  uint8_t *plain = malloc(len);
  bool good = plain && !crypto_aead_xchacha20poly1305_ietf_decrypt(
                           plain, &plain_len, NULL, (const uint8_t *)bytes + TITLE + NONCE, len - TITLE - NONCE,
                           (const uint8_t *)title, TITLE, (const uint8_t *)bytes + TITLE, n->key);
  good = good && parse(n, (const char *)plain, (size_t)plain_len, catalog);
  if (plain) sodium_memzero(plain, len);
  free(plain);
  return good;
}

void names_open(struct names *n, const char *data, const uint8_t stamp_key[32], const struct catalog *catalog) {
  struct problem problem;
  char *bytes;
  size_t len;
  n->count = 0;
  n->kept = stamp_key && snprintf(n->file, sizeof n->file, "%s/names.sealed", data) < (int)sizeof n->file;
  if (!n->kept) return;
  crypto_generichash(n->key, sizeof n->key, (const uint8_t *)title, TITLE, stamp_key, 32);
  if (access(n->file, F_OK)) return;
  if (!file_read(n->file, FILE_MAX, &bytes, &len, &problem)) {
    log_error("%s", problem.en);
    return;
  }
  if (!read_all(n, bytes, len, catalog))
    log_error("%s is damaged or of another kiosk key: names that were corrected are greeted as the pack has them", n->file);
  free(bytes);
}

const char *names_find(const struct names *n, const char *event, const char *number) {
  for (int i = 0; i < n->count; i++)
    if (!strcmp(n->at[i].number, number) && !strcmp(n->at[i].event, event)) return n->at[i].name;
  return NULL;
}

static size_t put(char *out, size_t at, const char *text) {
  size_t len = strlen(text) + 1;
  memcpy(out + at, text, len);
  return at + len;
}

static bool write_all(const struct names *n, struct problem *problem) {
  char *plain = malloc(PLAIN_MAX), *bytes = malloc(FILE_MAX);
  size_t len = 0;
  bool good = (plain && bytes) || problem_set(problem, "内存不足。", "Out of memory.");
  for (int i = 0; i < n->count && good; i++)
    len = put(plain, put(plain, put(plain, len, n->at[i].event), n->at[i].number), n->at[i].name);
  if (good) {
    memcpy(bytes, title, TITLE);
    randombytes_buf(bytes + TITLE, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt((uint8_t *)bytes + TITLE + NONCE, NULL, (const uint8_t *)plain, len,
                                               (const uint8_t *)title, TITLE, NULL, (const uint8_t *)bytes + TITLE, n->key);
    good = file_write(n->file, bytes, TITLE + NONCE + len + MAC, 0600, problem);
    sodium_memzero(plain, PLAIN_MAX);
  }
  free(plain);
  free(bytes);
  return good;
}

bool names_put(struct names *n, const char *event, const char *number, const char *name, struct problem *problem) {
  int i = 0;
  while (i < n->count && (strcmp(n->at[i].number, number) || strcmp(n->at[i].event, event))) i++;
  if (i == NAMES_MAX) i = 0; /* the oldest makes room */
  if (i < n->count) memmove(&n->at[i], &n->at[i + 1], sizeof *n->at * (size_t)(n->count-- - i - 1));
  struct name *to = &n->at[n->count++];
  snprintf(to->event, sizeof to->event, "%s", event);
  snprintf(to->number, sizeof to->number, "%s", number);
  snprintf(to->name, sizeof to->name, "%s", name);
  return !n->kept || write_all(n, problem);
}
