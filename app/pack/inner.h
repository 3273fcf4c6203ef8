/* SPDX-License-Identifier: Apache-2.0
 * What the pack's sources share among themselves: the open pack.
 */
#ifndef YINGBIN_PACK_INNER_H
#define YINGBIN_PACK_INNER_H

#include <sodium.h>
#include <sqlite3.h>

#include "pack/format.h"
#include "pack/pack.h"
#include "pack/pattern.h"

enum { PATTERNS_MAX = 64, TICKET_KEYS_MAX = 16, PICTURE_MOST = 8 << 20 };

struct picture_kept {
  struct picture_kept *next;
  char name[ID_MAX * 2];
  size_t len;
  uint8_t bytes[];
};

struct pack {
  sqlite3 *db;
  sqlite3_stmt *find, *revoked, *picture, *phone; /* phone: NULL where the pack has no such index */
  struct catalog catalog;
  struct pack_facts facts;
  uint8_t salt[EVENTS_MAX][PACK_SALT];
  struct {
    int16_t event;
    regex_t regex;
  } pattern[PATTERNS_MAX];
  int patterns;
  struct {
    bool set;
    regex_t regex;
  } accept[STATIONS_MAX];
  uint8_t ticket_key[TICKET_KEYS_MAX][32];
  int ticket_keys;
  bool has_seal;
  uint8_t seal[32];
  struct picture_kept *pictures; /* handed out */
  struct shelf *shelf;           /* owned by the sessions that are open (search.c); NULL: none is */

  /* an installed pack is checked again in the background */
  int fd; /* -1: opened as it lies */
  struct minisign_pub pub;
  struct minisign_sig sig;
  crypto_generichash_state hash;
  enum pack_check checked;
  char file[512]; /* for messages */
};

/* True, too, where the list can't be read: *broken then. */
bool pack_is_revoked(struct pack *p, int event, const uint8_t hash[PACK_HASH], bool *broken);

bool pack_prepare(struct pack *p); /* the statements of every look-up */

#endif
