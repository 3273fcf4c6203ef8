/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/identity.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"
#include "tools/yingbin/hub_card.h"

enum { FILE_MOST = 256 * 1024 };

static void wipe(char *secret) {
  if (secret) sodium_memzero(secret, strlen(secret));
  free(secret);
}

/* The line `host = KEY` of what the kiosk keeps of its setup card. */
static bool key_on_card(const char *text, size_t len, const char *file, uint8_t raw[CERT_RAW]) {
  char host[HUB_KEY_TEXT];
  struct ini ini;
  struct ini_item item;
  struct problem ignored;
  bool found = false;
  ini_init(&ini, file, text, len);
  for (enum ini_kind kind; (kind = ini_next(&ini, &item, &ignored)) != INI_END && kind != INI_BAD;)
    if (kind == INI_PAIR && slice_is(item.key, "host"))
      found = slice_copy(item.value, host, sizeof host) && hub_key_read(host, raw);
  sodium_memzero(host, sizeof host);
  return found;
}

static bool from_card(const char *file, struct identity *id, struct problem *problem) {
  char *text = NULL;
  size_t len;
  struct cert cert;
  if (!file_read(file, FILE_MOST, &text, &len, problem)) return false;
  id->has_raw = key_on_card(text, len, file, id->raw);
  wipe(text);
  if (!id->has_raw)
    return problem_set(
        problem, "%s：这台签到机的设置卡上没有汇总站的密钥。请用 yingbin card setup --hub here 重做设置卡，再向它出示",
        "%s: this kiosk's setup card doesn't hold the hub's key. Make its card with yingbin card setup --hub here, "
        "and show it",
        file);
  if (!cert_from(id->raw, "hub", &cert, problem)) return false;
  id->cert = cert.pem;
  id->key = strdup(cert.pem);
  strcpy(id->spki, cert.spki);
  return id->key || problem_set(problem, "内存不足", "out of memory");
}

static bool from_files(const char *cert, const char *key, struct identity *id, struct problem *problem) {
  struct cert own;
  size_t len;
  if (!*cert) return problem_set(problem, "设了 key，就要设 cert", "key needs cert");
  if (!*key) {
    if (!cert_open(cert, "hub", &own, problem)) return false;
    id->cert = own.pem;
    id->key = strdup(own.pem);
  } else if (!file_read(cert, FILE_MOST, &id->cert, &len, problem) || !file_read(key, FILE_MOST, &id->key, &len, problem)) {
    return false;
  }
  if (!id->key) return problem_set(problem, "内存不足", "out of memory");
  id->has_raw = cert_raw(id->key, id->raw);
  return cert_spki(id->cert, id->spki) || problem_set(problem, "%s 不是证书（PEM）", "%s is no certificate (PEM)", cert);
}

bool identity_open(const char *cert, const char *key, const char *card, struct identity *id, struct problem *problem) {
  memset(id, 0, sizeof *id);
  if (*card && (*cert || *key))
    return problem_set(problem, "card 和 cert、key 只能设一样", "set card, or cert and key, not both");
  const bool good = *card ? from_card(card, id, problem) : (!*cert && !*key) || from_files(cert, key, id, problem);
  if (!good) identity_close(id);
  return good;
}

void identity_close(struct identity *id) {
  wipe(id->key);
  wipe(id->cert); /* a key may be in it, too */
  sodium_memzero(id, sizeof *id);
}
