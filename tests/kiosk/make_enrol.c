/* SPDX-License-Identifier: Apache-2.0
 * make_enrol DATA NAME CARD: what a kiosk with the data folder DATA sends to enrol with the text of a setup card; the key
 * is made where there is none. NAME is who it says that it is.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/base45.h"
#include "journal/identity.h"

int main(int argc, char **argv) {
  static const char prefix[] = "YBSET1:";
  uint8_t card[1024], said[512], sig[64];
  char key[65], signature[129];
  size_t len = 0;
  struct kiosk_identity identity;
  struct problem problem;
  if (argc != 4 || sodium_init() < 0 || strncmp(argv[3], prefix, sizeof prefix - 1) != 0) return 2;
  const char *text = argv[3] + sizeof prefix - 1;
  if (!base45_decode(text, strlen(text), card, sizeof card - 1, &len)) return 1;
  card[len] = '\0';
  char *token = strstr((char *)card, "token=");
  if (!token || !journal_identity(argv[1], argv[2], &identity, &problem)) return 1;
  token += strlen("token=");
  token[strcspn(token, "\n")] = '\0';
  const int n = snprintf((char *)said, sizeof said, "yingbin enrol v1%c%s%c%s", 0, argv[2], 0, token);
  crypto_sign_detached(sig, NULL, said, (size_t)n, identity.secret_key);
  printf("{\"v\":1,\"kiosk\":\"%s\",\"token\":\"%s\",\"key\":\"%s\",\"sig\":\"%s\"}\n", argv[2], token,
         sodium_bin2hex(key, sizeof key, identity.public_key, 32), sodium_bin2hex(signature, sizeof signature, sig, 64));
  return 0;
}
