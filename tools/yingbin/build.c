/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/build.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "core/ticket.h"
#include "pack/catalog.h"
#include "pack/format.h"
#include "tools/yingbin/index_build.h"
#include "tools/yingbin/phones.h"
#include "tools/yingbin/revoked.h"

enum { WEAK_BITS = 64 };

enum which { CODE, SECOND, ISSUED };

struct writing {
  struct folder *f;
  sqlite3 *db;
  const struct build *build;
  struct index_build *index;
  struct phones *phones;
  struct revoked revoked;
  struct {
    char *bytes; /* owned */
    size_t len;
  } picture[PICTURES_MAX];
};

/* --- weak codes --- */

struct shape { /* what all the codes of one roster have in common */
  const char *first;
  size_t prefix, suffix, least; /* least: length of the shortest */
};

static void shape_take(struct shape *s, const char *code) {
  size_t n = strlen(code), k = 0;
  if (!s->first) {
    *s = (struct shape){.first = code, .prefix = n, .suffix = n, .least = n};
    return;
  }
  size_t m = strlen(s->first);
  while (k < s->prefix && k < n && code[k] == s->first[k]) k++;
  s->prefix = k;
  for (k = 0; k < s->suffix && k < n && code[n - 1 - k] == s->first[m - 1 - k];) k++;
  s->suffix = k;
  if (n < s->least) s->least = n;
}

/* The longest run of characters that chance is written in: not the words and punctuation of an address or of JSON. */
static size_t longest_run(const char *at, size_t len, const char **start) {
  size_t best = 0;
  for (size_t i = 0, n; i < len; i += n + 1) {
    for (n = 0; i + n < len && (isalnum((unsigned char)at[i + n]) || at[i + n] == '-' || at[i + n] == '_'); n++) continue;
    if (n > best) best = n, *start = at + i;
  }
  return best;
}

/* At most that many bits of chance are in a code: its part that differs from the others', if every character of it were free.
 */
static double bits_of(const struct shape *s, const char *code) {
  size_t fixed = s->prefix + s->suffix < s->least ? s->prefix + s->suffix : 0;
  bool digit = false, hex = true, lower = false, upper = false;
  const char *at = code;
  size_t n = longest_run(code + (fixed ? s->prefix : 0), strlen(code) - fixed, &at);
  for (size_t i = 0; i < n; i++) {
    digit |= isdigit((unsigned char)at[i]) != 0, lower |= islower((unsigned char)at[i]) != 0,
        upper |= isupper((unsigned char)at[i]) != 0;
    hex = hex && (isxdigit((unsigned char)at[i]) || at[i] == '-');
  }
  int letters = hex && digit && lower != upper ? 16 : digit * 10 + lower * 26 + upper * 26;
  return letters > 1 ? (double)n * log2(letters) : 0;
}

static void count_weak(const struct folder *f, int roster, struct build *b) {
  struct shape shape = {.first = NULL};
  for (int i = 0; i < f->people_count; i++)
    if (f->people[i].foreign && f->people[i].roster == roster) shape_take(&shape, f->people[i].code);
  for (int i = 0; i < f->people_count; i++)
    if (f->people[i].foreign && f->people[i].roster == roster) b->weak_codes += bits_of(&shape, f->people[i].code) < WEAK_BITS;
}

void build_count(struct folder *f, struct build *b) {
  *b = (struct build){.attendees = 0};
  for (int i = 0; i < f->people_count; i++)
    b->attendees += !f->roster[f->people[i].roster].elsewhere_only && !f->roster[f->people[i].roster].practice;
  for (int i = 0; i < f->rosters; i++) count_weak(f, i, b);
  b->phones = phones_count(f);
  if (b->weak_codes)
    remarks_say(&f->warnings,
                "有 %1$lld "
                "个外来码短到可以试出来：谁拿到活动包文件，就能把这些人的姓名、单位试出来。请像保管报名表一样保管活动包，活动后"
                "从签到机删除",
                "%1$lld foreign codes are short enough to be guessed: who gets hold of the pack can find out these people's "
                "names and organizations by trying. Guard the pack like the roster, and delete it from the kiosk afterwards",
                (long long)b->weak_codes);
}

/* --- rows --- */

static int by_hash(const void *a, const void *b) {
  const struct ticket_row *x = a, *y = b;
  return x->event != y->event ? x->event - y->event : memcmp(x->hash, y->hash, PACK_HASH);
}

/* NULL: the person has no such code. The issued one stays good where a roster's own came later: it was sent. */
static const char *code_of(const struct person *p, enum which which) {
  const char *code = which == CODE ? p->code : which == SECOND ? p->second : p->issued;
  return *code && (which != ISSUED || strcmp(code, p->code) != 0) ? code : NULL;
}

/* Sorted: SQLite then writes its pages one behind the other. */
struct ticket_row *build_rows(const struct folder *f, int *count) {
  size_t n = 0;
  for (int i = 0; i < f->people_count; i++)
    for (enum which w = CODE; w <= ISSUED; w++) n += code_of(&f->people[i], w) != NULL;
  struct ticket_row *row = grow(NULL, n, sizeof *row), *r = row;
  for (int i = 0; i < f->people_count; i++)
    for (enum which w = CODE; w <= ISSUED; w++) {
      const char *code = code_of(&f->people[i], w);
      if (!code) continue;
      *r = (struct ticket_row){.person = i, .event = f->people[i].event, .which = (uint8_t)w};
      pack_hash(f->salt[r->event], (const uint8_t *)code, strlen(code), r->hash);
      r++;
    }
  qsort(row, n, sizeof *row, by_hash);
  *count = (int)n;
  return row;
}

const struct person *build_holder(const struct folder *f, const struct ticket_row *rows, int count, int event,
                                  const uint8_t hash[PACK_HASH]) {
  struct ticket_row wanted = {.event = (int16_t)event};
  memcpy(wanted.hash, hash, sizeof wanted.hash);
  const struct ticket_row *found = count ? bsearch(&wanted, rows, (size_t)count, sizeof *rows, by_hash) : NULL;
  return found ? &f->people[found->person] : NULL;
}

void build_attendee(const struct person *p, struct attendee *a) {
  *a = (struct attendee){.event = p->event, .type = p->type, .hosts = p->hosts, .party = p->party, .confirmed = p->confirmed};
  snprintf(a->number, sizeof a->number, "%s", p->number);
  snprintf(a->name, sizeof a->name, "%s", p->name);
  snprintf(a->organization, sizeof a->organization, "%s", p->organization);
  snprintf(a->title, sizeof a->title, "%s", p->title);
  snprintf(a->seat, sizeof a->seat, "%s", p->seat);
  snprintf(a->attention, sizeof a->attention, "%s", p->attention);
}

static bool run(sqlite3_stmt *s) {
  bool good = sqlite3_step(s) == SQLITE_DONE;
  return sqlite3_reset(s) == SQLITE_OK && good;
}

static bool write_ticket(struct writing *w, sqlite3_stmt *insert, const struct ticket_row *r) {
  uint8_t plain[PACK_ROW_MAX], sealed[PACK_ROW_MAX + PACK_NONCE + PACK_MAC];
  struct attendee a;
  const struct person *p = &w->f->people[r->person];
  const char *code = code_of(p, (enum which)r->which);
  sqlite3_bind_int(insert, 1, r->event);
  sqlite3_bind_blob(insert, 2, r->hash, PACK_HASH, SQLITE_STATIC);
  sqlite3_bind_null(insert, 3);
  if (!w->f->roster[p->roster].elsewhere_only) {
    build_attendee(p, &a);
    size_t len = pack_row_encode(&a, plain);
    size_t n = len ? pack_seal(w->f->salt[r->event], (const uint8_t *)code, strlen(code), plain, len, sealed) : 0;
    sodium_memzero(plain, sizeof plain);
    if (!n) return false;
    sqlite3_bind_blob(insert, 3, sealed, (int)n, SQLITE_STATIC);
  }
  return run(insert);
}

static bool write_tickets(struct writing *w) {
  int rows;
  struct ticket_row *row = build_rows(w->f, &rows);
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(w->db, "INSERT INTO ticket VALUES(?,?,?)", -1, &insert, NULL) == SQLITE_OK;
  bool tell = rows > 20000 && isatty(STDERR_FILENO);
  for (int i = 0; good && i < rows; i++) {
    good = write_ticket(w, insert, &row[i]);
    if (tell && i % 20000 == 0) fprintf(stderr, "\r电子票 / tickets: %d / %d", i, rows);
  }
  if (tell) fputs("\r                                        \r", stderr);
  sqlite3_finalize(insert);
  free(row);
  return good;
}

static bool write_hash(sqlite3_stmt *insert, int event, const uint8_t hash[PACK_HASH]) {
  sqlite3_bind_int(insert, 1, event);
  sqlite3_bind_blob(insert, 2, hash, PACK_HASH, SQLITE_STATIC);
  return run(insert);
}

static bool write_revoked(struct writing *w) {
  sqlite3_stmt *insert = NULL;
  uint8_t hash[PACK_HASH];
  const struct revoked *r = &w->revoked;
  bool good = sqlite3_prepare_v2(w->db, "INSERT OR IGNORE INTO revoked VALUES(?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int e = 0; e < w->f->catalog.events; e++) {
    for (int i = 0; good && i < r->texts; i++) {
      pack_hash(w->f->salt[e], (const uint8_t *)r->text[i], strlen(r->text[i]), hash);
      good = write_hash(insert, e, hash);
    }
    for (int i = 0; good && i < r->numbers; i++) {
      pack_number_hash(w->f->salt[e], r->number[i], hash);
      good = write_hash(insert, e, hash);
    }
  }
  sqlite3_finalize(insert);
  return good;
}

static bool write_blob(sqlite3 *db, const char *sql, int64_t number, const void *bytes, size_t len) {
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(db, sql, -1, &insert, NULL) == SQLITE_OK;
  if (good) {
    sqlite3_bind_blob(insert, 1, bytes, (int)len, SQLITE_STATIC);
    if (sqlite3_bind_parameter_count(insert) > 1) sqlite3_bind_int64(insert, 2, number);
    good = run(insert);
  }
  sqlite3_finalize(insert);
  return good;
}

static bool write_number(sqlite3 *db, const char *key, int64_t value) {
  char sql[128];
  snprintf(sql, sizeof sql, "INSERT INTO meta VALUES('%s',%lld)", key, (long long)value);
  return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool write_pictures(struct writing *w) {
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(w->db, "INSERT INTO picture VALUES(?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; good && i < w->f->pictures; i++) {
    sqlite3_bind_text(insert, 1, w->f->picture[i], -1, SQLITE_STATIC);
    sqlite3_bind_blob(insert, 2, w->picture[i].bytes, (int)w->picture[i].len, SQLITE_STATIC);
    good = run(insert);
  }
  sqlite3_finalize(insert);
  return good;
}

static bool write_patterns(struct writing *w) {
  sqlite3_stmt *insert = NULL;
  bool good = sqlite3_prepare_v2(w->db, "INSERT INTO pattern VALUES(?,?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; good && i < w->f->rosters; i++) {
    if (!*w->f->roster[i].code_pattern) continue;
    sqlite3_bind_int(insert, 1, i);
    sqlite3_bind_int(insert, 2, w->f->roster[i].event);
    sqlite3_bind_text(insert, 3, w->f->roster[i].code_pattern, -1, SQLITE_STATIC);
    good = run(insert);
  }
  sqlite3_finalize(insert);
  return good;
}

static bool write_rest(struct writing *w) {
  struct folder *f = w->f;
  bool good = write_number(w->db, "attendees", w->build->attendees) &&
              write_number(w->db, "weak_codes", w->build->weak_codes) &&
              write_number(w->db, "cards", index_build_cards(w->index));
  if (good && f->has_seal) good = write_blob(w->db, "INSERT INTO meta VALUES('seal',?1)", 0, f->seal, sizeof f->seal);
  for (int i = 0; good && i < f->catalog.events; i++)
    good = write_blob(w->db, "INSERT INTO salt VALUES(?2,?1)", i, f->salt[i], sizeof f->salt[i]);
  for (int i = 0; good && i < f->ticket_keys; i++)
    good =
        write_blob(w->db, "INSERT OR IGNORE INTO ticket_key VALUES(?1)", 0, f->ticket_key[i].key, sizeof f->ticket_key[i].key);
  return good && write_patterns(w) && write_pictures(w);
}

static bool exec(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK; }

static bool write_database(struct writing *w, const char *beside, struct problem *problem) {
  char setup[256];
  snprintf(setup, sizeof setup,
           "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=%d; PRAGMA "
           "user_version=%d; BEGIN",
           PACK_APPLICATION_ID, phones_any(w->phones) ? PACK_VERSION_PHONE : PACK_VERSION);
  int error = sqlite3_open_v2(beside, &w->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  bool good = error == SQLITE_OK && exec(w->db, setup) && exec(w->db, pack_schema);
  if (good && phones_any(w->phones)) good = exec(w->db, pack_schema_phone);
  if (good && !catalog_write(w->db, &w->f->catalog, problem)) {
    sqlite3_close(w->db);
    return false;
  }
  good = good && write_rest(w) && write_tickets(w) && index_build_write(w->index, w->db) && write_revoked(w) &&
         (!phones_any(w->phones) || phones_write(w->phones, w->db)) && exec(w->db, "COMMIT");
  if (!good)
    problem_set(problem, "无法写入活动包“%1$s”：%2$s。磁盘满了吗？", "can't write the pack “%1$s”: %2$s. Is the disk full?",
                beside, sqlite3_errmsg(w->db));
  return sqlite3_close(w->db) == SQLITE_OK && good;
}

/* Pack and signature move into place one after the other: both are whole before either does. */
static bool sign_and_settle(const struct folder *f, const char *beside, const char *file, const struct minisign_key *key,
                            struct problem *problem) {
  char comment[128], from[PATH_MAX + 16], to[PATH_MAX];
  snprintf(comment, sizeof comment, "yingbin pack %s build %u", f->catalog.name, (unsigned)f->catalog.build);
  snprintf(from, sizeof from, "%s.minisig", beside);
  if (snprintf(to, sizeof to, "%s.minisig", file) >= PATH_MAX)
    return problem_set(problem, "路径太长：“%s”", "the path is too long: “%s”", file);
  if (!minisign_sign(key, beside, comment, problem)) return false;
  if (!file_commit(beside, file, 0644, problem)) {
    unlink(from);
    return false;
  }
  return file_commit(from, to, 0644, problem);
}

/* All files that go in, before anything is written. */
static bool read_files(struct writing *w, struct problem *problem) {
  struct folder *f = w->f;
  if (!index_build_open(f, &w->index, problem) || !revoked_read(f, &w->revoked, problem)) return false;
  if (!phones_open(f, &w->phones, problem)) return false;
  for (int i = 0; i < f->pictures; i++)
    if (!file_read(folder_path(f, f->picture[i]), PACK_PICTURE_MOST, &w->picture[i].bytes, &w->picture[i].len, problem))
      return false;
  return true;
}

bool build_write(struct folder *f, const char *file, const struct minisign_key *key, struct build *b, struct problem *problem) {
  char beside[PATH_MAX];
  struct stat st;
  struct writing w = {.f = f, .build = b};
  bool good = read_files(&w, problem) && file_begin(file, beside, problem);
  if (good && (!write_database(&w, beside, problem) || !sign_and_settle(f, beside, file, key, problem))) {
    file_abandon(beside);
    good = false;
  }
  index_build_close(w.index);
  phones_close(w.phones);
  revoked_free(&w.revoked);
  for (int i = 0; i < f->pictures; i++) free(w.picture[i].bytes);
  if (!good) return false;
  b->bytes = stat(file, &st) == 0 ? (int64_t)st.st_size : 0;
  return true;
}
