/* SPDX-License-Identifier: Apache-2.0
 * What the hub keeps, in SQLite and in PostgreSQL: the same table of tests for both; then what only several hubs on one
 * PostgreSQL can get wrong. That a cursor skips nothing is shown beside one that does.
 */
#include <sqlite3.h>

#include "store_room.h"

#include <pthread.h>
#include <time.h>

/* --- kiosks --- */

static void test_enrolment(void **state) {
  struct room *r = *state;
  struct store_kiosk kiosk;
  uint8_t card[32], other[32], key[32], key_2[32], token[32], token_2[32];
  room_hash("card", card), room_hash("other", other), room_hash("key", key), room_hash("key 2", key_2);
  room_hash("token", token), room_hash("token 2", token_2);
  assert_int_equal(r->ops->enrol(r->store, "door", card, key, token), STORE_NONE);
  assert_int_equal(r->ops->expect(r->store, "door", card), STORE_DONE);
  assert_int_equal(r->ops->expect(r->store, "hall", other), STORE_DONE);
  assert_int_equal(r->ops->enrol(r->store, "door", other, key, token), STORE_NONE);
  assert_int_equal(r->ops->enrol(r->store, "door", card, key, token), STORE_DONE);
  assert_int_equal(r->ops->kiosk(r->store, token, &kiosk), STORE_DONE);
  assert_string_equal(kiosk.name, "door");
  assert_memory_equal(kiosk.key, key, 32);
  assert_int_equal(r->ops->enrol(r->store, "door", card, key_2, token_2), STORE_TAKEN);
  assert_int_equal(r->ops->enrol(r->store, "hall", other, key, token_2), STORE_TAKEN);
  assert_int_equal(r->ops->enrol(r->store, "door", card, key, token_2), STORE_DONE); /* the answer was lost */
  assert_int_equal(r->ops->kiosk(r->store, token, &kiosk), STORE_NONE);
  assert_int_equal(r->ops->expect(r->store, "door", card), STORE_DONE); /* the same card, read again: still used */
  assert_int_equal(r->ops->enrol(r->store, "door", card, key_2, token), STORE_TAKEN);
  assert_int_equal(r->ops->kiosk(r->store, token_2, &kiosk), STORE_DONE);
  assert_int_equal(r->ops->expect(r->store, "door", other), STORE_DONE); /* a new card */
  assert_int_equal(r->ops->kiosk(r->store, token_2, &kiosk), STORE_DONE);
  assert_int_equal(r->ops->enrol(r->store, "door", other, key_2, token), STORE_DONE);
  assert_int_equal(r->ops->kiosk(r->store, token, &kiosk), STORE_DONE);
  assert_memory_equal(kiosk.key, key_2, 32);
}

struct seen {
  struct store_seen last;
  char name[4][ID_MAX], health[4][64];
  int count;
};

static bool take_seen(void *self, const struct store_seen *kiosk) {
  struct seen *s = self;
  snprintf(s->name[s->count], ID_MAX, "%s", kiosk->name);
  snprintf(s->health[s->count], sizeof s->health[0], "%s", kiosk->health);
  if (s->count++ == 0) s->last = *kiosk;
  return s->count < 4;
}

static void test_seen(void **state) {
  struct room *r = *state;
  struct teller door;
  static struct telling told;
  struct seen seen = {.count = 0};
  uint8_t card[32];
  int64_t before, after, added, kiosks, records;
  room_hash("card b", card);
  teller_enrol(r, &door, "door");
  assert_int_equal(r->ops->expect(r->store, "a hall", card), STORE_DONE);
  assert_int_equal(r->ops->stamp(r->store, &before), STORE_DONE);
  teller_tell(&door, &told, 5, "");
  told.batch.at_ms = 77000;
  assert_int_equal(r->ops->append(r->store, &told.batch, &added), STORE_DONE);
  assert_int_equal(r->ops->stamp(r->store, &after), STORE_DONE);
  assert_true(after != before);
  before = after;
  assert_int_equal(r->ops->health(r->store, "door", "{\"queue\":1}", 11, 78000), STORE_DONE);
  assert_int_equal(r->ops->health(r->store, "door", "{\"queue\":2}", 11, 79000), STORE_DONE);
  assert_int_equal(r->ops->stamp(r->store, &after), STORE_DONE);
  assert_true(after != before);
  assert_int_equal(r->ops->kiosks(r->store, take_seen, &seen), STORE_DONE);
  assert_int_equal(seen.count, 2);
  assert_string_equal(seen.name[0], "a hall");
  assert_false(seen.last.enrolled);
  assert_int_equal(seen.last.pushed_ms, 0);
  assert_string_equal(seen.health[1], "{\"queue\":2}");
  assert_int_equal(r->ops->count(r->store, &kiosks, &records), STORE_DONE);
  assert_int_equal(kiosks, 1);
  assert_int_equal(records, 5);
}

/* --- what a hub keeps for itself --- */

static bool take_kept(void *self, const char *name, const char *value) {
  char *all = self;
  const size_t used = strlen(all);
  snprintf(all + used, 128 - used, "%s=%s;", name, value);
  return true;
}

static void test_kept(void **state) {
  struct room *r = *state;
  char value[32], all[128] = "";
  assert_int_equal(r->ops->kept(r->store, "user", "ann", value, sizeof value), STORE_NONE);
  assert_int_equal(r->ops->keep(r->store, "user", "小明", "one"), STORE_DONE);
  assert_int_equal(r->ops->keep(r->store, "user", "ann", "'; DROP TABLE kept"), STORE_DONE);
  assert_int_equal(r->ops->keep(r->store, "session", "ann", "other"), STORE_DONE);
  assert_int_equal(r->ops->keep(r->store, "user", "ann", "two"), STORE_DONE);
  assert_int_equal(r->ops->kept(r->store, "user", "ann", value, sizeof value), STORE_DONE);
  assert_string_equal(value, "two");
  assert_int_equal(r->ops->kept(r->store, "user", "ann", value, 3), STORE_NONE); /* no half of it */
  assert_int_equal(r->ops->each_kept(r->store, "user", take_kept, all), STORE_DONE);
  assert_string_equal(all, "ann=two;小明=one;");
  assert_int_equal(r->ops->drop(r->store, "user", "ann"), STORE_DONE);
  assert_int_equal(r->ops->drop(r->store, "user", "ann"), STORE_DONE);
  assert_int_equal(r->ops->kept(r->store, "user", "ann", value, sizeof value), STORE_NONE);
  assert_int_equal(r->ops->kept(r->store, "session", "ann", value, sizeof value), STORE_DONE);
}

/* --- records --- */

static void push(struct room *r, struct telling *told, enum store_result want, int64_t want_added) {
  int64_t added = -1;
  assert_int_equal(r->ops->append(r->store, &told->batch, &added), want);
  if (want == STORE_DONE) assert_int_equal(added, want_added);
}

static void test_gaps_repeats_forks(void **state) {
  struct room *r = *state;
  static struct telling first, second, third, twin_second, longer;
  struct store_known known[STORE_KNOWN_MOST];
  int count;
  struct teller door, other;
  teller_enrol(r, &door, "door");
  teller_enrol(r, &other, "other");
  struct teller from_start = door;
  assert_int_equal(r->ops->known(r->store, "door", known, &count), STORE_DONE);
  assert_int_equal(count, 0);
  teller_tell(&door, &first, 10, "");
  struct teller twin = door;
  teller_tell(&door, &second, 10, "");
  teller_tell(&door, &third, 10, "");
  push(r, &second, STORE_NONE, 0); /* a gap */
  push(r, &first, STORE_DONE, 10);
  push(r, &third, STORE_NONE, 0);
  push(r, &second, STORE_DONE, 10);
  push(r, &second, STORE_DONE, 0); /* again */
  teller_tell(&from_start, &longer, 25, "");
  push(r, &longer, STORE_DONE, 5); /* overlaps what is there */
  push(r, &third, STORE_DONE, 5);
  teller_tell(&twin, &twin_second, 4, "another story");
  push(r, &twin_second, STORE_DONE, 4);
  assert_int_equal(r->ops->known(r->store, "door", known, &count), STORE_DONE);
  assert_int_equal(known[0].seq, 30); /* both heads, then older ones of the newest branch */
  assert_memory_equal(known[0].chain, door.chain, JOURNAL_CHAIN);
  assert_int_equal(known[1].seq, 14);
  assert_memory_equal(known[1].chain, twin.chain, JOURNAL_CHAIN);
  assert_int_equal(known[2].seq, 29);
  assert_int_equal(known[3].seq, 28);
  assert_int_equal(r->ops->known(r->store, "other", known, &count), STORE_DONE);
  assert_int_equal(count, 0);
  static struct telling strange; /* another kiosk's chain doesn't count as known */
  door.who = other.who;
  teller_tell(&door, &strange, 1, "");
  push(r, &strange, STORE_NONE, 0);
}

/* What a reader of the feed has got. */
struct heard {
  int64_t cursor;
  int count, pages;
  int64_t last_seq[64];   /* by the number behind the kiosk's name */
  int total[64], doubled; /* a kiosk's records come in order, each once */
};

static bool take_heard(void *self, int64_t cursor, const char *kiosk, const char *line, size_t len) {
  struct heard *h = self;
  const char *digits = kiosk + strcspn(kiosk, "0123456789");
  const int of = atoi(digits) % 64;
  long long seq = 0;
  char begin[32];
  snprintf(begin, sizeof begin, "%.*s", (int)(len < 31 ? len : 31), line);
  if (sscanf(begin, "{\"seq\":%lld", &seq) != 1) abort();
  if (cursor <= h->cursor || seq != h->last_seq[of] + 1) h->doubled++;
  h->last_seq[of] = seq;
  h->total[of]++;
  h->cursor = cursor;
  h->count++;
  return true;
}

static bool hear(struct room *r, const char *kiosk, struct heard *h) {
  int before;
  do {
    before = h->count;
    if (r->ops->feed(r->store, "meetup", kiosk, h->cursor, take_heard, h) != STORE_DONE) return false;
    h->pages++;
  } while (h->count - before > STORE_FEED_MOST);
  return true;
}

static bool take_event(void *self, const char *event) {
  strncat(self, event, 16), strncat(self, " ", 2);
  return true;
}

static void test_feed(void **state) {
  struct room *r = *state;
  struct teller a, b;
  static struct telling told;
  struct heard all = {.cursor = 0}, others = {.cursor = 0};
  char events[64] = "";
  teller_enrol(r, &a, "door-1");
  teller_enrol(r, &b, "door-2");
  for (int i = 0; i < 3; i++) {
    teller_tell(&a, &told, 500, "");
    told.batch.record[7].shared = false;
    push(r, &told, STORE_DONE, 500);
    all.last_seq[1] = others.last_seq[1] = 0;
  }
  b.event = "lunch";
  teller_tell(&b, &told, 3, "");
  for (int i = 0; i < 2; i++) snprintf(told.batch.record[i].event, ID_MAX, "meetup");
  push(r, &told, STORE_DONE, 3);
  assert_true(hear(r, "", &all));
  assert_int_equal(all.count, 3 * 499 + 2);
  assert_true(all.pages >= 3);
  assert_true(hear(r, "door-1", &others));
  assert_int_equal(others.count, 2);
  assert_true(hear(r, "", &all));
  assert_int_equal(all.count, 3 * 499 + 2);
  assert_int_equal(r->ops->events(r->store, take_event, events), STORE_DONE);
  assert_string_equal(events, "lunch meetup ");
}

/* Pushes of which others hear of one record each: the feed gives all of them, as if nothing lay between. */
static void test_sparse_feed(void **state) {
  struct room *r = *state;
  struct teller door;
  static struct telling told;
  struct heard h = {.cursor = 0};
  teller_enrol(r, &door, "door-1");
  for (int i = 0; i < 12; i++) {
    teller_tell(&door, &told, 500, "");
    for (int n = 0; n < 500; n++) told.batch.record[n].shared = n == 490;
    push(r, &told, STORE_DONE, 500);
  }
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 12);
  assert_int_equal(h.last_seq[1], 11 * 500 + 491);
}

/* A file of the version before: its records, cursors and heads are there afterwards. */
static void test_older_file(void **state) {
  static const char older[] =
      "ALTER TABLE record RENAME TO new; DROP INDEX record_feed;"
      "CREATE TABLE record (n INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL,"
      " before BLOB NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL, shared INTEGER NOT NULL,"
      " line TEXT NOT NULL, UNIQUE (kiosk, chain)) STRICT;"
      "CREATE INDEX record_before ON record (kiosk, before); CREATE INDEX record_seq ON record (kiosk, seq);"
      "CREATE INDEX record_feed ON record (event, n) WHERE shared;"
      "INSERT INTO record SELECT n + 100, kiosk, seq, chain, before, 'id', 'scan', event, shared, line FROM new;"
      "DROP TABLE new; PRAGMA user_version = 3;";
  struct room *r = *state;
  struct teller door;
  static struct telling told;
  struct heard h = {.cursor = 104};
  struct store_known known[STORE_KNOWN_MOST];
  sqlite3 *db = NULL;
  int count;
  teller_enrol(r, &door, "door-1");
  teller_tell(&door, &told, 10, "");
  push(r, &told, STORE_DONE, 10);
  r->ops->close(r->store);
  assert_int_equal(sqlite3_open(r->db, &db), SQLITE_OK);
  if (sqlite3_exec(db, older, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
  sqlite3_close(db);
  room_open(r);
  push(r, &told, STORE_DONE, 0);
  teller_tell(&door, &told, 10, "");
  push(r, &told, STORE_DONE, 10);
  assert_int_equal(r->ops->known(r->store, "door-1", known, &count), STORE_DONE);
  assert_int_equal(known[0].seq, 20);
  h.last_seq[1] = 4;
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 16);
  assert_int_equal(h.doubled, 0);
}

/* --- many at once --- */

enum { WRITERS = 8, PUSHES = 60 };

struct crowd {
  struct room *room;
  struct teller teller[WRITERS];
  int at, running;
  bool failed;
  pthread_mutex_t lock;
};

/* Pushes of 1 to 40 records, every third of them twice. */
static void *write_some(void *self) {
  struct crowd *c = self;
  pthread_mutex_lock(&c->lock);
  struct teller *t = &c->teller[c->at++];
  pthread_mutex_unlock(&c->lock);
  struct telling *told = calloc(1, sizeof *told);
  int64_t added;
  bool good = told != NULL;
  for (int i = 0; good && i < PUSHES; i++) {
    teller_tell(t, told, 1 + (int)randombytes_uniform(40), "");
    good = c->room->ops->append(c->room->store, &told->batch, &added) == STORE_DONE && added == told->batch.count;
    if (good && i % 3 == 0) good = c->room->ops->append(c->room->store, &told->batch, &added) == STORE_DONE && added == 0;
  }
  free(told);
  pthread_mutex_lock(&c->lock);
  c->running--;
  c->failed = c->failed || !good;
  pthread_mutex_unlock(&c->lock);
  return NULL;
}

static bool still(struct crowd *c) {
  pthread_mutex_lock(&c->lock);
  const bool yes = c->running > 0;
  pthread_mutex_unlock(&c->lock);
  return yes;
}

static void *read_along(void *self) {
  struct crowd *c = self;
  struct heard *h = calloc(1, sizeof *h);
  bool more = true;
  while (h && more) {
    more = still(c); /* asked before: the last round hears all */
    if (!hear(c->room, "", h)) h->doubled++;
  }
  return h;
}

static void test_crowd(void **state) {
  struct crowd c = {.room = *state, .running = WRITERS};
  pthread_t writer[WRITERS], reader[3];
  pthread_mutex_init(&c.lock, NULL);
  for (int i = 0; i < WRITERS; i++) {
    char name[32];
    snprintf(name, sizeof name, "door-%d", i);
    teller_enrol(c.room, &c.teller[i], name);
  }
  for (int i = 0; i < 3; i++) assert_int_equal(pthread_create(&reader[i], NULL, read_along, &c), 0);
  for (int i = 0; i < WRITERS; i++) assert_int_equal(pthread_create(&writer[i], NULL, write_some, &c), 0);
  for (int i = 0; i < WRITERS; i++) pthread_join(writer[i], NULL);
  assert_false(c.failed);
  for (int i = 0; i < 3; i++) {
    void *got;
    pthread_join(reader[i], &got);
    struct heard *h = got;
    assert_non_null(h);
    assert_int_equal(h->doubled, 0);
    for (int k = 0; k < WRITERS; k++) assert_int_equal(h->total[k], c.teller[k].seq);
    free(h);
  }
  pthread_mutex_destroy(&c.lock);
}

/* --- PostgreSQL alone --- */

enum { PATIENCE_S = 120 }; /* only what never comes is at its end */

struct later {
  struct room *room;
  struct telling *told;
  enum store_result result;
  int64_t added;
};

static void *push_later(void *self) {
  struct later *l = self;
  l->result = l->room->ops->append(l->room->store, &l->told->batch, &l->added);
  return NULL;
}

static void until(PGconn *conn, const char *sql, const char *want) {
  char out[64];
  for (const time_t end = time(NULL) + PATIENCE_S; time(NULL) < end;) {
    room_pg(conn, sql, out);
    if (!strcmp(out, want)) return;
  }
  fail_msg("in vain waited for: %s", sql);
}

/* A push that is held before its commit, while others commit and are read: it is read afterwards. A cursor of numbers given
 * out at the INSERT, held in the same way, loses it. */
static void test_held_transaction(void **state) {
  struct room *r = *state;
  static struct telling slow, fast;
  struct teller a, b;
  struct heard h = {.cursor = 0};
  pthread_t thread;
  char out[64];
  teller_enrol(r, &a, "door-1");
  teller_enrol(r, &b, "door-2");
  teller_tell(&a, &slow, 20, "");
  teller_tell(&b, &fast, 30, "");
  PGconn *holder = room_connect(r), *naive = room_connect(r);
  room_pg(holder, "BEGIN; SELECT 1 FROM kiosk WHERE name = 'door-1' FOR UPDATE", out);
  struct later later = {.room = r, .told = &slow, .result = STORE_FAILED};
  assert_int_equal(pthread_create(&thread, NULL, push_later, &later), 0);
  until(naive, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE kiosk%'", "1");
  push(r, &fast, STORE_DONE, 30);
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 30);
  room_pg(holder, "COMMIT", out);
  pthread_join(thread, NULL);
  assert_int_equal(later.result, STORE_DONE);
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 50);
  assert_int_equal(h.doubled, 0);

  room_pg(naive, "CREATE TABLE naive (n bigserial PRIMARY KEY)", out); /* the control */
  room_pg(holder, "BEGIN; INSERT INTO naive DEFAULT VALUES", out);
  room_pg(naive, "INSERT INTO naive DEFAULT VALUES", out);
  room_pg(naive, "SELECT max(n) FROM naive", out);
  assert_string_equal(out, "2"); /* its reader has read up to here */
  room_pg(holder, "COMMIT", out);
  room_pg(naive, "SELECT count(*) FROM naive WHERE n > 2", out);
  assert_string_equal(out, "0");
  room_pg(naive, "SELECT count(*) FROM naive", out);
  assert_string_equal(out, "2"); /* one of which it never sees */
  PQfinish(holder), PQfinish(naive);
}

/* Pushes that wait for others go in together; what each of them is told is its own: one has a gap before it, one a text that
 * no database takes, one is there in part, and two are the same. */
static void test_waiting_pushes(void **state) {
  enum { HELD = 3, GOOD = HELD, GAP, BAD, PARTLY, TWIN, TWIN_AGAIN, PUSHERS };
  struct room *r = *state;
  static struct telling told[PUSHERS], missing;
  struct teller teller[PUSHERS];
  struct later later[PUSHERS];
  struct heard h = {.cursor = 0};
  pthread_t thread[PUSHERS];
  char name[32], out[64];
  for (int i = 0; i < PUSHERS; i++) {
    snprintf(name, sizeof name, "door-%d", i);
    teller_enrol(r, &teller[i], name);
    if (i == GAP) teller_tell(&teller[i], &missing, 5, "");
    if (i == PARTLY) {
      struct teller before = teller[i];
      teller_tell(&before, &told[i], 4, "");
      push(r, &told[i], STORE_DONE, 4);
    }
    if (i == TWIN_AGAIN) teller[i] = teller[TWIN], teller[i].seq = 0, memcpy(teller[i].chain, teller[i].who.key, JOURNAL_CHAIN);
    teller_tell(&teller[i], &told[i], 10, "");
    if (i == BAD) told[i].line[3][2] = '\xff';
    later[i] = (struct later){.room = r, .told = &told[i], .result = STORE_FAILED, .added = -1};
  }
  assert_true(hear(r, "", &h));
  PGconn *holder = room_connect(r), *watcher = room_connect(r);
  room_pg(holder, "BEGIN; SELECT 1 FROM kiosk WHERE name IN ('door-0', 'door-1', 'door-2') FOR UPDATE", out);
  for (int i = 0; i < HELD; i++) assert_int_equal(pthread_create(&thread[i], NULL, push_later, &later[i]), 0);
  until(watcher, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE kiosk%'",
        "t");
  for (int i = HELD; i < PUSHERS; i++) assert_int_equal(pthread_create(&thread[i], NULL, push_later, &later[i]), 0);
  room_pg(holder, "COMMIT", out);
  for (int i = 0; i < PUSHERS; i++) pthread_join(thread[i], NULL);
  for (int i = 0; i < PUSHERS; i++)
    assert_int_equal(later[i].result, i == GAP ? STORE_NONE : i == BAD ? STORE_FAILED : STORE_DONE);
  for (int i = 0; i <= GOOD; i++) assert_int_equal(later[i].added, 10);
  assert_int_equal(later[PARTLY].added, 6);
  assert_int_equal(later[TWIN].added + later[TWIN_AGAIN].added, 10);
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 60);
  assert_int_equal(h.doubled, 0);
  PQfinish(holder), PQfinish(watcher);
}

struct opener {
  const char *url;
  uint8_t id[STORE_ID];
  bool good;
};

static void *open_one(void *self) {
  struct opener *o = self;
  struct problem problem;
  void *store;
  o->good = store_postgres.open(o->url, &store, &problem);
  if (!o->good) return NULL;
  store_postgres.id(store, o->id);
  store_postgres.close(store);
  return NULL;
}

/* Several hubs start at once on an empty database: one of them makes it. */
static void test_start_at_once(void **state) {
  struct room *r = *state;
  struct opener opener[8] = {{.url = r->url}};
  pthread_t thread[8];
  char out[64];
  PGconn *conn = room_connect(r);
  room_pg(conn, "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public", out);
  for (int i = 0; i < 8; i++) {
    opener[i].url = r->url;
    assert_int_equal(pthread_create(&thread[i], NULL, open_one, &opener[i]), 0);
  }
  for (int i = 0; i < 8; i++) pthread_join(thread[i], NULL);
  for (int i = 0; i < 8; i++) {
    assert_true(opener[i].good);
    assert_memory_equal(opener[i].id, opener[0].id, STORE_ID);
  }
  room_pg(conn, "UPDATE hub SET version = 1000", out);
  struct problem problem;
  void *store;
  assert_false(store_postgres.open(r->url, &store, &problem));
  assert_non_null(strstr(problem.en, "newer"));
  PQfinish(conn);
}

/* The server is killed under the store's connections, and started again. */
static void test_killed_server(void **state) {
  struct room *r = *state;
  static struct telling told;
  struct teller door;
  struct heard h = {.cursor = 0};
  char command[512], out[8];
  int64_t added;
  teller_enrol(r, &door, "door-1");
  teller_tell(&door, &told, 20, "");
  push(r, &told, STORE_DONE, 20);
  snprintf(command, sizeof command, "%s/tools/postgres kill %s", SOURCE_DIR, r->server);
  room_say(command, out, sizeof out);
  teller_tell(&door, &told, 20, "");
  int refused = 0; /* until the last of its processes is gone, one may still answer */
  while (refused < 3 && r->ops->append(r->store, &told.batch, &added) == STORE_DONE) refused++;
  snprintf(command, sizeof command, "%s/tools/postgres up %s", SOURCE_DIR, r->server);
  room_say(command, out, sizeof out);
  enum store_result result = STORE_FAILED;
  for (const time_t end = time(NULL) + PATIENCE_S; result != STORE_DONE && time(NULL) < end;)
    result = r->ops->append(r->store, &told.batch, &added);
  assert_int_equal(result, STORE_DONE);
  assert_true(hear(r, "", &h));
  assert_int_equal(h.count, 40);
  assert_int_equal(h.doubled, 0);
}

#define BOTH(test)                                                                                                             \
  {#test " (SQLite)", test, room_sqlite, room_close, NULL}, { #test " (PostgreSQL)", test, room_postgres, room_close, NULL }

int main(void) {
  const struct CMUnitTest tests[] = {
      BOTH(test_enrolment),
      BOTH(test_seen),
      BOTH(test_kept),
      BOTH(test_gaps_repeats_forks),
      BOTH(test_feed),
      BOTH(test_sparse_feed),
      cmocka_unit_test_setup_teardown(test_older_file, room_sqlite, room_close),
      BOTH(test_crowd),
      cmocka_unit_test_setup_teardown(test_held_transaction, room_postgres, room_close),
      cmocka_unit_test_setup_teardown(test_waiting_pushes, room_postgres, room_close),
      cmocka_unit_test_setup_teardown(test_start_at_once, room_postgres, room_close),
      cmocka_unit_test_setup_teardown(test_killed_server, room_postgres, room_close),
  };
  return cmocka_run_group_tests(tests, room_server_start, room_server_stop);
}
