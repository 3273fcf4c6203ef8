/* SPDX-License-Identifier: Apache-2.0
 * DATA/pack.stamp says which pack of the data folder is in use and that its whole signature was checked:
 * size, mtime, inode and signature of the file, the source that it was copied from (or, where a newer one was
 * received, that the one before it was copied from), and the last build used of each pack, MACed with the kiosk's own key. Renaming it into place is the commit of an
 * installation.
 */
#ifndef YINGBIN_PACK_STAMP_H
#define YINGBIN_PACK_STAMP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/problem.h"
#include "core/types.h"

enum { STAMP_USED_MAX = 32, STAMP_FILE_MAX = ID_MAX + 48 };

struct stamp_stat {
  int64_t size, mtime_ns, inode;
};

struct stamp {
  char file[STAMP_FILE_MAX]; /* in the data folder; empty: it was removed */
  struct stamp_stat installed, source;
  bool received; /* from a hub, in place of what `source` has */
  uint8_t sig[64];
  int used;
  struct {
    char name[ID_MAX];
    uint32_t build;
  } last[STAMP_USED_MAX]; /* the oldest makes room */
};

struct stamp_stat stamp_stat(const struct stat *st);
bool stamp_same(const struct stamp_stat *a, const struct stamp_stat *b);

/* False: there is none, or it was not written with this key (another kiosk's data, a damaged file). */
bool stamp_read(const char *data, const uint8_t key[32], struct stamp *stamp);
bool stamp_write(const char *data, const uint8_t key[32], const struct stamp *stamp, struct problem *problem);

uint32_t stamp_last_build(const struct stamp *stamp, const char *name); /* 0: never used */
void stamp_use(struct stamp *stamp, const char *name, uint32_t build);

#endif
