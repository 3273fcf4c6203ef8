/* SPDX-License-Identifier: Apache-2.0
 * secrets.ini: the salt of each event and the secret of the search indexes, made once; the last build's
 * number, and the last attendee number when it was made. Who has a pack and
 * its salt can try codes; who loses the salt loses nothing but every ticket's hash, so keep it.
 */
#ifndef YINGBIN_TOOLS_SECRETS_H
#define YINGBIN_TOOLS_SECRETS_H

#include <stdint.h>

#include "core/types.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/remarks.h"

enum { SECRETS_MAX = 256 };

struct secrets {
  uint32_t build;       /* of the last pack; 0: none yet */
  uint64_t last_number; /* in codes.csv when that was made: who has a higher one isn't in it */
  uint8_t index[32];    /* zeros: none yet */
  struct {
    char event[ID_MAX];
    uint8_t salt[32];
  } salt[SECRETS_MAX];
  int salts;
  bool changed;
};

bool secrets_read(const char *file, struct secrets *secrets, struct remarks *errors); /* no such file: empty */
bool secrets_write(const char *file, const struct secrets *secrets, struct problem *problem);
const uint8_t *secrets_salt(struct secrets *secrets, const char *event); /* made where it is new; NULL: too many */

#endif
