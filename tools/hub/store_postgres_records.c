/* SPDX-License-Identifier: Apache-2.0
 * The feed's cursor must skip nothing while many commit at once. A number that is given out when a record is written doesn't
 * do: who commits later may have the smaller one, and whoever read past it never sees it. So nothing is numbered when it is
 * written. A push leaves a row in `arrival` without a place, and waits for nobody; whoever reads the feed next gives
 * places to all arrivals that are committed by then, one reader at a time, by the lock on the event's row. Places are
 * given in the order of these transactions, so who sees one sees all before it; what is committed later has no place
 * yet, and can only get a greater one. That needs row locks and commits, which every engine that speaks PostgreSQL's
 * protocol has, and no transaction numbers, snapshots or sequences, which they don't agree about.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/hub/store_postgres_inner.h"

enum { HEADS_MOST = 16, PLACE = 512 /* cursors in a batch */ };

_Static_assert((int)PLACE > (int)STORE_BATCH_MOST, "a batch has more records than cursors");

struct known {
  const char *kiosk;
  struct store_known *known;
  int *count;
};

static bool take_known(struct pg_conn *conn, enum statement which, const struct known *k, int64_t number, int most) {
  struct pg_args a = {.count = 0};
  pg_word(&a, k->kiosk);
  pg_number(&a, number);
  PGresult *rows = pg_run(conn, which, &a);
  for (int i = 0; rows && i < PQntuples(rows) && *k->count < most; i++) {
    struct store_known *one = &k->known[*k->count];
    one->seq = pg_int(rows, i, 0);
    *k->count += pg_take_bytes(rows, i, 1, one->chain, sizeof one->chain);
  }
  PQclear(rows);
  return rows != NULL;
}

static enum store_result try_known(struct pg_conn *conn, void *call) {
  const struct known *k = call;
  *k->count = 0;
  bool good = take_known(conn, HEADS, k, HEADS_MOST, HEADS_MOST);
  const int64_t head = *k->count > 0 ? k->known[0].seq : 0;
  for (int64_t back = 1; good && back < head; back *= 2) /* a kiosk put back to an old copy meets us at one of these */
    good = take_known(conn, OLDER, k, head - back, STORE_KNOWN_MOST);
  return good ? STORE_DONE : STORE_FAILED;
}

enum store_result postgres_known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count) {
  return postgres_run(self, try_known, &(struct known){kiosk, known, count});
}

struct feed {
  const char *event, *kiosk;
  int64_t after, most, last; /* last: the place of the last arrival that is asked for */
  bool left;                 /* there are more behind it */
  PGresult *rows;            /* owned: given out when the connection is free again */
};

/* Places for all arrivals that are committed: see above. */
static bool give_places(struct pg_conn *conn, const char *event) {
  struct pg_args name = {.count = 0};
  pg_word(&name, event);
  PGresult *rows = pg_do(conn, "BEGIN") ? pg_run(conn, LOCK_EVENT, &name) : NULL;
  if (!rows) return false;
  struct pg_args a = name, b = name;
  pg_number(&a, pg_int(rows, 0, 0));
  PQclear(rows);
  PGresult *given = pg_run(conn, GIVE_PLACES, &a);
  if (!given) return false;
  pg_number(&b, postgres_changed(given));
  PQclear(given);
  return postgres_done(conn, MOVE_EVENT, &b) && pg_do(conn, "COMMIT");
}

/* As many arrivals as have the records that are wanted, if others are to hear of all of them: whatever the server knows
 * of its tables, it reads no more records than that. Fewer than wanted may come, and more be `left`. */
static bool choose_arrivals(struct pg_conn *conn, struct feed *f) {
  struct pg_args a = {.count = 0};
  pg_word(&a, f->event);
  pg_number(&a, f->after);
  pg_word(&a, f->kiosk);
  pg_number(&a, f->most + 1); /* of the first one some may have been given before */
  PGresult *rows = pg_run(conn, ARRIVALS, &a);
  const int count = rows ? PQntuples(rows) : 0;
  int n = 0;
  for (int64_t records = 0; n < count && records < f->most + STORE_BATCH_MOST; n++) records += pg_int(rows, n, 1);
  f->last = n ? pg_int(rows, n - 1, 0) : -1;
  f->left = n < count || n > f->most;
  PQclear(rows);
  return rows != NULL;
}

static enum store_result try_feed(struct pg_conn *conn, void *call) {
  struct feed *f = call;
  struct pg_args a = {.count = 0};
  pg_word(&a, f->event);
  PGresult *pending = pg_run(conn, PENDING, &a);
  if (!pending) return STORE_FAILED;
  const bool numbers = PQntuples(pending) > 0;
  PQclear(pending);
  if (numbers && !give_places(conn, f->event)) return STORE_FAILED;
  if (!choose_arrivals(conn, f)) return STORE_FAILED;
  if (f->last < 0) return STORE_DONE;
  pg_number(&a, f->after);
  pg_number(&a, f->last);
  pg_word(&a, f->kiosk);
  pg_number(&a, f->most);
  f->rows = pg_run(conn, FEED, &a);
  return f->rows ? STORE_DONE : STORE_FAILED;
}

enum store_result postgres_feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to) {
  struct feed f = {.event = event, .kiosk = kiosk, .after = after, .most = STORE_FEED_MOST + 1, .left = true};
  char name[ID_MAX];
  enum store_result result = STORE_DONE;
  bool more = true;
  while (result == STORE_DONE && more && f.left && f.most > 0) {
    f.rows = NULL;
    result = postgres_run(self, try_feed, &f);
    const int count = f.rows ? PQntuples(f.rows) : 0;
    for (int i = 0; more && i < count; i++) {
      postgres_copy_text(f.rows, i, 1, name, sizeof name);
      more = each(to, pg_int(f.rows, i, 0), name, PQgetvalue(f.rows, i, 2), (size_t)PQgetlength(f.rows, i, 2));
    }
    PQclear(f.rows);
    f.most -= count;
    f.after = f.last * PLACE + PLACE - 1;
  }
  return result;
}

enum store_result postgres_exports(void *self, const char *kiosk, store_each_export *each, void *to) {
  enum store_result result;
  int64_t n = 0;
  int count;
  do {
    struct pg_args a = {.count = 0};
    pg_word(&a, kiosk);
    pg_number(&a, n);
    struct rows r = {.which = NEXT_EXPORTS, .args = &a};
    result = postgres_run(self, postgres_try_rows, &r);
    count = r.rows ? PQntuples(r.rows) : 0;
    for (int i = 0; i < count; i++) {
      n = pg_int(r.rows, i, 0);
      if (!each(to, &(const struct store_export){PQgetvalue(r.rows, i, 1), PQgetvalue(r.rows, i, 2),
                                                 (size_t)PQgetlength(r.rows, i, 1), (size_t)PQgetlength(r.rows, i, 2)}))
        count = i; /* enough */
    }
    PQclear(r.rows);
  } while (count == 1000);
  return result;
}

enum store_result postgres_lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to) {
  struct pg_args a = {.count = 0};
  pg_word(&a, kiosk);
  pg_number(&a, from);
  pg_number(&a, last);
  struct rows r = {.which = LINES, .args = &a};
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    const struct store_line one = {(const uint8_t *)PQgetvalue(r.rows, i, 0), (const uint8_t *)PQgetvalue(r.rows, i, 1),
                                   PQgetvalue(r.rows, i, 2), (size_t)PQgetlength(r.rows, i, 2)};
    if (PQgetlength(r.rows, i, 0) == JOURNAL_CHAIN && PQgetlength(r.rows, i, 1) == JOURNAL_CHAIN && !each(to, &one)) break;
  }
  PQclear(r.rows);
  return result;
}

enum store_result postgres_events(void *self, store_each_event *each, void *to) {
  struct rows r = {.which = EVENTS};
  char name[ID_MAX];
  const enum store_result result = postgres_run(self, postgres_try_rows, &r);
  for (int i = 0; r.rows && i < PQntuples(r.rows); i++) {
    postgres_copy_text(r.rows, i, 0, name, sizeof name);
    if (!each(to, name)) break;
  }
  PQclear(r.rows);
  return result;
}
