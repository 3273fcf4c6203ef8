/* SPDX-License-Identifier: Apache-2.0
 * Records in SQLite: pushes, what is known of a kiosk, the feed, and all of it again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tools/hub/store_sqlite_inner.h"

enum { HEADS_MOST = 16 };

static enum store_result knows(struct sqlite *s, const struct store_batch *b) {
  sqlite3_stmt *st = sqlite_begin(s, KNOWS);
  sqlite_word(st, 1, b->kiosk->name);
  sqlite3_bind_int64(st, 2, b->from_seq - 1);
  sqlite_blob(st, 3, b->before);
  const int got = sqlite3_step(st);
  sqlite3_reset(st);
  return got == SQLITE_ROW ? STORE_DONE : got == SQLITE_DONE ? STORE_NONE : sqlite_failed(s);
}

static bool add_record(struct sqlite *s, const char *kiosk, const struct store_record *r) {
  sqlite3_stmt *st = sqlite_begin(s, ADD_RECORD);
  sqlite_word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, r->seq);
  sqlite_blob(st, 3, r->chain);
  sqlite_blob(st, 4, r->before);
  sqlite_word(st, 5, r->event);
  sqlite3_bind_int(st, 6, r->shared);
  sqlite_text(st, 7, r->line, r->len);
  return sqlite_run(st);
}

static bool add_batch(struct sqlite *s, const struct store_batch *b) {
  sqlite3_stmt *st = sqlite_begin(s, ADD_BATCH);
  sqlite_word(st, 1, b->kiosk->name);
  sqlite_text(st, 2, b->header, b->header_len);
  sqlite_text(st, 3, b->end, b->end_len);
  return sqlite_run(st);
}

static bool note_push(struct sqlite *s, const struct store_batch *b, int64_t added) {
  sqlite3_stmt *st = sqlite_begin(s, PUSHED);
  sqlite_word(st, 1, b->kiosk->name);
  sqlite3_bind_int64(st, 2, added);
  sqlite3_bind_int64(st, 3, b->count ? b->record[b->count - 1].seq : 0);
  sqlite3_bind_int64(st, 4, b->at_ms);
  return sqlite_run(st);
}

/* Within a transaction. NONE: nothing was written. */
static enum store_result add(struct sqlite *s, const struct store_batch *b, int64_t *added) {
  const int64_t before = sqlite3_total_changes64(s->db);
  enum store_result result = b->from_start ? STORE_DONE : knows(s, b);
  for (int i = 0; result == STORE_DONE && i < b->count; i++)
    if (!add_record(s, b->kiosk->name, &b->record[i])) result = sqlite_failed(s);
  *added = sqlite3_total_changes64(s->db) - before;
  if (result == STORE_DONE && *added > 0 && !add_batch(s, b)) result = sqlite_failed(s);
  if (result == STORE_DONE && !note_push(s, b, *added)) result = sqlite_failed(s);
  return result;
}

/* All of them as one transaction: they wait for the disk together, and what fails, fails for all of them. */
static void add_waiting(struct sqlite *s, struct waiting *first) {
  bool good = sqlite_exec(s, "BEGIN IMMEDIATE") || sqlite_failed(s) == STORE_DONE;
  for (struct waiting *w = first; good && w; w = w->next) {
    w->result = add(s, w->batch, &w->added);
    good = w->result != STORE_FAILED;
  }
  good = good && (sqlite_exec(s, "COMMIT") || sqlite_failed(s) == STORE_DONE);
  if (!sqlite3_get_autocommit(s->db)) sqlite_exec(s, "ROLLBACK");
  for (struct waiting *w = first; w; w = w->next) {
    if (!good) w->result = STORE_FAILED;
    w->done = true;
  }
}

enum store_result sqlite_append(void *self, const struct store_batch *b, int64_t *added) {
  struct sqlite *s = self;
  struct waiting own = {.batch = b};
  pthread_mutex_lock(&s->waiting_lock);
  own.next = s->waiting;
  s->waiting = &own;
  pthread_mutex_unlock(&s->waiting_lock);
  pthread_mutex_lock(&s->lock);
  if (!own.done) { /* whoever comes first takes the others along */
    pthread_mutex_lock(&s->waiting_lock);
    struct waiting *first = s->waiting;
    s->waiting = NULL;
    pthread_mutex_unlock(&s->waiting_lock);
    add_waiting(s, first);
  }
  pthread_mutex_unlock(&s->lock);
  *added = own.added;
  return own.result;
}

static bool take_known(sqlite3_stmt *st, struct store_known *known, int most, int *count) {
  int got;
  while ((got = sqlite3_step(st)) == SQLITE_ROW) {
    struct store_known one = {.seq = sqlite3_column_int64(st, 0)};
    if (*count == most || !sqlite_take_blob(st, 1, one.chain, JOURNAL_CHAIN)) continue;
    known[(*count)++] = one;
  }
  sqlite3_reset(st);
  return got == SQLITE_DONE;
}

enum store_result sqlite_known_of(void *self, const char *kiosk, struct store_known known[STORE_KNOWN_MOST], int *count) {
  struct sqlite *s = self;
  *count = 0;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, HEADS);
  sqlite_word(st, 1, kiosk);
  sqlite3_bind_int(st, 2, HEADS_MOST);
  bool good = take_known(st, known, HEADS_MOST, count);
  const int64_t head = *count > 0 ? known[0].seq : 0;
  for (int64_t back = 1; good && back < head; back *= 2) { /* a kiosk put back to an old copy meets us at one of these */
    st = sqlite_begin(s, OLDER);
    sqlite_word(st, 1, kiosk);
    sqlite3_bind_int64(st, 2, head - back);
    good = take_known(st, known, STORE_KNOWN_MOST, count);
  }
  const enum store_result result = good ? STORE_DONE : sqlite_reading_failed(s);
  pthread_mutex_unlock(&s->reading);
  return result;
}

enum store_result sqlite_feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, FEED);
  sqlite_word(st, 1, event);
  sqlite3_bind_int64(st, 2, after);
  sqlite_word(st, 3, kiosk);
  sqlite3_bind_int(st, 4, STORE_FEED_MOST + 1); /* whoever reads all of it leaves room for pushes in between */
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, sqlite3_column_int64(st, 0), (const char *)sqlite3_column_text(st, 1),
              (const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2)))
      break;
  return sqlite_end_rows(s, st, got);
}

/* One at a time, and given out behind the lock: whoever is told may ask again. False: there is none, or it failed. */
static bool next_export(struct sqlite *s, const char *kiosk, int64_t *n, char **header, char **tail,
                        enum store_result *result) {
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, NEXT_EXPORT);
  sqlite_word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, *n);
  const int got = sqlite3_step(st);
  if (got == SQLITE_ROW) {
    *n = sqlite3_column_int64(st, 0);
    *header = strdup((const char *)sqlite3_column_text(st, 1));
    *tail = strdup((const char *)sqlite3_column_text(st, 2));
  }
  *result = got == SQLITE_ROW || got == SQLITE_DONE ? STORE_DONE : sqlite_reading_failed(s);
  sqlite3_reset(st);
  pthread_mutex_unlock(&s->reading);
  return got == SQLITE_ROW;
}

enum store_result sqlite_exports(void *self, const char *kiosk, store_each_export *each, void *to) {
  char *header, *tail;
  int64_t n = 0;
  enum store_result result;
  bool more = true;
  while (more && next_export(self, kiosk, &n, &header, &tail, &result)) {
    if (!header || !tail) result = STORE_FAILED, log_error("out of memory");
    more = result == STORE_DONE && each(to, &(const struct store_export){header, tail, strlen(header), strlen(tail)});
    free(header), free(tail);
  }
  return result;
}

enum store_result sqlite_lines(void *self, const char *kiosk, int64_t from, int64_t last, store_each_line *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, LINES);
  sqlite_word(st, 1, kiosk);
  sqlite3_bind_int64(st, 2, from);
  sqlite3_bind_int64(st, 3, last);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, &(const struct store_line){sqlite3_column_blob(st, 0), sqlite3_column_blob(st, 1),
                                             (const char *)sqlite3_column_text(st, 2), (size_t)sqlite3_column_bytes(st, 2)}))
      break;
  return sqlite_end_rows(s, st, got);
}

enum store_result sqlite_events(void *self, store_each_event *each, void *to) {
  struct sqlite *s = self;
  int got;
  pthread_mutex_lock(&s->reading);
  sqlite3_stmt *st = sqlite_begin(s, EVENTS);
  while ((got = sqlite3_step(st)) == SQLITE_ROW)
    if (!each(to, (const char *)sqlite3_column_text(st, 0))) break;
  return sqlite_end_rows(s, st, got);
}
