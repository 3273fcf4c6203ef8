/* SPDX-License-Identifier: Apache-2.0
 * The search index of a pack: what a card opens, whom it finds by what, that a card of one host finds no
 * other's people, that a withdrawn one opens nothing, and that no damage is worse than being told.
 */
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ticket.h"
#include "folder_build.h"
#include "pack/forms.h"
#include "scratch.h"
#include "tools/yingbin/cards.h"

static const char ini[] =
    "[pack]\nname = test\n[host kcc]\nname.en = KCC\n[host tidb]\nname.en = TiDB\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n"
    "[roster kcc.csv]\nevent = meet\nhost = kcc\n[roster tidb.csv]\nevent = meet\nhost = tidb\n"
    "[roster all.csv]\nevent = meet\n[station meet/door]\nkind = entry\n";
static const char kcc[] = "name,phone,email,organization,party\n"
                          "张三,138 0000 1234,zhangsan@example.com,开源社,1\n"
                          "张三丰,13800005678,,武当山,1\n欧阳晓晴,+86 13800009999,oy@x.cn,Ping CAP,3\n"
                          "阿卜杜热合曼·买买提吐尔逊江,,,,1\n吕布,,,,1\n单雄信,,,,1\nAlex 陈,,,,1\n𠅤 🎉,,,,1\n";
static const char tidb[] = "name,phone\n李四,13900001234\n欧阳晓晴,13800009999\n";

struct world {
  struct scratch s;
  struct minisign_key key;
  struct folder *f;
  struct cards cards;
  uint8_t secret[4][32]; /* of desk kcc, lead, desk tidb, withdrawn */
};

static void put(struct world *w, const char *name, const char *text) {
  scratch_write(scratch_file(&w->s, name), text, strlen(text));
}

static void add_card(struct world *w, int i, const char *name, bool lead, const char *host, bool valid) {
  struct card card;
  struct operator_card row = {.id = i + 1, .name = name, .host = host, .lead = lead, .valid = valid};
  struct ticket t;
  card_operator(name, lead, host, &card, row.key);
  ticket_parse((const uint8_t *)card.payload, strlen(card.payload), &t);
  assert_int_equal(t.kind, TICKET_OPERATOR);
  memcpy(w->secret[i], t.secret, 32);
  w->cards.at = realloc(w->cards.at, sizeof *w->cards.at * (size_t)(i + 1));
  w->cards.at[w->cards.count++] = row;
}

static void build(struct world *w, const char *file) { folder_build(w->f, &w->s, &w->key, file); }

static int setup(void **state) {
  struct world *w = calloc(1, sizeof *w);
  struct problem problem;
  bool locked;
  assert_true(w && sodium_init() >= 0);
  w->f = calloc(1, sizeof *w->f);
  assert_non_null(w->f);
  scratch_make(&w->s);
  assert_true(minisign_new(scratch_file(&w->s, "k"), NULL, &problem));
  assert_true(minisign_read_key(scratch_file(&w->s, "k.key"), NULL, &locked, &w->key, &problem));
  put(w, "pack.ini", ini);
  put(w, "kcc.csv", kcc);
  put(w, "tidb.csv", tidb);
  put(w, "all.csv", "name\n王五\n");
  add_card(w, 0, "小王", false, "kcc", true);
  add_card(w, 1, "组长", true, "", true);
  add_card(w, 2, "小李", false, "tidb", true);
  add_card(w, 3, "旧卡", true, "", false);
  assert_true(cards_write(scratch_file(&w->s, "cards.csv"), &w->cards, &problem));
  build(w, "test.ybp");
  *state = w;
  return 0;
}

static int teardown(void **state) {
  struct world *w = *state;
  folder_free(w->f);
  free(w->f);
  cards_free(&w->cards);
  scratch_remove(&w->s);
  free(w);
  return 0;
}

static struct pack *open_pack(struct world *w, const char *file) {
  struct pack *pack;
  struct problem problem;
  if (!pack_open(scratch_file(&w->s, file), &pack, &problem)) fail_msg("%s", problem.en);
  return pack;
}

static struct pack_session *unlock(struct world *w, struct pack *pack, int card) {
  struct pack_session *s;
  assert_int_equal(pack_unlock(pack, w->secret[card], &s), PACK_UNLOCKED);
  assert_non_null(s);
  return s;
}

static struct pack_search result;

/* The names found, in order, with blanks between them. */
static const char *names(struct pack_session *s, const char *query) {
  static char out[PACK_FOUND_MAX * 64];
  size_t n = 0;
  pack_search(s, query, &result);
  out[0] = 0;
  for (int i = 0; i < result.count; i++)
    n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", i ? "|" : "", result.found[i].attendee.name);
  assert_false(result.broken);
  return out;
}

static void test_operator(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w, "test.ybp");
  struct pack_session *s = unlock(w, pack, 0);
  const struct pack_operator *o = pack_operator(s);
  assert_string_equal(o->name, "小王");
  assert_int_equal(o->id, 1);
  assert_false(o->lead || o->everyone);
  assert_int_equal(o->hosts, 1);
  pack_lock(s);
  s = unlock(w, pack, 1);
  assert_true(pack_operator(s)->lead && pack_operator(s)->everyone);
  assert_int_equal(pack_operator(s)->hosts, 3);
  pack_lock(s);
  assert_int_equal(pack_unlock(pack, w->secret[3], &s), PACK_UNLOCK_UNKNOWN); /* withdrawn */
  assert_null(s);
  uint8_t other[32] = {1};
  assert_int_equal(pack_unlock(pack, other, &s), PACK_UNLOCK_UNKNOWN);
  pack_lock(NULL);
  pack_close(pack);
}

static void test_found_by(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w, "test.ybp");
  struct pack_session *s = unlock(w, pack, 1);
  static const struct {
    const char *query, *names;
  } tell[] = {{"张三", "张三|张三丰"},
              {"三丰", "张三丰"},
              {"zhangsan", "张三|张三丰"},
              {"ZHANG san f", "张三丰"},
              {"zs", "张三|张三丰"},
              {"zsf", "张三丰"},
              {"zhsf", "张三丰"},
              {"oyxq", "欧阳晓晴"},
              {"ouyang", "欧阳晓晴"},
              {"xiaoq", "欧阳晓晴"},
              {"1234", "张三|李四"},
              {"９９９９", "欧阳晓晴"},
              {"01234", ""},
              {"1380000", ""},
              {"gsan", "张三"},
              {"example.com", ""},
              {"pingcap", "欧阳晓晴"},
              {"ping cap", "欧阳晓晴"},
              {"开源", "张三"},
              {"lv", "吕布"},
              {"lu", "吕布"},
              {"shan", "单雄信"},
              {"dan", ""},
              {"chen", "Alex 陈"},
              {"ａｌｅｘ", "Alex 陈"},
              {"abdrhm", "阿卜杜热合曼·买买提吐尔逊江"},
              {"热合曼买买提", "阿卜杜热合曼·买买提吐尔逊江"},
              {"🎉", "𠅤 🎉"},
              {"张 丰 武当", "张三丰"},
              {"王五", "王五"},
              {"nobody", ""},
              {"", ""},
              {" ·.", ""}};
  for (size_t i = 0; i < sizeof tell / sizeof *tell; i++)
    if (strcmp(names(s, tell[i].query), tell[i].names) != 0)
      fail_msg("'%s' finds '%s', not '%s'", tell[i].query, names(s, tell[i].query), tell[i].names);
  pack_lock(s);
  pack_close(pack);
}

/* What was found is enough to check the person in: as the code itself would have been found. */
static void test_as_by_code(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w, "test.ybp");
  struct pack_session *s = unlock(w, pack, 0);
  struct question *q = calloc(1, sizeof *q);
  char code[33];
  assert_non_null(q);
  assert_string_equal(names(s, "欧阳"), "欧阳晓晴");
  struct pack_found *found = &result.found[0];
  const struct person *p = NULL;
  for (int i = 0; i < w->f->people_count; i++)
    if (!strcmp(w->f->people[i].name, "欧阳晓晴")) p = &w->f->people[i];
  assert_non_null(p);
  q->catalog = pack_catalog(pack);
  ticket_parse((const uint8_t *)p->code, strlen(p->code), &q->ticket);
  pack_find(pack, (const uint8_t *)p->code, strlen(p->code), q, code);
  assert_int_equal(q->lookup, LOOKUP_FOUND);
  assert_memory_equal(&q->attendee, &found->attendee, sizeof q->attendee);
  assert_string_equal(code, found->code);
  assert_string_equal(found->phone, "9999");
  assert_string_equal(found->email, "oy");
  free(q);
  pack_lock(s);
  pack_close(pack);
}

static void test_own_hosts(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w, "test.ybp");
  struct pack_session *s = unlock(w, pack, 0);
  assert_string_equal(names(s, "张三"), "张三|张三丰");
  assert_string_equal(names(s, "李四"), "");
  assert_string_equal(names(s, "王五"), "");
  pack_lock(s);
  s = unlock(w, pack, 2);
  assert_string_equal(names(s, "张三"), "");
  assert_string_equal(names(s, "李四"), "李四");
  assert_string_equal(names(s, "欧阳"), "欧阳晓晴"); /* on both rosters */
  pack_lock(s);
  pack_close(pack);
}

static void test_contacts(void **state) {
  struct world *w = *state;
  static const char key[] = "[pack]\nsearch.contacts = ";
  for (int full = 0; full < 2; full++) {
    char text[sizeof ini + 64];
    snprintf(text, sizeof text, "%s%s%s", key, full ? "full" : "none", ini + strlen("[pack]"));
    put(w, "pack.ini", text);
    build(w, "contacts.ybp");
    struct pack *pack = open_pack(w, "contacts.ybp");
    struct pack_session *s = unlock(w, pack, 1);
    assert_string_equal(names(s, "1234"), full ? "张三|李四" : "");
    assert_string_equal(names(s, "13800001"), full ? "张三" : "");
    assert_string_equal(names(s, "example.com"), full ? "张三" : "");
    assert_string_equal(names(s, "张三"), "张三|张三丰");
    assert_string_equal(result.found[0].phone, full ? "13800001234" : "");
    pack_lock(s);
    pack_close(pack);
  }
  put(w, "pack.ini", ini);
}

/* Thousands of people, in many blocks: the best twenty are kept, the others counted; in pieces the same as at once. */
static void test_many(void **state) {
  struct world *w = *state;
  char *text = NULL;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  fputs("number,name,phone\n", out);
  for (int i = 0; i < 3000; i++) fprintf(out, "%d,%s%d,138%08d\n", i, i % 3 ? "王小" : "赵大", i, i);
  fprintf(out, "x,王小,\n");
  fclose(out);
  put(w, "all.csv", text);
  free(text);
  build(w, "many.ybp");
  struct pack *pack = open_pack(w, "many.ybp");
  struct pack_session *s = unlock(w, pack, 1);
  names(s, "wangxiao");
  assert_int_equal(result.count, PACK_FOUND_MAX);
  assert_int_equal(result.more, 2001 - PACK_FOUND_MAX);
  names(s, "王小");
  assert_string_equal(result.found[0].attendee.name, "王小"); /* the whole name, though its row is the last */
  assert_string_equal(result.found[1].attendee.name, "王小1");
  assert_string_equal(names(s, "zhaoda 2997"), "赵大2997");
  struct pack_search *pieces = malloc(sizeof *pieces);
  assert_non_null(pieces);
  int steps = 1;
  pack_search_begin(pieces, "王小");
  while (pack_search_step(s, pieces, 1)) steps++;
  pack_search_show(s, pieces);
  names(s, "王小");
  assert_true(steps > 5 && pieces->count == result.count && pieces->more == result.more);
  assert_memory_equal(pieces->found, result.found, sizeof result.found);

  /* A copy finds what was made ready, and keeps it when the other one is gone. */
  struct pack_session *copy = pack_session_copy(s);
  const size_t ready = forms_kept(s);
  assert_true(ready > 0);
  pack_lock(s);
  assert_int_equal(forms_kept(copy), ready);
  pack_search(copy, "王小", pieces);
  assert_int_equal(pieces->more, result.more);
  assert_int_equal(forms_kept(copy), ready);
  pack_lock(copy);

  /* Made ready before, or with room for none or for a block or two: the same people. */
  for (int kb = 0; kb <= 256; kb += 128) {
    struct pack_session *other = unlock(w, pack, 1);
    assert_int_equal(forms_kept(other), 0);
    forms_room(other, (size_t)kb * 1024);
    steps = 1;
    while (pack_warm(other, 1)) steps++;
    assert_true(kb ? steps > 1 : steps == 1);
    pack_search(other, "王小", pieces);
    assert_int_equal(pieces->more, result.more);
    assert_memory_equal(pieces->found, result.found, sizeof result.found);
    pack_lock(other);
  }
  free(pieces);
  pack_close(pack);
  put(w, "all.csv", "name\n王五\n");
}

static void run_sql(struct world *w, const char *sql) {
  sqlite3 *db;
  size_t len;
  char *bytes = scratch_read(scratch_file(&w->s, "test.ybp"), &len);
  scratch_write(scratch_file(&w->s, "hostile.ybp"), bytes, len);
  free(bytes);
  assert_int_equal(sqlite3_open(scratch_file(&w->s, "hostile.ybp"), &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void test_hostile(void **state) {
  struct world *w = *state;
  struct pack_session *s;
  static const char *const cards[] = {"UPDATE card SET sealed=x'00'", "UPDATE card SET sealed=zeroblob(2096)",
                                      "UPDATE card SET sealed=NULL"};
  static const char *const blocks[] = {"UPDATE search SET sealed=x'00' WHERE host=0",
                                       "UPDATE search SET sealed=NULL WHERE host=0",
                                       "UPDATE search SET sealed=zeroblob(32808) WHERE host=0",
                                       "UPDATE search SET sealed=(SELECT sealed FROM search WHERE host=1) WHERE host=0"};
  for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
    run_sql(w, cards[i]);
    struct pack *pack = open_pack(w, "hostile.ybp");
    assert_int_equal(pack_unlock(pack, w->secret[0], &s), PACK_UNLOCK_BROKEN);
    pack_close(pack);
  }
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    run_sql(w, blocks[i]);
    struct pack *pack = open_pack(w, "hostile.ybp");
    s = unlock(w, pack, 1);
    pack_search(s, "张三", &result);
    assert_true(result.broken && result.count == 0);
    pack_search(s, "李四", &result); /* the other host's are still there */
    assert_true(result.broken && result.count == 1);
    pack_lock(s);
    pack_close(pack);
  }
}

/* Damaged anywhere: refused, told as broken, or found all the same; never worse. */
static void test_damage(void **state) {
  struct world *w = *state;
  size_t len;
  char *whole = scratch_read(scratch_file(&w->s, "test.ybp"), &len), *bytes = malloc(len);
  int told = 0, unharmed = 0;
  assert_non_null(bytes);
  for (size_t at = 300; at < len; at += 499) {
    struct problem problem;
    struct pack *pack;
    struct pack_session *s;
    memcpy(bytes, whole, len);
    for (size_t i = at; i < at + 8 && i < len; i++) bytes[i] = (char)(bytes[i] ^ 0x5A);
    scratch_write(scratch_file(&w->s, "damaged.ybp"), bytes, len);
    bool opened = pack_open(scratch_file(&w->s, "damaged.ybp"), &pack, &problem);
    bool unlocked = opened && pack_unlock(pack, w->secret[1], &s) == PACK_UNLOCKED;
    if (unlocked) pack_search(s, "oyxq", &result);
    told += !unlocked || result.broken;
    unharmed += unlocked && !result.broken && result.count == 1;
    assert_true(!unlocked || result.broken || result.count <= 1);
    if (unlocked) pack_lock(s);
    if (opened) pack_close(pack);
  }
  assert_true(told > 20 && unharmed > 20);
  free(bytes);
  free(whole);
}

/* A stolen pack: no name, organization, number of the roster, no operator, in the encodings that people use. */
static bool within(const char *bytes, size_t len, const char *text, size_t n) { return memmem(bytes, len, text, n) != NULL; }

static void test_nothing_in_the_clear(void **state) {
  struct world *w = *state;
  size_t len;
  char *bytes = scratch_read(scratch_file(&w->s, "test.ybp"), &len);
  static const char *const utf8[] = {"张三",  "欧阳",   "晓晴",    "热合曼", "小王", "组长", "小李", "开源社",   "武当山",
                                     "zhang", "ouyang", "ou yang", "Alex",   "1234", "5678", "9999", "zhangsan", "13800"};
  for (size_t i = 0; i < sizeof utf8 / sizeof *utf8; i++)
    if (within(bytes, len, utf8[i], strlen(utf8[i]))) fail_msg("%s is in the pack", utf8[i]);
  assert_false(within(bytes, len, "\xD5\xC5\xC8\xFD", 4)); /* 张三 in GB18030 */
  assert_false(within(bytes, len, "\x20\x5F\x09\x4E", 4)); /* and in UTF-16 */
  assert_false(within(bytes, len, "\x5F\x20\x4E\x09", 4));
  assert_true(within(bytes, len, "Meet", 4)); /* so it was looked at */
  free(bytes);
}

/* Blocks and cards are of one size, so what they are of doesn't show. */
static int64_t number_of(struct world *w, const char *sql) {
  sqlite3 *db;
  sqlite3_stmt *s;
  assert_int_equal(sqlite3_open(scratch_file(&w->s, "test.ybp"), &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(s), SQLITE_ROW);
  int64_t n = sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  sqlite3_close(db);
  return n;
}

static void test_sizes(void **state) {
  struct world *w = *state;
  assert_int_equal(number_of(w, "SELECT count(*) FROM card"), 3);
  assert_int_equal(number_of(w, "SELECT count(DISTINCT length(sealed)) FROM card"), 1);
  assert_int_equal(number_of(w, "SELECT count(*) FROM search"), 3);
  assert_int_equal(number_of(w, "SELECT count(DISTINCT length(sealed)) FROM search"), 1);
  assert_true(number_of(w, "SELECT count(DISTINCT length(sealed)) FROM ticket") <= 4);
  assert_int_equal(number_of(w, "SELECT max(length(sealed) % 64) FROM ticket"), (PACK_NONCE + PACK_MAC) % 64);
}

/* Without cards there is no index, and a build's key opens no other build. */
static void test_builds_differ(void **state) {
  struct world *w = *state;
  uint8_t a[32], b[32], secret[32] = {3};
  index_key(secret, "test", 1, 0, a);
  index_key(secret, "test", 2, 0, b);
  assert_memory_not_equal(a, b, 32);
  index_key(secret, "test", 1, 1, b);
  assert_memory_not_equal(a, b, 32);
  remove(scratch_file(&w->s, "cards.csv"));
  build(w, "test.ybp");
  assert_int_equal(number_of(w, "SELECT (SELECT count(*) FROM card) + (SELECT count(*) FROM search)"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_operator),      cmocka_unit_test(test_found_by),
      cmocka_unit_test(test_as_by_code),    cmocka_unit_test(test_own_hosts),
      cmocka_unit_test(test_contacts),      cmocka_unit_test(test_many),
      cmocka_unit_test(test_hostile),       cmocka_unit_test(test_damage),
      cmocka_unit_test(test_sizes),         cmocka_unit_test(test_nothing_in_the_clear),
      cmocka_unit_test(test_builds_differ),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
