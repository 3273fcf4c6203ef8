/* SPDX-License-Identifier: Apache-2.0
 * Packs, made by the organizer's own builder: what each kind of ticket is found as, that a kiosk takes
 * only what is signed, newest and whole, and that no damage of a file does more than be refused.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "core/ticket.h"
#include "folder_build.h"
#include "pack/format.h"
#include "pack/pack.h"
#include "scratch.h"

static const char ini[] =
    "[pack]\nname = test\nticket_keys = t.pub\nrevoked = revoked.txt\nseal = t.pub\n"
    "[host kcc]\nname.en = KCC\nlogo = logo.png\n"
    "[event here]\ntitle.en = Here\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n"
    "[event there]\ntitle.en = There\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n"
    "[event city]\ntitle.en = City\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n"
    "[event night]\ntitle.en = Night\nstarts = 2023-10-21 21:30\nends = 2023-10-21 24:00\ntz = Asia/Shanghai\n"
    "[roster here.csv]\nevent = here\nhost = kcc\nstatus.ok = ok\nstatus.no = no\ncode.pattern = /t/([A-Z0-9]+)$\n"
    "[roster there.csv]\nevent = there\n"
    "[roster city.csv]\nevent = city\nelsewhere_only = yes\n"
    "[type guest]\nlabel.en = Guest\n"
    "[station here/door]\nkind = entry\naccept = [0-9]{6}\n"
    "[station night/door]\nkind = entry\n";
static const char here[] = "name,type,status,code,organization,seat,party,attention\n"
                           "张三,guest,ok,,开源社,A1,2,vip\n欧阳晓晴,,no,,,,,\n李雷,,ok,FC10,,,,\n韩梅梅,,ok,https://x.example/"
                           "t/FC11,,,,\n\"60 characters: ᠮᠣᠩᠭᠣᠯ 🎉👨‍👩‍👧\",,ok,,,,,\n";

struct world {
  struct scratch s;
  struct minisign_key key, tickets;
  struct minisign_pub pub;
  uint8_t stamp_key[32];
  struct folder *f;
};

static void put(struct world *w, const char *name, const char *text) {
  scratch_write(scratch_file(&w->s, name), text, strlen(text));
}

/* One black pixel. */
static const uint8_t logo[] = {0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
                               0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
                               0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
                               0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x48, 0xaf, 0xa4, 0x71, 0x00,
                               0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static void build(struct world *w, const char *file) { folder_build(w->f, &w->s, &w->key, file); }

static int setup(void **state) {
  struct world *w = calloc(1, sizeof *w);
  struct problem problem;
  bool locked;
  assert_true(w && (w->f = calloc(1, sizeof *w->f)) && sodium_init() >= 0);
  scratch_make(&w->s);
  assert_true(minisign_new(scratch_file(&w->s, "k"), NULL, &problem) && minisign_new(scratch_file(&w->s, "t"), NULL, &problem));
  assert_true(minisign_read_key(scratch_file(&w->s, "k.key"), NULL, &locked, &w->key, &problem));
  assert_true(minisign_read_key(scratch_file(&w->s, "t.key"), NULL, &locked, &w->tickets, &problem));
  assert_true(minisign_read_pub(scratch_file(&w->s, "k.pub"), &w->pub, &problem));
  memset(w->stamp_key, 7, sizeof w->stamp_key);
  put(w, "pack.ini", ini);
  put(w, "here.csv", here);
  put(w, "there.csv", "name\n王五\n");
  put(w, "city.csv", "name\n赵六\n");
  put(w, "revoked.txt", "");
  scratch_write(scratch_file(&w->s, "logo.png"), (const char *)logo, sizeof logo);
  build(w, "test.ybp");
  *state = w;
  return 0;
}

static int teardown(void **state) {
  struct world *w = *state;
  folder_free(w->f);
  free(w->f);
  scratch_remove(&w->s);
  free(w);
  return 0;
}

static const struct person *person(const struct world *w, const char *name) {
  for (int i = 0; i < w->f->people_count; i++)
    if (!strcmp(w->f->people[i].name, name)) return &w->f->people[i];
  fail_msg("no %s", name);
  return NULL;
}

static struct pack *open_pack(struct world *w) {
  struct pack *pack;
  struct problem problem;
  if (!pack_open(scratch_file(&w->s, "test.ybp"), &pack, &problem)) fail_msg("%s", problem.en);
  return pack;
}

static enum lookup find(struct pack *pack, int16_t station, const char *text, struct question *q, char code[33]) {
  *q = (struct question){.catalog = pack_catalog(pack), .station = station};
  ticket_parse((const uint8_t *)text, strlen(text), &q->ticket);
  pack_find(pack, (const uint8_t *)text, strlen(text), q, code);
  return q->lookup;
}

static void test_roster_codes(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  struct question *q = malloc(sizeof *q);
  char code[33], again[33];
  assert_non_null(q);
  assert_int_equal(find(pack, 0, person(w, "张三")->code, q, code), LOOKUP_FOUND);
  assert_string_equal(q->attendee.name, "张三");
  assert_string_equal(q->attendee.organization, "开源社");
  assert_string_equal(q->attendee.seat, "A1");
  assert_string_equal(q->attendee.attention, "vip");
  assert_string_equal(q->attendee.number, person(w, "张三")->number);
  assert_int_equal(q->attendee.party, 2);
  assert_int_equal(q->attendee.type, 0);
  assert_int_equal(q->attendee.event, 0);
  assert_int_equal(q->attendee.hosts, 1);
  assert_true(q->attendee.confirmed);
  assert_int_equal(strlen(code), 32);
  assert_int_equal(find(pack, 0, person(w, "欧阳晓晴")->code, q, again), LOOKUP_FOUND);
  assert_false(q->attendee.confirmed);
  assert_int_equal(q->attendee.type, -1);
  assert_string_not_equal(code, again);
  assert_int_equal(find(pack, 0, person(w, "60 characters: ᠮᠣᠩᠭᠣᠯ 🎉👨‍👩‍👧")->code, q, code),
                   LOOKUP_FOUND);
  assert_int_equal(find(pack, 0, person(w, "王五")->code, q, code), LOOKUP_FOUND); /* the other event's, whose rows are here */
  assert_int_equal(q->attendee.event, 1);
  assert_int_equal(find(pack, 0, person(w, "赵六")->code, q, code), LOOKUP_FOREIGN_CITY);
  assert_int_equal(q->elsewhere_event, 2);
  assert_string_equal(q->attendee.name, "");
  assert_int_equal(find(pack, 0, "0000000000000000", q, code), LOOKUP_MISSING);
  assert_int_equal(strlen(code), 32);
  assert_int_equal(pack_facts(pack)->attendees, 6);
  free(q);
  pack_close(pack);
}

static void test_foreign_codes(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  struct question *q = malloc(sizeof *q);
  char code[33], same[33];
  assert_non_null(q);
  assert_int_equal(find(pack, 0, "FC10", q, code), LOOKUP_FOUND);                            /* whole */
  assert_int_equal(find(pack, 0, " FC10\r\n", q, code), LOOKUP_FOUND);                       /* as a trimmed cell */
  assert_int_equal(find(pack, 0, "https://anything.example/t/FC10", q, same), LOOKUP_FOUND); /* by the pattern */
  assert_string_equal(q->attendee.name, "李雷");
  assert_string_equal(code, same);
  assert_int_equal(find(pack, 0, "https://x.example/t/FC11", q, code), LOOKUP_FOUND);
  assert_string_equal(q->attendee.name, "韩梅梅");
  assert_int_equal(find(pack, 0, "https://x.example/t/FC12", q, code), LOOKUP_MISSING);
  assert_true(q->shaped);
  assert_int_equal(find(pack, 0, "https://x.example/u/FC10", q, code), LOOKUP_MISSING);
  assert_false(q->shaped);
  assert_int_equal(find(pack, 0, "123456", q, code), LOOKUP_ACCEPTED);
  assert_int_equal(find(pack, 0, "1234567", q, code), LOOKUP_MISSING); /* of another shape: not in part, either */
  const char *payment = "https://qr.alipay.com/fkx1234567890";
  find(pack, 0, payment, q, code);
  if (q->ticket.foreign == FOREIGN_PAYMENT) assert_string_equal(code, "");
  assert_int_equal(find(pack, 0, "134567890123456789", q, code), LOOKUP_NONE); /* to pay with: no hash of it */
  assert_int_equal(q->ticket.foreign, FOREIGN_PAYMENT);
  assert_string_equal(code, "");
  assert_int_equal(pack_facts(pack)->weak_codes, 2);
  assert_true(pack_catalog(pack)->event[0].foreign);
  assert_false(pack_catalog(pack)->event[1].foreign);
  free(q);
  pack_close(pack);
}

static void test_without_roster(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  struct question *q = malloc(sizeof *q);
  char code[33];
  assert_non_null(q);
  assert_int_equal(find(pack, 1, "anything", q, code), LOOKUP_PRESENCE);
  assert_string_equal(code, "");
  assert_int_equal(find(pack, 1, person(w, "张三")->code, q, code), LOOKUP_PRESENCE);
  assert_string_equal(code, "");
  assert_int_equal(find(pack, 1, "134567890123456789", q, code), LOOKUP_NONE);
  *q = (struct question){.catalog = pack_catalog(pack), .station = 1, .ticket = {.kind = TICKET_PRESENCE}};
  pack_find(pack, NULL, 0, q, code);
  assert_int_equal(q->lookup, LOOKUP_PRESENCE);
  q->station = 0;
  pack_find(pack, NULL, 0, q, code);
  assert_int_equal(q->lookup, LOOKUP_NONE);
  free(q);
  pack_close(pack);
}

static void sign_ticket(const struct world *w, const struct minisign_key *key, uint32_t tag, const char *name,
                        char text[TICKET_TEXT_MAX]) {
  struct signed_ticket s = {
      .key_id = pack_key_id(key->key + 32), .event_tag = tag, .not_after_s = UINT32_MAX, .type = 1, .number = 900};
  uint8_t message[18 + TICKET_BODY_MAX], signature[64];
  (void)w;
  strcpy(s.name, name);
  assert_true(ticket_body(&s));
  memcpy(message, "yingbin ticket v1", 18);
  memcpy(message + 18, s.body, s.signed_len);
  crypto_sign_detached(signature, NULL, message, 18u + s.signed_len, key->key);
  assert_true(ticket_encode(&s, signature, text));
}

static void test_signed_tickets(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  const struct catalog *c = pack_catalog(pack);
  struct question *q = malloc(sizeof *q);
  char text[TICKET_TEXT_MAX], code[33];
  assert_non_null(q);
  assert_int_equal(c->event[0].tag, pack_event_tag("here", "2023-10-21"));
  sign_ticket(w, &w->tickets, c->event[0].tag, "钱七", text);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_FOUND);
  assert_string_equal(q->attendee.name, "钱七");
  assert_string_equal(q->attendee.number, "900");
  assert_int_equal(q->attendee.type, 0);
  assert_int_equal(q->attendee.event, 0);
  assert_true(q->attendee.confirmed);
  sign_ticket(w, &w->tickets, c->event[1].tag, "钱七", text);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_FOUND);
  assert_int_equal(q->attendee.event, 1);
  sign_ticket(w, &w->tickets, 12345, "钱七", text); /* ours, of an event that isn't in the pack */
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_FOREIGN_CITY);
  assert_int_equal(q->elsewhere_event, -1);
  sign_ticket(w, &w->key, c->event[0].tag, "钱七", text); /* by a key that signs packs, not tickets */
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_FORGED);
  struct minisign_key liar = w->tickets; /* the right key's name, another key's signature */
  memcpy(liar.key, w->key.key, 32);
  sign_ticket(w, &liar, c->event[0].tag, "钱七", text);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_FORGED);
  free(q);
  pack_close(pack);
}

static void test_revoked(void **state) {
  struct world *w = *state;
  struct question *q = malloc(sizeof *q);
  char text[TICKET_TEXT_MAX], list[TICKET_TEXT_MAX + 64], code[33];
  assert_non_null(q);
  sign_ticket(w, &w->tickets, pack_event_tag("here", "2023-10-21"), "钱七", text);
  snprintf(list, sizeof list, "# 作废\n%s\r\n%s\n", person(w, "张三")->code, text);
  put(w, "revoked.txt", list);
  build(w, "test.ybp");
  int warnings = w->f->warnings.count;
  struct pack *pack = open_pack(w);
  assert_int_equal(find(pack, 0, person(w, "张三")->code, q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, person(w, "欧阳晓晴")->code, q, code), LOOKUP_FOUND);
  pack_close(pack);

  put(w, "revoked.txt", "\xEF\xBB\xBFnumber 900\nnumber 1\n\"FC10\"\n"); /* 900: who never was on a roster; 1: 张三 */
  build(w, "test.ybp");
  pack = open_pack(w);
  assert_int_equal(find(pack, 0, person(w, "张三")->code, q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, "FC10", q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, "https://anything.example/t/FC10", q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_REVOKED);
  sign_ticket(w, &w->tickets, pack_event_tag("here", "2023-10-21"), "another name", text);
  assert_int_equal(find(pack, 0, text, q, code), LOOKUP_REVOKED);
  assert_int_equal(find(pack, 0, person(w, "欧阳晓晴")->code, q, code), LOOKUP_FOUND);
  assert_int_equal(w->f->warnings.count, warnings + 1); /* number 900 is nobody's */
  put(w, "revoked.txt", "");
  free(q);
  pack_close(pack);
}

static void test_seal_key(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  uint8_t key[32], secret[32], sealed[crypto_box_SEALBYTES + 4], opened[4];
  assert_true(pack_seal_key(pack, key));
  crypto_box_seal(sealed, (const uint8_t *)"name", 4, key);
  assert_int_equal(crypto_sign_ed25519_sk_to_curve25519(secret, w->tickets.key), 0); /* what the organizer's .key opens */
  assert_int_equal(crypto_box_seal_open(opened, sealed, sizeof sealed, key, secret), 0);
  assert_memory_equal(opened, "name", 4);
  pack_close(pack);
}

static void test_picture(void **state) {
  struct world *w = *state;
  struct pack *pack = open_pack(w);
  const uint8_t *bytes, *again;
  size_t len;
  assert_true(pack_picture(pack, "logo.png", &bytes, &len));
  assert_int_equal(len, sizeof logo);
  assert_memory_equal(bytes, logo, sizeof logo);
  assert_true(pack_picture(pack, "logo.png", &again, &len) && again == bytes);
  assert_false(pack_picture(pack, "other.png", &again, &len));
  pack_close(pack);
}

/* --- installing --- */

static struct pack *install(struct world *w, const char *file, uint32_t allow, struct problem *problem) {
  struct pack *pack = NULL;
  const char *path = file ? scratch_file(&w->s, file) : NULL;
  bool good = pack_install(path, scratch_file(&w->s, "data"), &w->pub, w->stamp_key, allow, &pack, problem);
  assert_true(good == (pack != NULL));
  if (!good) assert_true(problem->zh[0] && problem->en[0]);
  return pack;
}

static void installs(struct world *w, const char *file, uint32_t allow, uint32_t expect_build) {
  struct problem problem = {"", ""};
  struct pack *pack = install(w, file, allow, &problem);
  if (!pack) fail_msg("%s", problem.en);
  assert_int_equal(pack_catalog(pack)->build, expect_build);
  while (pack_recheck(pack, 10000, &problem) == PACK_CHECK_MORE) continue;
  assert_int_equal(pack_recheck(pack, 10000, &problem), PACK_CHECK_GOOD);
  pack_close(pack);
}

static void refuses(struct world *w, const char *file, const char *says) {
  struct problem problem = {"", ""};
  assert_null(install(w, file, 0, &problem));
  if (!strstr(problem.en, says)) fail_msg("'%s' is not in: %s", says, problem.en);
}

static void copy(struct world *w, const char *from, const char *to) {
  char *bytes;
  size_t len;
  bytes = scratch_read(scratch_file(&w->s, from), &len);
  scratch_write(scratch_file(&w->s, to), bytes, len);
  free(bytes);
}

static void copy_pack(struct world *w, const char *from, const char *to) {
  char a[64], b[64];
  copy(w, from, to);
  snprintf(a, sizeof a, "%s.minisig", from);
  snprintf(b, sizeof b, "%s.minisig", to);
  copy(w, a, b);
}

static void change_byte(struct world *w, const char *file, long at) {
  char *bytes;
  size_t len;
  bytes = scratch_read(scratch_file(&w->s, file), &len);
  if (at < 0) at += (long)len;
  bytes[at] ^= 1;
  scratch_write(scratch_file(&w->s, file), bytes, len);
  free(bytes);
}

static void test_install(void **state) {
  struct world *w = *state;
  refuses(w, NULL, "no usable pack");
  refuses(w, "missing.ybp", "missing.ybp");
  build(w, "a.ybp");
  uint32_t n = w->f->catalog.build;
  installs(w, "a.ybp", 0, n);
  installs(w, "a.ybp", 0, n); /* as it lies, by its stamp */
  installs(w, NULL, 0, n);
  build(w, "b.ybp");
  installs(w, "b.ybp", 0, n + 1);
  refuses(w, "a.ybp", "older than build"); /* and the newer one stays */
  installs(w, NULL, 0, n + 1);
  installs(w, "a.ybp", n, n); /* a lead confirmed */
  installs(w, "b.ybp", 0, n + 1);

  copy_pack(w, "b.ybp", "bad.ybp");
  change_byte(w, "bad.ybp", -1);
  refuses(w, "bad.ybp", "does not match its signature");
  copy(w, "a.ybp.minisig", "bad.ybp.minisig");
  refuses(w, "bad.ybp", "does not match its signature");
  copy(w, "b.ybp", "bad.ybp");
  scratch_write(scratch_file(&w->s, "bad.ybp.minisig"), "", 0);
  refuses(w, "bad.ybp", "no minisign signature");
  remove(scratch_file(&w->s, "bad.ybp.minisig"));
  refuses(w, "bad.ybp", "bad.ybp.minisig");
  installs(w, NULL, 0, n + 1);

  struct minisign_pub right = w->pub;
  assert_true(minisign_read_pub(scratch_file(&w->s, "t.pub"), &w->pub, &(struct problem){"", ""}));
  refuses(w, "b.ybp", "another key");
  refuses(w, NULL, "another key");
  w->pub = right;
  memset(w->stamp_key, 8, 32); /* another kiosk's key: its stamp means nothing, the pack is checked anew */
  refuses(w, NULL, "no usable pack");
  installs(w, "b.ybp", 0, n + 1);
}

static int packs_in(const char *folder) {
  DIR *d = opendir(folder);
  int n = 0;
  assert_non_null(d);
  for (const struct dirent *e; (e = readdir(d));) n += strstr(e->d_name, ".ybp") != NULL;
  closedir(d);
  return n;
}

static void test_removed(void **state) {
  struct world *w = *state;
  char data[PATH_MAX], path[PATH_MAX];
  struct problem problem;
  snprintf(data, sizeof data, "%s", scratch_file(&w->s, "data"));
  build(w, "a.ybp");
  build(w, "b.ybp");
  const uint32_t n = w->f->catalog.build;
  installs(w, "b.ybp", 0, n);
  assert_int_equal(packs_in(data), 2); /* and its signature */
  for (int i = 0; i < 2; i++) {
    assert_true(pack_remove(data, w->stamp_key, &problem));
    assert_int_equal(packs_in(data), 0);
    assert_false(pack_in_use(data, w->stamp_key, path));
    refuses(w, NULL, "no usable pack");
  }
  refuses(w, "a.ybp", "older than build");
  installs(w, "b.ybp", 0, n);
}

/* What changed behind the kiosk's back is seen at the next start, or while it runs. */
static void test_recheck(void **state) {
  struct world *w = *state;
  struct problem problem = {"", ""};
  char path[PATH_MAX] = "", line[256];
  build(w, "a.ybp");
  struct pack *pack = install(w, "a.ybp", 0, &problem);
  assert_non_null(pack);
  FILE *stamp = fopen(scratch_file(&w->s, "data/pack.stamp"), "r");
  assert_non_null(stamp);
  while (fgets(line, sizeof line, stamp)) {
    char name[128];
    if (sscanf(line, "file %127s", name) == 1) snprintf(path, sizeof path, "%s/data/%s", w->s.path, name);
  }
  fclose(stamp);
  int fd = open(path, O_RDWR);
  assert_true(fd >= 0);
  assert_int_equal(pwrite(fd, "x", 1, 6000), 1);
  close(fd);
  enum pack_check check;
  while ((check = pack_recheck(pack, 4096, &problem)) == PACK_CHECK_MORE) continue;
  assert_int_equal(check, PACK_CHECK_BAD);
  assert_non_null(strstr(problem.en, "does not match"));
  problem = (struct problem){"", ""};
  assert_int_equal(pack_recheck(pack, 4096, &problem), PACK_CHECK_BAD);
  assert_string_equal(problem.en, ""); /* said once */
  pack_close(pack);
  refuses(w, NULL, "does not match");
  installs(w, "a.ybp", 0, w->f->catalog.build); /* the good one is brought again */
}

/* --- hostile files --- */

static void run_sql(struct world *w, const char *file, const char *sql) {
  sqlite3 *db;
  char *why = NULL;
  assert_int_equal(sqlite3_open(scratch_file(&w->s, file), &db), SQLITE_OK);
  if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", sql, why);
  assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_hostile_tables(void **state) {
  struct world *w = *state;
  static const struct {
    const char *sql, *says;
  } hostile[] = {
      {"PRAGMA user_version=7", "format version 7"},
      {"PRAGMA user_version=1", "build it again"},
      {"PRAGMA user_version=0", "damaged"},
      {"PRAGMA application_id=1", "no event pack"},
      {"DROP TABLE salt", "damaged"},
      {"CREATE VIEW extra AS SELECT 1", "damaged"},
      {"CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM meta; END", "damaged"},
      {"DROP TABLE ticket; CREATE VIEW ticket AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i event, i "
       "hash, i sealed FROM n",
       "damaged"},
      {"DELETE FROM catalog WHERE part='event'", "damaged"},
      {"UPDATE catalog SET value='9' WHERE part='station' AND key='event'", "damaged"},
      {"UPDATE catalog SET position=9999 WHERE part='station' AND position=1", "damaged"},
      {"UPDATE catalog SET value='99999999999999999999' WHERE key='starts'", "damaged"},
      {"UPDATE catalog SET value='7' WHERE key='kind'; INSERT OR REPLACE INTO catalog VALUES('station',0,'kind','9')",
       "damaged"},
      {"UPDATE catalog SET value='../../etc/x' WHERE part='pack' AND key='name'", "damaged"},
      {"UPDATE catalog SET value=CAST(x'ff41' AS TEXT) WHERE key='title.en'", "damaged"},
      {"UPDATE catalog SET value=hex(zeroblob(4000)) WHERE key='title.en'", "damaged"},
      {"UPDATE salt SET salt=x'00'", "damaged"},
      {"DELETE FROM salt", "damaged"},
      {"UPDATE pattern SET pattern='(('", "damaged"},
      {"UPDATE pattern SET pattern='((a{200}){200}){200}'", "damaged"},
      {"UPDATE ticket_key SET key=x'01'", "damaged"},
  };
  struct problem problem;
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
    struct pack *pack;
    copy(w, "test.ybp", "hostile.ybp");
    run_sql(w, "hostile.ybp", hostile[i].sql);
    if (pack_open(scratch_file(&w->s, "hostile.ybp"), &pack, &problem)) fail_msg("opened after %s", hostile[i].sql);
    assert_null(pack);
    if (!strstr(problem.en, hostile[i].says) || !problem.zh[0]) fail_msg("%s: %s", hostile[i].sql, problem.en);
  }
  copy(w, "test.ybp", "hostile.ybp"); /* a row sealed with another code, put under this one's hash */
  run_sql(w, "hostile.ybp", "UPDATE ticket SET sealed=(SELECT sealed FROM ticket WHERE event=1) WHERE event=0");
  struct pack *pack;
  struct question *q = malloc(sizeof *q);
  char code[33];
  assert_non_null(q);
  assert_true(pack_open(scratch_file(&w->s, "hostile.ybp"), &pack, &problem));
  assert_int_equal(find(pack, 0, person(w, "张三")->code, q, code), LOOKUP_BROKEN);
  pack_close(pack);
  free(q);
}

/* Each page damaged, and each length: opened and asked for everything, or refused; never worse. */
static void test_damage(void **state) {
  struct world *w = *state;
  char *whole, *bytes;
  size_t len;
  struct question *q = malloc(sizeof *q);
  whole = scratch_read(scratch_file(&w->s, "test.ybp"), &len);
  bytes = malloc(len);
  assert_true(q && bytes);
  int refused = 0, opened = 0;
  for (size_t at = 0; at < len; at += at < 512 ? 7 : 293) {
    struct problem problem = {"", ""};
    struct pack *pack;
    char code[33];
    memcpy(bytes, whole, len);
    size_t keep = at % 2 ? at : len;
    for (size_t i = at; i < at + 16 && i < len; i++) bytes[i] = (char)(bytes[i] ^ (0x55 + i));
    scratch_write(scratch_file(&w->s, "damaged.ybp"), bytes, keep);
    if (!pack_open(scratch_file(&w->s, "damaged.ybp"), &pack, &problem)) {
      assert_true(problem.zh[0] && problem.en[0]);
      refused++;
      continue;
    }
    opened++;
    for (int i = 0; i < w->f->people_count; i++) find(pack, 0, w->f->people[i].code, q, code);
    pack_close(pack);
  }
  assert_true(refused > 20 && opened > 20); /* both happened: the signature is what tells damage of a row */
  free(bytes);
  free(whole);
  free(q);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_roster_codes),   cmocka_unit_test(test_foreign_codes),  cmocka_unit_test(test_without_roster),
      cmocka_unit_test(test_signed_tickets), cmocka_unit_test(test_revoked),        cmocka_unit_test(test_seal_key),
      cmocka_unit_test(test_picture),        cmocka_unit_test(test_install),        cmocka_unit_test(test_recheck),
      cmocka_unit_test(test_removed),        cmocka_unit_test(test_hostile_tables), cmocka_unit_test(test_damage),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
