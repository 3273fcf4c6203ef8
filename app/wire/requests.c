/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "wire/wire.h"

static const char name_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
static const char token_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

static bool only(const char *text, const char *signs) { return text[strspn(text, signs)] == '\0'; }

bool wire_hub(const char *text, char out[WIRE_HUB]) {
  size_t len = strlen(text);
  const size_t scheme = !strncasecmp(text, "https://", 8) ? 8 : !strncasecmp(text, "http://", 7) ? 7 : 0;
  while (len > scheme && text[len - 1] == '/') len--;
  out[0] = '\0';
  if (!scheme || len == scheme || len >= WIRE_HUB) return false;
  for (size_t i = 0; i < len; i++)
    if (text[i] <= ' ' || text[i] > '~' || strchr("\"<>\\^`{|}@?#", text[i])) return false;
  memcpy(out, text, len);
  out[len] = '\0';
  return true;
}

/* The value of the line `key=...`, once; false: it doesn't fit. Not there: empty. */
static bool value_of(const char *text, const char *key, char *out, size_t size) {
  const size_t n = strlen(key);
  out[0] = '\0';
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    const size_t len = strcspn(line, "\n");
    if (len <= n || strncmp(line, key, n) != 0 || line[n] != '=') continue;
    if (out[0] || len - n - 1 >= size) return false;
    memcpy(out, line + n + 1, len - n - 1);
    out[len - n - 1] = '\0';
  }
  return true;
}

bool wire_setup(const char *text, struct wire_setup *s, struct problem *problem) {
  char version[8], hub[WIRE_HUB];
  *s = (struct wire_setup){.hub = ""};
  const bool fits = value_of(text, "v", version, sizeof version) && value_of(text, "hub", hub, sizeof hub) &&
                    value_of(text, "spki", s->spki, sizeof s->spki) && value_of(text, "kiosk", s->kiosk, sizeof s->kiosk) &&
                    value_of(text, "token", s->token, sizeof s->token) &&
                    value_of(text, "stations", s->stations, sizeof s->stations) &&
                    value_of(text, "pub", s->pub, sizeof s->pub) && value_of(text, "pack", s->pack, sizeof s->pack) && value_of(text, "host", s->host, sizeof s->host);
  if (fits && strcmp(version, "1") != 0)
    return problem_set(problem, "这张设置卡是版本“%s”，本程序只认识版本 1：请安装新版程序",
                       "this setup card is of version “%s”, this program knows version 1: install the newer program", version);
  const bool spki = !s->spki[0] || (strlen(s->spki) == WIRE_SPKI - 1 && only(s->spki, "0123456789abcdef"));
  if (!fits || !spki || !wire_hub(hub, s->hub) || !s->kiosk[0] || !only(s->kiosk, name_signs) || !s->token[0] ||
      !only(s->token, token_signs) || !only(s->pack, name_signs) || (s->host[0] && !only(s->host, token_signs)))
    return problem_set(problem, "设置卡的内容不完整：应有 hub、kiosk、token，请用 yingbin card setup 重新制作",
                       "the setup card isn't whole: it takes hub, kiosk, token; make it again with yingbin card setup");
  if (s->spki[0] && strncasecmp(s->hub, "https://", 8) != 0)
    return problem_set(
        problem, "设置卡写明了汇总站的公钥，网址却不是 https://：请用 yingbin card setup 重新制作",
        "the setup card names the hub's key, but its address isn't https://: make it again with yingbin card setup");
  return true;
}

size_t wire_enrol_said(const char *kiosk, const char *token, uint8_t said[WIRE_BODY]) {
  const int n = snprintf((char *)said, WIRE_BODY, "yingbin enrol v1%c%s%c%s", 0, kiosk, 0, token);
  return n > 0 && n < WIRE_BODY ? (size_t)n : 0;
}

static void hex(const uint8_t *bytes, size_t n, char *out) {
  for (size_t i = 0; i < n; i++) sprintf(out + 2 * i, "%02x", bytes[i]);
}

/* Names and tokens hold no sign that JSON escapes: wire_setup saw to that. */
size_t wire_enrol(const char *kiosk, const char *token, const uint8_t key[32], const uint8_t sig[64], char body[WIRE_BODY]) {
  char key_hex[65], sig_hex[129];
  hex(key, 32, key_hex);
  hex(sig, 64, sig_hex);
  const int n = snprintf(body, WIRE_BODY, "{\"v\":1,\"kiosk\":\"%s\",\"token\":\"%s\",\"key\":\"%s\",\"sig\":\"%s\"}", kiosk,
                         token, key_hex, sig_hex);
  return n > 0 && n < WIRE_BODY && only(kiosk, name_signs) && only(token, token_signs) ? (size_t)n : 0;
}
