/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/walk.h"

#include <stdlib.h>
#include <string.h>

#include "pack/inner.h"

struct pack_walk {
  sqlite3_stmt *rows;
  bool broken;
};

bool pack_walk_begin(struct pack *pack, int event, struct pack_walk **walk) {
  struct pack_walk *w = calloc(1, sizeof *w);
  *walk = w;
  if (!w) return false;
  w->broken = sqlite3_prepare_v2(pack->db, "SELECT hash,sealed FROM ticket WHERE event=? ORDER BY hash", -1, &w->rows, NULL) !=
              SQLITE_OK;
  if (!w->broken) sqlite3_bind_int(w->rows, 1, event);
  return !w->broken;
}

bool pack_walk_next(struct pack_walk *w, struct pack_row *row) {
  int step = w->broken ? SQLITE_ERROR : sqlite3_step(w->rows);
  if (step != SQLITE_ROW) {
    w->broken = step != SQLITE_DONE;
    return false;
  }
  *row = (struct pack_row){sqlite3_column_blob(w->rows, 0), sqlite3_column_blob(w->rows, 1),
                           (size_t)sqlite3_column_bytes(w->rows, 1)};
  w->broken = !row->hash || sqlite3_column_bytes(w->rows, 0) != PACK_HASH;
  return !w->broken;
}

bool pack_walk_end(struct pack_walk *w) {
  bool good = w && !w->broken;
  if (w) sqlite3_finalize(w->rows);
  free(w);
  return good;
}

bool pack_row_open(const struct pack *pack, int event, const struct pack_row *row, const char *code, struct attendee *out) {
  uint8_t plain[PACK_ROW_MAX];
  size_t len;
  if (!row->sealed || !pack_unseal(pack->salt[event], (const uint8_t *)code, strlen(code), row->sealed, row->len, plain, &len))
    return false;
  bool good = pack_row_decode(plain, len, out) && out->type < pack->catalog.types;
  sodium_memzero(plain, sizeof plain);
  out->event = (int16_t)event;
  return good;
}

const uint8_t *pack_salt(const struct pack *pack, int event) { return pack->salt[event]; }
