/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/index_build.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "pack/index.h"
#include "pack/match.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/cards.h"
#include "tools/yingbin/secrets.h"

enum { PINYIN_MAX = 400, LAST = 4 };

struct host_blocks { /* of one host: the block being filled */
  bool wanted;
  uint8_t key[INDEX_KEY];
  uint8_t *plain; /* owned */
  size_t used;
  uint32_t block;
};

struct index_build {
  struct folder *f;
  struct cards cards;
  struct pinyin *pinyin;
  struct host_blocks host[INDEX_HOSTS];
  sqlite3_stmt *insert;
};

/* --- cards --- */

static int host_of(const struct folder *f, const char *id) {
  for (int i = 0; i < f->catalog.hosts; i++)
    if (!strcmp(f->catalog.host[i].id, id)) return i;
  return -1;
}

static bool opens(const struct folder *f, const struct operator_card *c, int host) {
  if (!*c->host) return host < f->catalog.hosts || host == INDEX_NO_HOST;
  return host == host_of(f, c->host);
}

bool index_build_open(struct folder *f, struct index_build **out, struct problem *problem) {
  struct index_build *x = grow(NULL, 1, sizeof *x);
  struct remarks errors = {.count = 0};
  *x = (struct index_build){.f = f};
  *out = x;
  bool good = cards_read(folder_path(f, "cards.csv"), &f->texts, &x->cards, &errors);
  if (!good) *problem = errors.at[0];
  remarks_free(&errors);
  for (int i = 0; good && i < x->cards.count; i++) {
    const struct operator_card *c = &x->cards.at[i];
    if (!c->valid) continue;
    for (int host = 0; host < INDEX_HOSTS; host++) x->host[host].wanted |= opens(f, c, host);
    if (*c->host && host_of(f, c->host) < 0)
      remarks_say(&f->warnings, "cards.csv：%1$lld 号卡的主办方 %2$s 不在 pack.ini 里，这张卡搜索不到任何人",
                  "cards.csv: card %1$lld is of host %2$s, which pack.ini doesn't have; it finds nobody", (long long)c->id,
                  c->host);
  }
  return good && (!index_build_cards(x) || pinyin_open(&x->pinyin, problem));
}

void index_build_close(struct index_build *x) {
  if (!x) return;
  for (int i = 0; i < INDEX_HOSTS; i++) free(x->host[i].plain);
  pinyin_close(x->pinyin);
  cards_free(&x->cards);
  sodium_memzero(x, sizeof *x);
  free(x);
}

int index_build_cards(const struct index_build *x) {
  int n = 0;
  for (int i = 0; i < x->cards.count; i++) n += x->cards.at[i].valid;
  return n;
}

static bool run(sqlite3_stmt *s) {
  bool good = sqlite3_step(s) == SQLITE_DONE;
  return sqlite3_reset(s) == SQLITE_OK && good;
}

static bool write_cards(struct index_build *x, sqlite3 *db) {
  sqlite3_stmt *insert = NULL;
  uint8_t sealed[INDEX_CARD_SEALED];
  bool good = sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO card VALUES(?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; good && i < x->cards.count; i++) {
    const struct operator_card *c = &x->cards.at[i];
    struct index_card card = {.id = (uint32_t)c->id, .lead = c->lead};
    if (!c->valid) continue;
    snprintf(card.name, sizeof card.name, "%s", c->name);
    for (int host = 0; host < INDEX_HOSTS; host++)
      if ((card.opens[host] = opens(x->f, c, host))) memcpy(card.key[host], x->host[host].key, INDEX_KEY);
    index_card_seal(&card, c->key, x->f->secrets->index, sealed);
    sodium_memzero(&card, sizeof card);
    sqlite3_bind_blob(insert, 1, c->key, sizeof c->key, SQLITE_STATIC);
    sqlite3_bind_blob(insert, 2, sealed, sizeof sealed, SQLITE_STATIC);
    good = run(insert);
  }
  sqlite3_finalize(insert);
  return good;
}

/* --- people --- */

static const char *last_of(const char *text) {
  size_t len = strlen(text), at = len;
  for (int n = 0; n < LAST && at > 0; n++) do
      at--;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
  return text + at;
}

/* What the index says of phone and e-mail: as little as pack.ini allows. */
static void contacts_of(const struct folder *f, const struct person *p, char phone[64], char email[TEXT_MAX]) {
  char folded[MATCH_FOLDED_MAX], local[TEXT_MAX];
  size_t n = 0;
  phone[0] = email[0] = 0;
  if (f->contacts == CONTACTS_NONE) return;
  match_fold(p->phone, strlen(p->phone), folded, sizeof folded);
  for (const char *at = folded; *at && n < 63; at++)
    if (isdigit((unsigned char)*at)) phone[n++] = *at;
  phone[n] = 0;
  snprintf(local, sizeof local, "%.*s", (int)utf8_cut(p->email, strlen(p->email), sizeof local - 1), p->email);
  if (f->contacts == CONTACTS_FULL) {
    strcpy(email, local);
    return;
  }
  local[strcspn(local, "@")] = 0;
  strcpy(email, last_of(local));
  memmove(phone, last_of(phone), strlen(last_of(phone)) + 1);
}

static size_t put_text(uint8_t row[PACK_ROW_MAX], size_t at, enum pack_row_tag tag, const char *text) {
  size_t next = *text ? pack_row_put(row, at, tag, text, strlen(text)) : at;
  return next > PACK_ROW_MAX ? at : next; /* very long texts: found by fewer ways */
}

size_t index_row(const struct folder *f, struct pinyin *by, const struct person *p, uint8_t row[PACK_ROW_MAX]) {
  struct attendee a;
  char phone[64], email[TEXT_MAX], pinyin[PINYIN_MAX];
  uint8_t event = (uint8_t)p->event;
  build_attendee(p, &a);
  contacts_of(f, p, phone, email);
  pinyin_of(by, p->name, pinyin, sizeof pinyin);
  size_t at = pack_row_put(row, pack_row_fields(&a, row), ROW_EVENT, &event, 1);
  if (at > PACK_ROW_MAX) return 0;
  at = put_text(row, at, ROW_PHONE, phone);
  at = put_text(row, at, ROW_PINYIN, pinyin);
  return put_text(row, at, ROW_EMAIL, email);
}

static bool write_block(struct index_build *x, int host) {
  struct host_blocks *b = &x->host[host];
  uint8_t *sealed = grow(NULL, 1, INDEX_SEALED);
  if (b->used < INDEX_BLOCK) memset(b->plain + b->used, 0, INDEX_BLOCK - b->used);
  index_seal(b->key, host, b->block, b->plain, sealed);
  sqlite3_bind_int(x->insert, 1, host);
  sqlite3_bind_int64(x->insert, 2, b->block++);
  sqlite3_bind_blob(x->insert, 3, sealed, INDEX_SEALED, SQLITE_STATIC);
  b->used = 0;
  bool good = run(x->insert);
  free(sealed);
  return good;
}

static bool add(struct index_build *x, int host, const struct index_person *person) {
  struct host_blocks *b = &x->host[host];
  if (!b->wanted) return true;
  if (!b->plain) b->plain = grow(NULL, 1, INDEX_BLOCK);
  return index_put(b->plain, &b->used, person) || (write_block(x, host) && index_put(b->plain, &b->used, person));
}

static bool add_person(struct index_build *x, const struct person *p) {
  uint8_t hash[PACK_HASH], row[PACK_ROW_MAX];
  struct index_person person = {hash, row, index_row(x->f, x->pinyin, p, row)};
  bool good = person.row_len > 0;
  pack_hash(x->f->salt[p->event], (const uint8_t *)p->code, strlen(p->code), hash);
  for (int host = 0; good && host < HOSTS_MAX; host++)
    if (p->hosts >> host & 1) good = add(x, host, &person);
  if (good && !p->hosts) good = add(x, INDEX_NO_HOST, &person);
  sodium_memzero(row, sizeof row);
  return good;
}

static bool write_people(struct index_build *x) {
  const struct folder *f = x->f;
  bool good = true, tell = f->people_count > 20000 && isatty(STDERR_FILENO);
  for (int i = 0; good && i < f->people_count; i++) {
    if (!f->roster[f->people[i].roster].elsewhere_only) good = add_person(x, &f->people[i]);
    if (tell && i % 20000 == 0) fprintf(stderr, "\r搜索索引 / search index: %d / %d", i, f->people_count);
  }
  if (tell) fputs("\r                                              \r", stderr);
  for (int host = 0; good && host < INDEX_HOSTS; host++)
    if (x->host[host].used) good = write_block(x, host);
  return good;
}

bool index_build_write(struct index_build *x, sqlite3 *db) {
  if (!index_build_cards(x)) return true;
  for (int host = 0; host < INDEX_HOSTS; host++)
    index_key(x->f->secrets->index, x->f->catalog.name, x->f->catalog.build, host, x->host[host].key);
  bool good = write_cards(x, db) &&
              sqlite3_prepare_v2(db, "INSERT INTO search VALUES(?,?,?)", -1, &x->insert, NULL) == SQLITE_OK && write_people(x);
  sqlite3_finalize(x->insert);
  return good;
}
