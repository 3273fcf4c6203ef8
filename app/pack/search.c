/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/search.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "pack/forms.h"
#include "pack/inner.h"

struct kept {          /* what was made of a host's blocks, from the first one on */
  struct forms *block; /* owned */
  uint32_t count;
};

struct shelf { /* for all sessions of a pack */
  struct kept kept[INDEX_HOSTS];
  int users[INDEX_HOSTS], sessions; /* that open that host's people; all */
  size_t bytes, room;
};

struct pack_session {
  struct pack *pack; /* borrowed */
  bool shelved;      /* counted in pack->shelf */
  sqlite3_stmt *block;
  struct index_card card;
  struct pack_operator operator;
  uint8_t plain[INDEX_BLOCK];
  struct forms passing; /* of a block that there is no room for: gone with the next one */
  int warm_host;        /* where pack_warm goes on */
  uint32_t warm_block;
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

static bool prepare(struct pack_session *s) {
  static const char sql[] = "SELECT sealed FROM search WHERE host=? AND block=?";
  return sqlite3_prepare_v2(s->pack->db, sql, -1, &s->block, NULL) == SQLITE_OK;
}

static bool take_shelf(struct pack_session *s) {
  struct pack *p = s->pack;
  if (!p->shelf) {
    p->shelf = calloc(1, sizeof *p->shelf);
    if (!p->shelf) return false;
    p->shelf->room = FORMS_MOST;
  }
  for (int i = 0; i < INDEX_HOSTS; i++) p->shelf->users[i] += s->card.opens[i];
  p->shelf->sessions++;
  return s->shelved = true;
}

static void wipe_kept(struct shelf *shelf, struct kept *kept) {
  for (uint32_t i = 0; i < kept->count; i++) {
    shelf->bytes -= kept->block[i].len + sizeof *kept->block;
    forms_wipe(&kept->block[i]);
  }
  free(kept->block);
  *kept = (struct kept){.count = 0};
}

static void leave_shelf(struct pack_session *s) {
  struct shelf *shelf = s->pack->shelf;
  if (!s->shelved) return;
  for (int i = 0; i < INDEX_HOSTS; i++)
    if (s->card.opens[i] && --shelf->users[i] == 0) wipe_kept(shelf, &shelf->kept[i]);
  if (--shelf->sessions) return;
  free(shelf);
  s->pack->shelf = NULL;
}

enum pack_unlock pack_unlock(struct pack *pack, const uint8_t secret[32], struct pack_session **session) {
  struct pack_session *s = calloc(1, sizeof *s);
  *session = NULL;
  if (!s) return PACK_UNLOCK_BROKEN;
  s->pack = pack;
  enum pack_unlock result = open_card(pack, secret, &s->card);
  if (result == PACK_UNLOCKED && !(prepare(s) && take_shelf(s))) result = PACK_UNLOCK_BROKEN;
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

struct pack_session *pack_session_copy(const struct pack_session *from) {
  struct pack_session *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->pack = from->pack;
  s->card = from->card;
  s->operator= from->operator;
  if (prepare(s) && take_shelf(s)) return s;
  pack_lock(s);
  return NULL;
}

void pack_lock(struct pack_session *s) {
  if (!s) return;
  leave_shelf(s);
  forms_wipe(&s->passing);
  sqlite3_finalize(s->block);
  sodium_memzero(s, sizeof *s);
  free(s);
}

const struct pack_operator *pack_operator(const struct pack_session *s) { return &s->operator; }

/* --- blocks --- */

/* Who is among the people of a host that the card opens, too, and that came before. */
static bool seen_before(const struct pack_session *s, int host, uint32_t hosts) {
  for (int i = 0; i < host && i < HOSTS_MAX; i++)
    if (s->card.opens[i] && hosts >> i & 1) return true;
  return false;
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
static bool next_plain(struct pack_session *s, int *host, uint32_t *block, bool *opened, bool *broken) {
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
  for (; blocks > 0 && (more = next_plain(s, &walk->host, &walk->block, &opened, &walk->broken)); blocks--) {
    struct index_person person;
    for (size_t at = 0; opened && index_next(s->plain, &at, &person, &walk->broken);) {
      if (!forms_person(s->pack, &person, &found))
        walk->broken = true;
      else if (!seen_before(s, walk->host, found.attendee.hosts))
        each(to, &found);
    }
  }
  sodium_memzero(&found, sizeof found);
  return more;
}

/* --- forms --- */

static bool keep_forms(struct shelf *shelf, struct kept *kept, const struct forms *made) {
  if (shelf->bytes + made->len + sizeof *made > shelf->room) return false;
  struct forms *grown = realloc(kept->block, sizeof *grown * (kept->count + 1));
  if (!grown) return false;
  kept->block = grown;
  kept->block[kept->count++] = *made;
  shelf->bytes += made->len + sizeof *made;
  return true;
}

/* Those of a block; NULL: the host has no such block. Borrowed until the next call. */
static const struct forms *forms_of(struct pack_session *s, int host, uint32_t block, bool *broken) {
  struct kept *kept = &s->pack->shelf->kept[host];
  struct forms made = {.len = 0};
  bool opened;
  if (block < kept->count) return &kept->block[block];
  if (!take_block(s, host, block, &opened, broken)) return NULL;
  if (opened && !forms_make(s->pack, s->plain, &made)) opened = false;
  sodium_memzero(s->plain, sizeof s->plain);
  made.broken = made.broken || !opened;
  if (block == kept->count && keep_forms(s->pack->shelf, kept, &made)) return &kept->block[block];
  forms_wipe(&s->passing);
  s->passing = made;
  return &s->passing;
}

/* Of the next block that the card opens; NULL: that was the last one. */
static const struct forms *next_forms(struct pack_session *s, int *host, uint32_t *block, bool *broken) {
  for (; *host < INDEX_HOSTS; ++*host, *block = 0) {
    const struct forms *forms = s->card.opens[*host] ? forms_of(s, *host, *block, broken) : NULL;
    if (!forms) continue;
    ++*block;
    return forms;
  }
  forms_wipe(&s->passing);
  return NULL;
}

void forms_room(struct pack_session *s, size_t bytes) { s->pack->shelf->room = bytes; }

size_t forms_kept(const struct pack_session *s) { return s->pack->shelf->bytes; }

bool pack_warm(struct pack_session *s, int blocks) {
  bool broken = false;
  for (; blocks > 0; blocks--)
    if (!next_forms(s, &s->warm_host, &s->warm_block, &broken) || s->passing.bytes) return false;
  return true;
}

/* --- searching --- */

static void keep(struct pack_search *search, const struct form *form, int rank) {
  int at = search->count;
  while (at > 0 && search->place[at - 1].rank > rank) at--;
  bool is_full = search->count == PACK_FOUND_MAX;
  if (is_full) search->more++;
  if (at == PACK_FOUND_MAX) return;
  memmove(&search->place[at + 1], &search->place[at],
          sizeof *search->place * (size_t)((is_full ? PACK_FOUND_MAX - 1 : search->count) - at));
  search->place[at] = (struct pack_place){search->host, search->block - 1, form->at, rank};
  search->count += !is_full;
}

void pack_search_begin(struct pack_search *search, const char *query) {
  memset(search, 0, sizeof *search);
  match_query(query, &search->query);
  if (!search->query.words) search->host = INDEX_HOSTS;
}

bool pack_search_step(struct pack_session *s, struct pack_search *search, int blocks) {
  for (; blocks > 0; blocks--) {
    const struct forms *forms = next_forms(s, &search->host, &search->block, &search->broken);
    const struct form *form;
    if (!forms) return false;
    search->broken = search->broken || forms->broken;
    for (uint32_t at = 0; (form = forms_next(forms, &at));) {
      const int rank = match_fits(&search->query, &form->match, form_text(form));
      if (rank && !seen_before(s, search->host, form->hosts)) keep(search, form, rank);
    }
  }
  return true;
}

static bool read_place(struct pack_session *s, const struct pack_place *place, struct pack_found *found) {
  struct index_person person;
  size_t at = place->at;
  bool damaged;
  return index_next(s->plain, &at, &person, &damaged) && forms_person(s->pack, &person, found);
}

void pack_search_show(struct pack_session *s, struct pack_search *search) {
  bool opened = false, broken = false;
  search->shown = 0;
  for (int i = 0; i < search->count; i++) {
    const struct pack_place *place = &search->place[i], *before = i ? place - 1 : NULL;
    if (!before || before->host != place->host || before->block != place->block)
      opened = take_block(s, place->host, place->block, &opened, &broken) && opened;
    if (opened && read_place(s, place, &search->found[search->shown]))
      search->found[search->shown++].rank = place->rank;
    else
      broken = true;
  }
  search->broken = search->broken || broken;
  sodium_memzero(s->plain, sizeof s->plain);
}

void pack_search(struct pack_session *s, const char *query, struct pack_search *search) {
  pack_search_begin(search, query);
  while (pack_search_step(s, search, 64)) continue;
  pack_search_show(s, search);
}
