/* SPDX-License-Identifier: Apache-2.0
 * A payload to its record on disk: the journal's append alone, and the desk (look-up, verdict, history, append) until the
 * record is there and until it has done all else of that turn (counts, the notice, a checkpoint), by itself and with what
 * 100,000 admissions of other kiosks say. The control, in turn with them on the same file system: one bare SQLite commit of
 * the same size with a full sync.
 */
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/bench.h"
#include "tools/bench/office.h"

enum { RUNS = 300, LINE = 400, OTHERS = 100000 };

static const double BUDGET = 1.5; /* times the control */

struct bare {
  sqlite3 *db;
  sqlite3_stmt *insert;
};

static bool bare_open(struct bare *b, const char *folder, struct problem *problem) {
  static const char setup[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                              "CREATE TABLE record (seq INTEGER PRIMARY KEY, line BLOB NOT NULL, chain BLOB NOT NULL);";
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/bare.db", folder);
  if (!sqlite3_open(path, &b->db) && !sqlite3_exec(b->db, setup, NULL, NULL, NULL) &&
      !sqlite3_prepare_v2(b->db, "INSERT INTO record (line, chain) VALUES (?1, ?2)", -1, &b->insert, NULL))
    return true;
  return problem_set(problem, "%s：%s", "%s: %s", path, sqlite3_errmsg(b->db));
}

static void bare_close(struct bare *b) {
  sqlite3_finalize(b->insert);
  sqlite3_close(b->db);
}

static bool bare_commit(struct bare *b) {
  static const unsigned char line[LINE], chain[JOURNAL_CHAIN];
  sqlite3_bind_blob(b->insert, 1, line, sizeof line, SQLITE_STATIC);
  sqlite3_bind_blob(b->insert, 2, chain, sizeof chain, SQLITE_STATIC);
  bool good = sqlite3_step(b->insert) == SQLITE_DONE;
  return sqlite3_reset(b->insert) == SQLITE_OK && good;
}

/* Of people who are none of those that come now, at the same station. */
static bool fill_others(struct office *o, const char *scratch, struct problem *problem) {
  static struct sync_news news;
  char data[PATH_MAX];
  snprintf(data, sizeof data, "%s/data", scratch);
  if (!others_open(data, o->journal, &o->desk.others, problem)) return false;
  for (int i = 0; i < OTHERS; i += SYNC_PAGE) {
    news = (struct sync_news){.kind = NEWS_FEED, .as_of = office_moment(0), .event = "bench", .hub = "aa", .count = SYNC_PAGE};
    news.whole = i + SYNC_PAGE >= OTHERS;
    snprintf(news.cursor, sizeof news.cursor, "aa-%d", i);
    for (int k = 0; k < SYNC_PAGE; k++) {
      struct shared_record *r = &news.record[k];
      *r = (struct shared_record){.kind = SHARED_SCAN, .kiosk = "door-2", .station = "bench/door", .count = 1, .wall_ok = true};
      r->at_ms = office_moment(i + k).wall_ms;
      snprintf(r->attendee, sizeof r->attendee, "b%d", i + k);
      randombytes_buf(r->id, sizeof r->id);
    }
    if (!others_take(o->desk.others, &news)) return problem_set(problem, "写不进去", "the others can't be written");
  }
  others_checkpoint(o->desk.others);
  return true;
}

static bool append(struct office *o, int run, struct problem *problem) {
  struct checkin c = {.kind = RECORD_SCAN,
                      .event = "bench",
                      .station = "bench/door",
                      .attendee = "1042",
                      .code = "0123456789abcdef0123456789abcdef",
                      .verdict = VERDICT_ADMIT,
                      .by = BY_CAMERA,
                      .count = 1,
                      .at = office_moment(run),
                      .view_age_s = -1};
  int64_t seq;
  return journal_append(o->journal, &c, &seq, problem);
}

static bool measure(struct office *o, struct bare *b, int from, int runs, const char *where, struct problem *problem) {
  static const char *const control = "bare SQLite FULL commit";
  struct samples bare = {0}, journal = {0}, record = {0}, turn = {0};
  char what[96];
  bool good = true;
  for (int i = from; good && i < from + runs; i++) {
    double start = clock_wall_ms(), record_ms, turn_ms;
    good = bare_commit(b) || problem_set(problem, "对照数据库写入失败", "the control can't be written");
    double middle = clock_wall_ms();
    good = good && append(o, i, problem);
    double end = clock_wall_ms();
    good = good && office_serve(o, i, &record_ms, &turn_ms, problem);
    if (!good) break;
    samples_add(&bare, middle - start);
    samples_add(&journal, end - middle);
    samples_add(&record, record_ms);
    samples_add(&turn, turn_ms);
  }
  if (good) {
    bench_tell("commit", "journal_append", "ms", &journal, control, &bare);
    snprintf(what, sizeof what, "payload to record on disk%s", where);
    bench_tell_budget("commit", what, "ms", &record, control, &bare, BUDGET * samples_quantile(&bare, 0.5));
    snprintf(what, sizeof what, "the desk's whole turn%s", where);
    bench_tell("commit", what, "ms", &turn, control, &bare);
  }
  samples_free(&bare);
  samples_free(&journal);
  samples_free(&record);
  samples_free(&turn);
  return good;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  static struct office office;
  struct bare bare = {0};
  char event[PATH_MAX];
  const int runs = options->runs ? options->runs : RUNS;
  snprintf(event, sizeof event, "%s/event", options->scratch);
  bool good = bench_event(event, OFFICE_PEOPLE, problem) &&
              office_open(&office, event, options->scratch, NULL, office_moment(0), problem) &&
              bare_open(&bare, options->scratch, problem) && measure(&office, &bare, 1, runs, "", problem) &&
              fill_others(&office, options->scratch, problem) &&
              measure(&office, &bare, 1 + runs, runs, ", 100000 admissions elsewhere", problem);
  bare_close(&bare);
  office_close(&office);
  return good;
}

const struct bench bench_commit = {"commit", "扫到的码到写入磁盘", "a payload to its record on disk", run};
