/* SPDX-License-Identifier: Apache-2.0
 * Packs of 1,000, 100,000 and 1,000,000 people: how long and how much memory they take to build, to open
 * and to find people in, by code and by pinyin. The control is what one would do without us: the same
 * people in a plain SQLite table, with an index on the code and LIKE for names.
 */
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ticket.h"
#include "pack/search.h"
#include "tools/bench/bench.h"
#include "tools/yingbin/cards.h"

enum { BASE = 100, MILLION = 1000000, RUNS = 4000, OPENS = 50, SEARCHES = 10 };

struct side { /* one size */
  int people;
  char folder[PATH_MAX - 32], file[PATH_MAX];
  uint8_t secret[32]; /* of an operator card */
  double build_ms;
  long peak_kb;
};

struct table { /* the control */
  sqlite3 *db;
  sqlite3_stmt *find, *like;
  double build_ms;
};

static bool run_sql(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK; }

static bool fail(sqlite3 *db, struct problem *problem) {
  return problem_set(problem, "对照表出错：%s", "the control's table: %s", sqlite3_errmsg(db));
}

/* --- the pack --- */

static bool write_card(struct side *side, struct problem *problem) {
  struct card card;
  struct ticket ticket;
  char path[PATH_MAX];
  struct operator_card row = {.id = 1, .name = "bench", .host = "", .lead = true, .valid = true};
  card_operator(row.name, true, "", &card, row.key);
  ticket_parse((const uint8_t *)card.payload, strlen(card.payload), &ticket);
  memcpy(side->secret, ticket.secret, sizeof side->secret);
  snprintf(path, sizeof path, "%s/cards.csv", side->folder);
  return cards_write(path, &(struct cards){&row, 1}, problem);
}

static bool make(struct side *side, const char *scratch, int people, struct problem *problem) {
  side->people = people;
  snprintf(side->folder, sizeof side->folder, "%s/%d", scratch, people);
  snprintf(side->file, sizeof side->file, "%s/pack.ybp", side->folder);
  return bench_folder(side->folder, people, problem) && write_card(side, problem) &&
         bench_build(side->folder, &side->build_ms, &side->peak_kb, problem);
}

bool bench_search_pack(const char *scratch, int people, char file[PATH_MAX], uint8_t secret[32], struct problem *problem) {
  struct side side;
  if (!make(&side, scratch, people, problem)) return false;
  memcpy(file, side.file, PATH_MAX);
  memcpy(secret, side.secret, sizeof side.secret);
  return true;
}

/* --- the table --- */

static bool fill(struct table *t, char **codes, int count) {
  sqlite3_stmt *insert = NULL;
  char name[64], phone[32];
  bool good = sqlite3_prepare_v2(t->db, "INSERT INTO person VALUES(?,?,?,?,?)", -1, &insert, NULL) == SQLITE_OK;
  for (int i = 0; good && i < count; i++) { /* as the roster has them */
    snprintf(name, sizeof name, "欧阳晓%06d", i + 1);
    snprintf(phone, sizeof phone, "138%08d", i + 1);
    sqlite3_bind_text(insert, 1, codes[i], -1, SQLITE_STATIC);
    sqlite3_bind_int(insert, 2, i + 1);
    sqlite3_bind_text(insert, 3, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 4, phone, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 5, "示例科技", -1, SQLITE_STATIC);
    good = sqlite3_step(insert) == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK;
  }
  sqlite3_finalize(insert);
  return good;
}

static bool open_table(struct table *t, const struct side *side, char **codes, int count, struct problem *problem) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/plain.db", side->folder);
  double start = clock_wall_ms();
  bool good = sqlite3_open(path, &t->db) == SQLITE_OK &&
              run_sql(t->db, "BEGIN; CREATE TABLE person(code TEXT PRIMARY KEY, number INTEGER, name TEXT, phone TEXT, "
                             "organization TEXT) WITHOUT ROWID") &&
              fill(t, codes, count) && run_sql(t->db, "COMMIT");
  t->build_ms = clock_wall_ms() - start;
  good =
      good && run_sql(t->db, "PRAGMA cache_size=-512") && /* the pack's */
      sqlite3_prepare_v2(t->db, "SELECT number,name,organization FROM person WHERE code=?", -1, &t->find, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(t->db, "SELECT number,name FROM person WHERE name LIKE ? LIMIT 20", -1, &t->like, NULL) == SQLITE_OK;
  return good || fail(t->db, problem);
}

static void close_table(struct table *t) {
  sqlite3_finalize(t->find);
  sqlite3_finalize(t->like);
  sqlite3_close(t->db);
}

static bool found_in_table(sqlite3_stmt *find, const char *text, struct samples *samples) {
  double start = clock_wall_ms();
  sqlite3_bind_text(find, 1, text, -1, SQLITE_STATIC);
  bool found = false;
  while (sqlite3_step(find) == SQLITE_ROW) found = sqlite3_column_text(find, 1) != NULL;
  sqlite3_reset(find);
  samples_add(samples, clock_wall_ms() - start);
  return found;
}

/* --- figures --- */

static void tell(const char *of, int people, const char *unit, struct samples *figure, const char *control, int control_people,
                 struct samples *other) {
  char name[64], control_name[64];
  snprintf(name, sizeof name, "%s %d", of, people);
  snprintf(control_name, sizeof control_name, "%s %d", control, control_people);
  bench_tell("pack", name, unit, figure, control_name, other);
  samples_free(figure);
  samples_free(other);
}

static void tell_build(const struct side *side, const struct side *base, const struct table *table) {
  struct samples time = {0}, plain = {0}, memory = {0}, least = {0};
  samples_add(&time, side->build_ms / 1e3);
  samples_add(&plain, table->build_ms / 1e3);
  samples_add(&memory, (double)side->peak_kb / 1024);
  samples_add(&least, (double)base->peak_kb / 1024);
  tell("build", side->people, "s", &time, "plain table of", side->people, &plain);
  tell("memory to build", side->people, "MB", &memory, "memory to build", base->people, &least);
}

static bool tell_open(const struct side *side, const struct side *base, int runs, struct problem *problem) {
  struct samples figure = {0}, control = {0};
  for (int i = 0; i < 2 * runs; i++) {
    struct pack *pack;
    double start = clock_wall_ms();
    if (!pack_open(i % 2 ? base->file : side->file, &pack, problem)) return false;
    samples_add(i % 2 ? &control : &figure, clock_wall_ms() - start);
    pack_close(pack);
  }
  tell("open", side->people, "ms", &figure, "open", base->people, &control);
  return true;
}

static enum lookup find(struct pack *pack, const char *code, struct samples *samples) {
  struct question q = {.catalog = pack_catalog(pack), .now = {.wall_ok = true}};
  char hash[33];
  ticket_parse((const uint8_t *)code, strlen(code), &q.ticket);
  double start = clock_wall_ms();
  pack_find(pack, (const uint8_t *)code, strlen(code), &q, hash);
  samples_add(samples, clock_wall_ms() - start);
  return q.lookup;
}

static bool tell_lookup(const struct side *side, struct pack *pack, struct table *table, char **codes, int runs,
                        struct problem *problem) {
  struct samples figure[2] = {{0}}, control[2] = {{0}};
  uint32_t at = 1;
  int wrong = 0;
  for (int i = 0; i < runs; i++) {
    char none[CODE_LEN + 1];
    uint8_t random[10] = {0};
    at = at * 1664525u + 1013904223u; /* Numerical Recipes' generator: people come in no order */
    memcpy(random, &at, sizeof at);
    ticket_code(random, none);
    const char *code = codes[at % (uint32_t)side->people];
    wrong += find(pack, code, &figure[0]) != LOOKUP_FOUND;
    wrong += !found_in_table(table->find, code, &control[0]);
    wrong += find(pack, none, &figure[1]) != LOOKUP_MISSING;
    wrong += found_in_table(table->find, none, &control[1]);
  }
  tell("found in", side->people, "ms", &figure[0], "plain table of", side->people, &control[0]);
  tell("missing in", side->people, "ms", &figure[1], "plain table of", side->people, &control[1]);
  return !wrong || problem_set(problem, "%d 次查找结果不对", "%d look-ups gave a wrong result", wrong);
}

/* As desk does it: a block a turn, so that a guest who comes meanwhile waits for one at most. */
static double search_in_turns(struct pack_session *session, const char *query, struct pack_search *search,
                              struct samples *turns) {
  double all = 0;
  pack_search_begin(search, query);
  for (bool more = true; more;) {
    double start = clock_wall_ms();
    more = pack_search_step(session, search, 1);
    double turn = clock_wall_ms() - start;
    samples_add(turns, turn);
    all += turn;
  }
  return all;
}

static bool tell_search(const struct side *side, struct pack *pack, struct table *table, int runs, struct problem *problem) {
  struct samples figure = {0}, control = {0}, turns = {0}, whole = {0};
  struct pack_session *session;
  struct pack_search *search = malloc(sizeof *search);
  char pinyin[32], like[64];
  int wrong = 0;
  if (!search || pack_unlock(pack, side->secret, &session) != PACK_UNLOCKED) {
    free(search);
    return problem_set(problem, "值班卡打不开活动包", "the operator card doesn't open the pack");
  }
  snprintf(pinyin, sizeof pinyin, "oyx %06d", side->people);
  snprintf(like, sizeof like, "欧阳晓%06d%%", side->people);
  for (int i = 0; i < runs; i++) {
    double all = search_in_turns(session, pinyin, search, &turns);
    samples_add(&figure, all);
    samples_add(&whole, all);
    wrong += search->count != 1 || search->broken;
    wrong += !found_in_table(table->like, like, &control);
  }
  tell("search by pinyin in", side->people, "ms", &figure, "LIKE in a plain table of", side->people, &control);
  tell("a turn of the search in", side->people, "ms", &turns, "all turns in", side->people, &whole);
  pack_lock(session);
  free(search);
  return !wrong || problem_set(problem, "%d 次搜索结果不对", "%d searches gave a wrong result", wrong);
}

static bool measure(const struct side *side, const struct side *base, int runs, struct problem *problem) {
  struct table table = {.db = NULL};
  struct pack *pack = NULL;
  char **codes = NULL;
  int count = 0;
  bool good = bench_codes(side->folder, &codes, &count, problem) && open_table(&table, side, codes, count, problem);
  if (good) tell_build(side, base, &table);
  good = good && tell_open(side, base, runs ? runs : OPENS, problem) && pack_open(side->file, &pack, problem) &&
         tell_lookup(side, pack, &table, codes, runs ? runs : RUNS, problem) &&
         tell_search(side, pack, &table, runs ? runs : SEARCHES, problem);
  pack_close(pack);
  close_table(&table);
  bench_codes_free(codes, count);
  return good;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  static struct side base, side;
  int most = options->people ? options->people : MILLION;
  if (!make(&base, options->scratch, BASE, problem)) return false;
  for (int people = 1000; people < most; people = people == 1000 ? 100000 : MILLION)
    if (!make(&side, options->scratch, people, problem) || !measure(&side, &base, options->runs, problem)) return false;
  return make(&side, options->scratch, most, problem) && measure(&side, &base, options->runs, problem);
}

const struct bench bench_pack = {"pack", "制作、打开、查找 1 千、10 万、100 万人的活动包（几分钟）",
                                 "building, opening and searching packs of 1,000, 100,000 and 1,000,000 (takes minutes)", run};
