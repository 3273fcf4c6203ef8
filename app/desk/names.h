/* SPDX-License-Identifier: Apache-2.0
 * The names that staff corrected: by which people are greeted from then on. A small table, kept in DIR/names.sealed under
 * a key that comes from the kiosk's own (XChaCha20-Poly1305, libsodium), so that the file alone says nothing.
 * The journal has the same for the organizer; a purge of it removes this file, too. Blocking file I/O.
 */
#ifndef YINGBIN_DESK_NAMES_H
#define YINGBIN_DESK_NAMES_H

#include "base/problem.h"
#include "core/catalog.h"

enum { NAMES_MAX = 256 }; /* then the oldest makes room */

struct names {
  uint8_t key[32];
  bool kept; /* there is a key: the file is written */
  char file[4096];
  int count;
  struct name {
    char event[ID_MAX], number[ID_MAX], name[TEXT_MAX];
  } at[NAMES_MAX]; /* the oldest first */
};

/* Reads what is kept, of the events that the catalog still has. stamp_key: of the kiosk's identity; NULL: nothing is kept. */
void names_open(struct names *n, const char *data, const uint8_t stamp_key[32], const struct catalog *catalog);

/* NULL: it wasn't corrected. Borrowed until the next names_put. */
const char *names_find(const struct names *n, const char *event, const char *number);

/* It counts even where the file can't be written (false), until the kiosk ends. */
bool names_put(struct names *n, const char *event, const char *number, const char *name, struct problem *problem);

#endif
