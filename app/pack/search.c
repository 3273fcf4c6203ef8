/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/search.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/index.h"
#include "pack/inner.h"

struct pack_session {
  struct pack *pack; /* borrowed */
  sqlite3_stmt *block;
  struct index_card card;
  struct pack_operator operator;
  uint8_t plain[INDEX_BLOCK];
};

static enum pack_unlock open_card(struct pack *p, const uint8_t secret[32], struct index_card *card) {
  uint8_t public_key[32], secret_key[32];
  sqlite3_stmt *s = NULL;
  enum pack_unlock result = PACK_UNLOCK_BROKEN;
  crypto_box_seed_keypair(public_key, secret_key, secret);
  if (sqlite3_prepare_v2(p->db, "SELECT sealed FROM card WHERE public_key=?", -1, &s, NULL) == SQLITE_OK) {
    sqlite3_bind_blob(s, 1, public_key, sizeof public_key, SQLITE_STATIC);
    int step = sqlite3_step(s);
    const void *sealed = step == SQLITE_ROW ? sqlite3_column_blob(s, 0) : NULL;
    if (step == SQLITE_DONE) result = PACK_UNLOCK_UNKNOWN;
    if (sealed && index_card_open(sealed, (size_t)sqlite3_column_bytes(s, 0), public_key, secret_key, card))
      result = PACK_UNLOCKED;
  }
  sqlite3_finalize(s);
  sodium_memzero(secret_key, sizeof secret_key);
  return result;
}

enum pack_unlock pack_unlock(struct pack *pack, const uint8_t secret[32], struct pack_session **session) {
  struct pack_session *s = calloc(1, sizeof *s);
  *session = NULL;
  if (!s) return PACK_UNLOCK_BROKEN;
  s->pack = pack;
  enum pack_unlock result = open_card(pack, secret, &s->card);
  if (result == PACK_UNLOCKED &&
      sqlite3_prepare_v2(pack->db, "SELECT sealed FROM search WHERE host=? AND block=?", -1, &s->block, NULL) != SQLITE_OK)
    result = PACK_UNLOCK_BROKEN;
  if (result != PACK_UNLOCKED) {
    pack_lock(s);
    return result;
  }
  s->operator=(struct pack_operator){.id = s->card.id, .lead = s->card.lead, .everyone = s->card.opens[INDEX_NO_HOST]};
  memcpy(s->operator.name, s->card.name, sizeof s->operator.name);
  for (int i = 0; i < pack->catalog.hosts; i++) s->operator.hosts |=(uint32_t) s->card.opens[i] << i;
  *session = s;
  return PACK_UNLOCKED;
}

void pack_lock(struct pack_session *s) {
  if (!s) return;
  sqlite3_finalize(s->block);
  sodium_memzero(s, sizeof *s);
  free(s);
}

const struct pack_operator *pack_operator(const struct pack_session *s) { return &s->operator; }

/* --- searching --- */

static bool copy_text(const struct pack_field *f, char *out, size_t size) {
  if (f->len >= size || memchr(f->at, 0, f->len) || !utf8_valid(f->at, f->len)) return false;
  memcpy(out, f->at, f->len);
  out[f->len] = 0;
  return true;
}

static bool read_person(const struct pack *p, const struct index_person *person, struct pack_found *out) {
  struct pack_field f;
  size_t at = 0;
  memset(out, 0, sizeof *out);
  if (!pack_row_decode(person->row, person->row_len, &out->attendee)) return false;
  while (pack_row_next(person->row, person->row_len, &at, &f)) {
    if (f.tag == ROW_PHONE && !copy_text(&f, out->phone, sizeof out->phone)) return false;
    if (f.tag == ROW_EMAIL && !copy_text(&f, out->email, sizeof out->email)) return false;
    if (f.tag == ROW_EVENT) out->attendee.event = f.len == 1 ? (int16_t)f.at[0] : INT16_C(-1);
  }
  sodium_bin2hex(out->code, sizeof out->code, person->hash, PACK_HASH);
  return out->attendee.event >= 0 && out->attendee.event < p->catalog.events && out->attendee.type < p->catalog.types;
}

/* Who is among the people of a host that the card opens, too, and that came before. */
static bool seen_before(const struct pack_session *s, int host, uint32_t hosts) {
  for (int i = 0; i < host && i < HOSTS_MAX; i++)
    if (s->card.opens[i] && hosts >> i & 1) return true;
  return false;
}

static void keep(struct pack_session *s, struct pack_search *search, const struct index_person *person, int rank) {
  struct pack_found found;
  if (!read_person(s->pack, person, &found)) {
    search->broken = true;
    return;
  }
  if (seen_before(s, search->host, found.attendee.hosts)) return;
  int at = search->count;
  while (at > 0 && search->found[at - 1].rank > rank) at--;
  bool is_full = search->count == PACK_FOUND_MAX;
  if (is_full) search->more++;
  if (at == PACK_FOUND_MAX) return;
  memmove(&search->found[at + 1], &search->found[at],
          sizeof *search->found * (size_t)((is_full ? PACK_FOUND_MAX - 1 : search->count) - at));
  search->found[at] = found;
  search->found[at].rank = rank;
  search->count += !is_full;
}

static void look_through(struct pack_session *s, struct pack_search *search) {
  struct index_person person;
  bool damaged = false;
  for (size_t at = 0; index_next(s->plain, &at, &person, &damaged);) {
    int rank = match_row(&search->query, person.row, person.row_len);
    if (rank) keep(s, search, &person, rank);
  }
  search->broken = search->broken || damaged;
}

/* False: that host has no such block. *opened: it is in s->plain. */
static bool take_block(struct pack_session *s, int host, uint32_t block, bool *opened, bool *broken) {
  sqlite3_bind_int(s->block, 1, host);
  sqlite3_bind_int64(s->block, 2, block);
  int step = sqlite3_step(s->block);
  const void *sealed = step == SQLITE_ROW ? sqlite3_column_blob(s->block, 0) : NULL;
  *opened = sealed && index_open(s->card.key[host], host, block, sealed, (size_t)sqlite3_column_bytes(s->block, 0), s->plain);
  if (!*opened && step != SQLITE_DONE) *broken = true;
  sqlite3_reset(s->block);
  return step == SQLITE_ROW;
}

/* To the next block that the card opens, and into s->plain with it; false: that was the last one, and nothing is left there. */
static bool next_block(struct pack_session *s, int *host, uint32_t *block, bool *opened, bool *broken) {
  for (; *host < INDEX_HOSTS; ++*host, *block = 0) {
    if (!s->card.opens[*host] || !take_block(s, *host, *block, opened, broken)) continue;
    ++*block;
    return true;
  }
  sodium_memzero(s->plain, sizeof s->plain);
  return false;
}

bool pack_walk_step(struct pack_session *s, struct pack_walk *walk, int blocks,
                    void (*each)(void *to, const struct pack_found *), void *to) {
  struct pack_found found;
  bool more = true, opened;
  for (; blocks > 0 && (more = next_block(s, &walk->host, &walk->block, &opened, &walk->broken)); blocks--) {
    struct index_person person;
    for (size_t at = 0; opened && index_next(s->plain, &at, &person, &walk->broken);) {
      if (!read_person(s->pack, &person, &found))
        walk->broken = true;
      else if (!seen_before(s, walk->host, found.attendee.hosts))
        each(to, &found);
    }
  }
  sodium_memzero(&found, sizeof found);
  return more;
}

void pack_search_begin(struct pack_search *search, const char *query) {
  memset(search, 0, sizeof *search);
  match_query(query, &search->query);
  if (!search->query.words) search->host = INDEX_HOSTS;
}

bool pack_search_step(struct pack_session *s, struct pack_search *search, int blocks) {
  bool more = true, opened;
  for (; blocks > 0 && (more = next_block(s, &search->host, &search->block, &opened, &search->broken)); blocks--)
    if (opened) look_through(s, search);
  return more;
}

void pack_search(struct pack_session *s, const char *query, struct pack_search *search) {
  pack_search_begin(search, query);
  while (pack_search_step(s, search, 64)) continue;
}
