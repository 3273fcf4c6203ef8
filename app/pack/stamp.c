/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/stamp.h"

#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { STAMP_MOST = 16384 };
static const char first_line[] = "yingbin pack stamp 1\n";

struct stamp_stat stamp_stat(const struct stat *st) {
  return (struct stamp_stat){st->st_size, st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec, (int64_t)st->st_ino};
}

bool stamp_same(const struct stamp_stat *a, const struct stamp_stat *b) {
  return a->size == b->size && a->mtime_ns == b->mtime_ns && a->inode == b->inode;
}

static bool path_of(const char *data, char out[PATH_MAX]) { return snprintf(out, PATH_MAX, "%s/pack.stamp", data) < PATH_MAX; }

static void mac_of(const char *text, size_t len, const uint8_t key[32], char hex[65]) {
  uint8_t mac[32];
  crypto_generichash(mac, sizeof mac, (const uint8_t *)text, len, key, 32);
  sodium_bin2hex(hex, 65, mac, sizeof mac);
}

static bool parse_line(const char *line, struct stamp *s) {
  char hex[129], name[ID_MAX];
  uint32_t build;
  if (sscanf(line, "file %111s", s->file) == 1) return !strchr(s->file, '/');
  if (sscanf(line, "installed %" SCNd64 " %" SCNd64 " %" SCNd64, &s->installed.size, &s->installed.mtime_ns,
             &s->installed.inode) == 3)
    return true;
  if (sscanf(line, "source %" SCNd64 " %" SCNd64 " %" SCNd64, &s->source.size, &s->source.mtime_ns, &s->source.inode) == 3)
    return true;
  if (!strcmp(line, "received")) return s->received = true;
  if (sscanf(line, "sig %128[0-9a-f]", hex) == 1)
    return sodium_hex2bin(s->sig, sizeof s->sig, hex, strlen(hex), NULL, NULL, NULL) == 0;
  if (sscanf(line, "used %63s %" SCNu32, name, &build) == 2) return stamp_use(s, name, build), true;
  return false;
}
_Static_assert(STAMP_FILE_MAX == 112 && ID_MAX == 64, "the widths in parse_line");

bool stamp_read(const char *data, const uint8_t key[32], struct stamp *stamp) {
  char path[PATH_MAX], mac[65], *text = NULL, *save = NULL;
  size_t len = 0;
  *stamp = (struct stamp){.used = 0};
  if (!path_of(data, path) || !file_read(path, STAMP_MOST, &text, &len, NULL)) return false;
  char *end = len ? memmem(text, len, "\nmac ", 5) : NULL;
  bool good = end && !strncmp(text, first_line, strlen(first_line));
  if (good) {
    mac_of(text, (size_t)(end + 1 - text), key, mac);
    good = strlen(end) == 5 + 64 + 1 && sodium_memcmp(end + 5, mac, 64) == 0;
  }
  if (good) {
    end[1] = 0;
    for (char *line = strtok_r(text + strlen(first_line), "\n", &save); good && line; line = strtok_r(NULL, "\n", &save))
      good = parse_line(line, stamp);
  }
  free(text);
  if (!good) *stamp = (struct stamp){.used = 0};
  return good;
}

bool stamp_write(const char *data, const uint8_t key[32], const struct stamp *s, struct problem *problem) {
  char path[PATH_MAX], hex[129], mac[65], text[STAMP_MOST];
  if (!path_of(data, path)) return problem_set(problem, "“%s”太长", "“%s” is too long", data);
  sodium_bin2hex(hex, sizeof hex, s->sig, sizeof s->sig);
  const bool has = s->file[0] != '\0';
  size_t n = (size_t)snprintf(
      text, sizeof text,
      "%s%s%s%sinstalled %" PRId64 " %" PRId64 " %" PRId64 "\nsource %" PRId64 " %" PRId64 " %" PRId64 "\nsig %s\n", first_line,
      has ? "file " : "", s->file, has ? "\n" : "", s->installed.size, s->installed.mtime_ns, s->installed.inode,
      s->source.size, s->source.mtime_ns, s->source.inode, hex);
  if (s->received) n += (size_t)snprintf(text + n, sizeof text - n, "received\n");
  for (int i = 0; i < s->used; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "used %s %" PRIu32 "\n", s->last[i].name, s->last[i].build);
  mac_of(text, n, key, mac);
  n += (size_t)snprintf(text + n, sizeof text - n, "mac %s\n", mac);
  return file_write(path, text, n, 0600, problem);
}

uint32_t stamp_last_build(const struct stamp *s, const char *name) {
  for (int i = 0; i < s->used; i++)
    if (!strcmp(s->last[i].name, name)) return s->last[i].build;
  return 0;
}

void stamp_use(struct stamp *s, const char *name, uint32_t build) {
  int i = 0;
  while (i < s->used && strcmp(s->last[i].name, name) != 0) i++;
  if (i == STAMP_USED_MAX) i = 0;
  if (i < s->used) memmove(&s->last[i], &s->last[i + 1], (size_t)(--s->used - i) * sizeof *s->last);
  snprintf(s->last[s->used].name, sizeof s->last->name, "%s", name);
  s->last[s->used++].build = build;
}
