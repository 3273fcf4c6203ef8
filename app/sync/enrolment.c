/* SPDX-License-Identifier: Apache-2.0 */
#include "sync/enrolment.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ini.h"

enum { FILE_MOST = 8192 };

static const struct field {
  const char *key;
  size_t offset, size;
} fields[] = {
#define FIELD(key, member)                                                                                                     \
  { key, offsetof(struct enrolment, member), sizeof((struct enrolment *)0)->member }
    FIELD("hub", card.hub),           FIELD("spki", card.spki), FIELD("kiosk", card.kiosk), FIELD("card", card.token),
    FIELD("stations", card.stations), FIELD("pub", card.pub),   FIELD("host", card.host),   FIELD("pack", card.pack), FIELD("token", token),
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool read_pair(const struct ini_item *item, struct enrolment *e) {
  for (int i = 0; i < FIELDS; i++)
    if (slice_is(item->key, fields[i].key)) return slice_copy(item->value, (char *)e + fields[i].offset, fields[i].size);
  return true; /* of a newer version */
}

bool enrolment_read(const char *data, struct enrolment *e, struct problem *problem) {
  char path[PATH_MAX], *text = NULL;
  size_t len;
  struct ini ini;
  struct ini_item item;
  memset(e, 0, sizeof *e);
  snprintf(path, sizeof path, "%s/hub.ini", data);
  if (access(path, F_OK) != 0) return true;
  if (!file_read(path, FILE_MOST, &text, &len, problem)) return false;
  ini_init(&ini, path, text, len);
  bool good = true;
  for (enum ini_kind kind; good && (kind = ini_next(&ini, &item, problem)) != INI_END;) {
    if (kind == INI_BAD)
      good = false;
    else if (kind == INI_PAIR && !read_pair(&item, e))
      good = problem_set(problem, "%s 第 %d 行太长：请删掉这个文件，再出示设置卡",
                         "%s line %d is too long: remove this file and show the setup card again", path, item.line);
  }
  sodium_memzero(text, len);
  free(text);
  if (!good) sodium_memzero(e, sizeof *e);
  return good;
}

bool enrolment_write(const char *data, const struct enrolment *e, struct problem *problem) {
  char path[PATH_MAX], text[FILE_MOST];
  size_t n = (size_t)snprintf(
      text, sizeof text,
      "# 这台签到机加入的汇总站；令牌是秘密。删掉本文件，再出示设置卡，就重新登记\n"
      "# the hub that this kiosk has joined; the tokens are secret. Remove this file and show a setup card to enrol anew\n");
  for (int i = 0; i < FIELDS; i++) {
    const char *value = (const char *)e + fields[i].offset;
    if (*value) n += (size_t)snprintf(text + n, sizeof text - n, "%s = %s\n", fields[i].key, value);
  }
  snprintf(path, sizeof path, "%s/hub.ini", data);
  const bool good = file_write(path, text, n, 0600, problem);
  sodium_memzero(text, sizeof text);
  return good;
}

void enrolment_station(const struct wire_setup *card, const struct catalog *catalog, char station[ID_MAX * 2]) {
  station[0] = '\0';
  for (const char *at = card->stations; *at;) {
    at += strspn(at, ", ");
    const size_t len = strcspn(at, ", ");
    for (int i = 0; i < catalog->stations && len; i++) {
      const char *id = catalog->station[i].id;
      if (strlen(id) != len || memcmp(id, at, len) != 0) continue;
      strcpy(station, id);
      return;
    }
    at += len;
  }
}
