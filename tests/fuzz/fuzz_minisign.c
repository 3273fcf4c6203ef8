/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a key or signature file: read as what they are or refused in both languages; no
 * signature of a stranger's bytes ever holds.
 */
#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pack/minisign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* a file in memory; the key of the corpus, so that its comment's signature can be reached */
  static const char key_of_corpus[] = "RWSyzew45k3cBqVg0+QnupTboR5eWZQ/PGaCu/c02tg7AmyRWwNo2Qdd";
  struct minisign_pub pub = {.id = {0}}, read;
  struct minisign_key key;
  struct minisign_sig sig;
  struct problem problem = {"", ""};
  char path[64], text[128];
  uint8_t hash[64] = {1};
  bool locked = false;
  if (sodium_init() < 0) abort();
  minisign_parse_pub(key_of_corpus, &pub);
  int fd = memfd_create("fuzz", MFD_CLOEXEC);
  assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  assert(minisign_read_pub(path, &read, &problem) || (problem.zh[0] && problem.en[0]));
  problem = (struct problem){"", ""};
  if (!minisign_read_key(path, NULL, &locked, &key, &problem))
    assert(problem.zh[0] && problem.en[0]);
  else
    assert(!locked);
  problem = (struct problem){"", ""};
  if (minisign_read_sig(&pub, path, &sig, &problem))
    assert(strlen(sig.comment) < sizeof sig.comment && !minisign_check(&pub, &sig, hash));
  else
    assert(problem.zh[0] && problem.en[0]);
  size_t n = size < sizeof text - 1 ? size : sizeof text - 1;
  memcpy(text, data, n);
  text[n] = 0;
  minisign_parse_pub(text, &read);
  close(fd);
  return 0;
}
