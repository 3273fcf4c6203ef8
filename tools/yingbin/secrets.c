/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/secrets.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ini.h"
#include "tools/yingbin/forms.h"

static bool bytes_of(const char *hex, uint8_t out[32]) {
  size_t len;
  return sodium_hex2bin(out, 32, hex, strlen(hex), NULL, &len, NULL) == 0 && len == 32;
}

static bool take(struct secrets *s, const struct ini_item *section, const struct ini_item *item) {
  char value[128];
  int64_t number;
  if (!slice_copy(item->value, value, sizeof value)) return false;
  if (slice_is(section->section, "pack") && slice_is(item->key, "build")) {
    bool good = form_number(value, 0, INT32_MAX, &number);
    if (good) s->build = (uint32_t)number;
    return good;
  }
  if (slice_is(section->section, "pack") && slice_is(item->key, "last_number")) {
    bool good = form_number(value, 0, INT64_MAX, &number);
    if (good) s->last_number = (uint64_t)number;
    return good;
  }
  if (slice_is(section->section, "pack") && slice_is(item->key, "index")) return bytes_of(value, s->index);
  if (!slice_is(section->section, "event") || !slice_is(item->key, "salt") || s->salts == SECRETS_MAX) return false;
  if (!slice_copy(section->argument, s->salt[s->salts].event, ID_MAX) || !s->salt[s->salts].event[0]) return false;
  if (!bytes_of(value, s->salt[s->salts].salt)) return false;
  s->salts++;
  return true;
}

bool secrets_read(const char *file, struct secrets *s, struct remarks *errors) {
  struct problem problem;
  struct ini ini;
  struct ini_item item, section = {.section = {"", 0}, .argument = {"", 0}};
  char *text;
  size_t len;
  bool good = true;
  *s = (struct secrets){.build = 0};
  if (access(file, F_OK) != 0 && errno == ENOENT) return true;
  if (!file_read(file, 1 << 20, &text, &len, &problem)) {
    remarks_add(errors, &problem);
    return false;
  }
  ini_init(&ini, file, text, len);
  for (enum ini_kind kind; good && (kind = ini_next(&ini, &item, &problem)) != INI_END;) {
    if (kind == INI_SECTION)
      section = item;
    else
      good = kind == INI_PAIR && take(s, &section, &item);
  }
  if (!good)
    remarks_say(errors, "%1$s 第 %2$d 行已损坏。这个文件记着每个活动的盐，请从备份恢复，不要删掉它",
                "%1$s, line %2$d is damaged. The file holds the salt of each event: restore it from a copy, don't delete it",
                file, item.line);
  sodium_memzero(text, len);
  free(text);
  return good;
}

bool secrets_write(const char *file, const struct secrets *s, struct problem *problem) {
  char *text = NULL, hex[65];
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fprintf(out, "# 请保密并备份 / keep secret, keep a copy\n[pack]\nbuild = %" PRIu32 "\n", s->build);
  if (s->last_number) fprintf(out, "last_number = %" PRIu64 "\n", s->last_number);
  if (!sodium_is_zero(s->index, sizeof s->index)) fprintf(out, "index = %s\n", sodium_bin2hex(hex, sizeof hex, s->index, 32));
  for (int i = 0; i < s->salts; i++)
    fprintf(out, "\n[event %s]\nsalt = %s\n", s->salt[i].event, sodium_bin2hex(hex, sizeof hex, s->salt[i].salt, 32));
  bool good = fclose(out) == 0 && file_write(file, text, len, 0600, problem);
  if (text) sodium_memzero(text, len);
  free(text);
  return good;
}

const uint8_t *secrets_salt(struct secrets *s, const char *event) {
  for (int i = 0; i < s->salts; i++)
    if (!strcmp(s->salt[i].event, event)) return s->salt[i].salt;
  if (s->salts == SECRETS_MAX) return NULL;
  snprintf(s->salt[s->salts].event, ID_MAX, "%s", event);
  randombytes_buf(s->salt[s->salts].salt, 32);
  s->changed = true;
  return s->salt[s->salts++].salt;
}
