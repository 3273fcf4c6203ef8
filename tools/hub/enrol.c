/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/enrol {"v":1,"kiosk","token","key","sig"}: the token of a setup card and the kiosk's Ed25519 key, for a token of
 * the kiosk's own. `sig` proves that the kiosk has the key: Ed25519 over "yingbin enrol v1" with its NUL, the kiosk's name
 * with a NUL, the token. A card works for one key; the same kiosk may ask again, since an answer can be lost. Cards are
 * those of kiosks.csv, and whichever proves itself by the hub's own key: a hub that begins empty on another kiosk has no list.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "journal/export_read.h"
#include "tools/hub/bound.h"
#include "tools/hub/hub.h"
#include "tools/yingbin/hub_card.h"

struct card {
  char kiosk[ID_MAX], token[128];
  uint8_t key[32], sig[64];
};

void hub_hash(const char *token, size_t len, uint8_t hash[STORE_HASH]) {
  crypto_generichash(hash, STORE_HASH, (const uint8_t *)token, len, NULL, 0);
}

static bool text(const json_t *o, const char *key, char *out, size_t size) {
  const json_t *value = json_object_get(o, key);
  if (!json_is_string(value) || !json_string_length(value) || json_string_length(value) >= size) return false;
  memcpy(out, json_string_value(value), json_string_length(value) + 1);
  return strlen(out) == json_string_length(value);
}

static bool read_card(const struct request *request, struct card *card) {
  json_t *o = export_object(request->body, request->len);
  const bool good = json_integer_value(json_object_get(o, "v")) == 1 && text(o, "kiosk", card->kiosk, sizeof card->kiosk) &&
                    text(o, "token", card->token, sizeof card->token) && export_hex(o, "key", card->key, sizeof card->key) &&
                    export_hex(o, "sig", card->sig, sizeof card->sig);
  json_decref(o);
  return good;
}

static bool proves_key(const struct card *card) {
  uint8_t said[17 + sizeof card->kiosk + sizeof card->token];
  const size_t name = strlen(card->kiosk) + 1, token = strlen(card->token);
  memcpy(said, "yingbin enrol v1", 17);
  memcpy(said + 17, card->kiosk, name);
  memcpy(said + 17 + name, card->token, token);
  return crypto_sign_verify_detached(card->sig, said, 17 + name + token, card->key) == 0;
}

/* A card that our key proves is expected from now on, in place of an older one of that kiosk. */
static enum store_result expect_own(struct hub *hub, const struct card *card, const uint8_t setup[STORE_HASH]) {
  static const char kind[] = "card";
  char newest[24] = "";
  int64_t made_ms;
  if (!hub->key || !hub_token_good(hub->key, card->kiosk, card->token, &made_ms)) return STORE_NONE;
  const enum store_result known = hub->store->kept(hub->db, kind, card->kiosk, newest, sizeof newest);
  if (known == STORE_FAILED) return known;
  if (known == STORE_DONE && strtoll(newest, NULL, 10) > made_ms) return STORE_NONE;
  snprintf(newest, sizeof newest, "%" PRId64, made_ms);
  const enum store_result kept = hub->store->keep(hub->db, kind, card->kiosk, newest);
  return kept == STORE_DONE ? hub->store->expect(hub->db, card->kiosk, setup) : kept;
}

static enum store_result enrol(struct hub *hub, const struct card *card, const uint8_t token[STORE_HASH]) {
  uint8_t setup[STORE_HASH];
  hub_hash(card->token, strlen(card->token), setup);
  const enum store_result listed = hub->store->enrol(hub->db, card->kiosk, setup, card->key, token);
  if (listed != STORE_NONE) return listed;
  const enum store_result own = expect_own(hub, card, setup);
  return own == STORE_DONE ? hub->store->enrol(hub->db, card->kiosk, setup, card->key, token) : own;
}

static void welcome(struct hub *hub, const struct request *request, const struct card *card, struct reply *reply) {
  uint8_t raw[32], hash[STORE_HASH];
  char token[64];
  struct problem problem;
  randombytes_buf(raw, sizeof raw);
  sodium_bin2base64(token, sizeof token, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  hub_hash(token, strlen(token), hash);
  switch (enrol(hub, card, hash)) {
  case STORE_DONE:
    log_info("kiosk %s is enrolled", card->kiosk);
    bound_bring(hub->bound);
    reply_json(reply, request, 200, json_pack("{s:s, s:s}", "kiosk", card->kiosk, "token", token));
    break;
  case STORE_NONE:
    log_warn("a setup card for kiosk %s that this hub doesn't know was refused", card->kiosk);
    problem_set(&problem, "汇总站不认识这张设置卡：请让组织者确认汇总站读的是最新的 kiosks.csv，或重新做一张",
                "the hub doesn't know this setup card: see that it has read the newest kiosks.csv, or make a new card");
    reply_problem(reply, 403, &problem, NULL);
    break;
  case STORE_TAKEN:
    log_warn("a setup card for kiosk %s that was used already was refused", card->kiosk);
    problem_set(&problem, "这张设置卡（或这台签到机的密钥）已经登记过：请给这台签到机重新做一张设置卡",
                "this setup card, or this kiosk's key, is enrolled already: make a new setup card for this kiosk");
    reply_problem(reply, 403, &problem, NULL);
    break;
  case STORE_FAILED: reply_failed(reply);
  }
  sodium_memzero(raw, sizeof raw);
  sodium_memzero(token, sizeof token);
}

void enrol_kiosk(struct hub *hub, const struct request *request, struct reply *reply) {
  struct card card = {.kiosk = ""};
  struct problem problem;
  if (!read_card(request, &card)) {
    problem_set(&problem, "应是 {\"v\":1,\"kiosk\",\"token\",\"key\",\"sig\"}，key 和 sig 是小写十六进制",
                "expected {\"v\":1,\"kiosk\",\"token\",\"key\",\"sig\"} with key and sig in small hexadecimal digits");
    reply_problem(reply, 400, &problem, NULL);
  } else if (!proves_key(&card)) {
    log_warn("a setup card for kiosk %s was refused: the key isn't proved", card.kiosk);
    problem_set(&problem, "sig 不是这把密钥的签名", "sig isn't a signature of this key");
    reply_problem(reply, 403, &problem, NULL);
  } else {
    welcome(hub, request, &card, reply);
  }
  sodium_memzero(&card, sizeof card);
}
