/* SPDX-License-Identifier: Apache-2.0
 * make_export DATA NAME LINE: an export of one record that says LINE, whatever that is, chained and signed by the key of the
 * kiosk with that data folder. What a kiosk that was taken over could send.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "journal/identity.h"

int main(int argc, char **argv) {
  struct kiosk_identity who;
  struct problem problem;
  uint8_t chain[JOURNAL_CHAIN], sig[64];
  char header[1024], journal[33], key[65], hex[65], signature[129];
  if (argc != 4 || sodium_init() < 0 || !journal_identity(argv[1], argv[2], &who, &problem)) return 2;
  chain_start(who.public_key, who.journal, chain);
  const int len =
      snprintf(header, sizeof header,
               "{\"v\":1,\"kiosk\":\"%s\",\"journal\":\"%s\",\"key\":\"%s\",\"from_seq\":1,\"chain_before\":\"%s\"}", argv[2],
               sodium_bin2hex(journal, sizeof journal, who.journal, JOURNAL_ID),
               sodium_bin2hex(key, sizeof key, who.public_key, 32), sodium_bin2hex(hex, sizeof hex, chain, JOURNAL_CHAIN));
  chain_next(chain, argv[3], strlen(argv[3]));
  chain_sign(who.secret_key, header, (size_t)len, 1, chain, sig);
  sodium_bin2hex(hex, sizeof hex, chain, JOURNAL_CHAIN);
  printf("%s\n%s\t%s\n", header, argv[3], hex);
  printf("{\"to_seq\":1,\"chain\":\"%s\",\"sig\":\"%s\"}\n", hex, sodium_bin2hex(signature, sizeof signature, sig, sizeof sig));
  return 0;
}
