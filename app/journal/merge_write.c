/* SPDX-License-Identifier: Apache-2.0
 * merged.db and merged.jsonl. The database's columns beside the line are read out of it when it is written, once and by the
 * reader that judged it, since the lists read them many times: a value of another type than its column is NULL; `time_ms` is
 * the true time, `sure_ms` how far it may be out (NULL: nobody knows).
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/verdict.h"
#include "journal/merge_stage.h"
#include "journal/record.h"

#define FIELD(name, type) ", " name " " type

static const char schema[] =
    "CREATE TABLE out.kiosk (id INTEGER PRIMARY KEY, kiosk TEXT NOT NULL, key TEXT NOT NULL, journal TEXT NOT NULL,"
    " enrolled INTEGER, records INTEGER NOT NULL) STRICT;" /* enrolled NULL: no list was given */
    "CREATE TABLE out.finding (kind TEXT NOT NULL, kiosk INTEGER NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER NOT NULL,"
    " chain TEXT, note TEXT NOT NULL) STRICT;"
    "CREATE TABLE out.record (n INTEGER PRIMARY KEY, from_kiosk INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT "
    "NULL,"
    " sure_ms INTEGER, chain BLOB NOT NULL,"
    " ruling TEXT,"    /* of admissions: counts, conflict, undone; of what has no effect: undo_refused, correct_refused */
    " people INTEGER," /* that it counts for */
    " who TEXT, "      /* roster number, or # and a code's hash; corrected */
    " first INTEGER,"  /* of a conflict: the record that counts; of what was refused: the one that is meant */
    " again TEXT," /* the verdict that rules give now, where its clock couldn't be trusted; with ? where the time isn't sure */
    " line TEXT NOT NULL" FIELD("id", "TEXT") FIELD("kind", "TEXT") FIELD("kiosk", "TEXT") FIELD("event", "TEXT")
        FIELD("station", "TEXT") FIELD("attendee", "TEXT") FIELD("code", "TEXT") FIELD("verdict", "TEXT") FIELD("by", "TEXT")
            FIELD("operator", "TEXT") FIELD("count", "ANY") FIELD("ref", "TEXT") FIELD("override", "TEXT")
                FIELD("sealed", "TEXT") FIELD("boot", "TEXT") FIELD("wall", "TEXT") FIELD("wall_ok", "ANY")
                    FIELD("unconfirmed", "ANY") FIELD("note", "TEXT") ") STRICT;";

static const char fill[] =
    "INSERT INTO out.kiosk SELECT rank, kiosk, lower(hex(key)), lower(hex(journal)), enrolled, records FROM journal ORDER BY "
    "rank;"
    "INSERT INTO out.finding SELECT kind, (SELECT rank FROM journal WHERE id = f.journal), from_seq, to_seq, lower(hex(chain)),"
    " note FROM found f ORDER BY f.rowid;";

/* Before those that are the line's own, in the order of the schema. */
enum { ROW_COLUMNS = 12 };
static const enum record_key fields[] = {RECORD_ID,       RECORD_KIND,    RECORD_KIOSK,       RECORD_EVENT,  RECORD_STATION,
                                         RECORD_ATTENDEE, RECORD_CODE,    RECORD_VERDICT,     RECORD_BY,     RECORD_OPERATOR,
                                         RECORD_COUNT,    RECORD_REF,     RECORD_OVERRIDE,    RECORD_SEALED, RECORD_BOOT,
                                         RECORD_WALL,     RECORD_WALL_OK, RECORD_UNCONFIRMED, RECORD_NOTE};
enum { FIELDS = sizeof fields / sizeof *fields };

static const char put[] =
    "INSERT INTO out.record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)";
_Static_assert((int)ROW_COLUMNS + (int)FIELDS == 31, "a parameter each");

static bool is_bool(enum record_key key) { return key == RECORD_WALL_OK || key == RECORD_UNCONFIRMED; }

static void bind_field(sqlite3_stmt *s, int at, enum record_key key, const struct record_value *v) {
  const bool is_true = v->type == RECORD_TRUE;
  if (is_bool(key) && (is_true || v->type == RECORD_FALSE))
    sqlite3_bind_int(s, at, is_true);
  else if (key == RECORD_COUNT && v->type == RECORD_NUMBER)
    sqlite3_bind_int64(s, at, v->number);
  else if (!is_bool(key) && key != RECORD_COUNT && v->type == RECORD_TEXT)
    sqlite3_bind_text(s, at, v->text, (int)v->len, SQLITE_STATIC); /* the record lives until the row is written */
  else
    sqlite3_bind_null(s, at);
}

enum { AGAIN_MOST = 32 };

static const char *const ruling_name[] = {"", "counts", "conflict", "undone", "undo_refused", "correct_refused"};

enum ruling merge_ruling(const char *name) {
  enum ruling ruling = RULING_CORRECT_REFUSED;
  while (ruling && strcmp(ruling_name[ruling], name) != 0) ruling--;
  return ruling;
}

static const char *again_text(const struct merge_row *row, char out[AGAIN_MOST]) {
  snprintf(out, AGAIN_MOST, "%s%s", verdict_name((row->again & ~MERGE_DOUBT) - 1), row->again & MERGE_DOUBT ? "?" : "");
  return out;
}

static void bind_row(const struct merge *m, sqlite3_stmt *s, uint32_t n, const struct merge_row *row) {
  char again[AGAIN_MOST];
  sqlite3_bind_int64(s, 1, n);
  sqlite3_bind_int64(s, 2, m->rank[row->journal]);
  sqlite3_bind_int64(s, 3, row->seq);
  sqlite3_bind_int64(s, 4, row->time);
  if (row->sure >= 0)
    sqlite3_bind_int64(s, 5, row->sure);
  else
    sqlite3_bind_null(s, 5);
  sqlite3_bind_blob(s, 6, row->chain, JOURNAL_CHAIN, SQLITE_STATIC);
  for (int column = 7; column <= 11; column++) sqlite3_bind_null(s, column);
  if (!row->ruling) return;
  sqlite3_bind_text(s, 7, ruling_name[row->ruling], -1, SQLITE_STATIC);
  if (row->ruling < RULING_UNDO_REFUSED) sqlite3_bind_int64(s, 8, row->people);
  sqlite3_bind_text(s, 9, interned_at(&m->rows.texts, row->who), -1, SQLITE_STATIC);
  if (row->first) sqlite3_bind_int64(s, 10, row->first);
  if (row->again) sqlite3_bind_text(s, 11, again_text(row, again), -1, SQLITE_TRANSIENT);
}

/* As it was written: for whoever goes on with it. */
static bool give(const struct merge_reader *to, const struct merge *m, uint32_t n, const struct merge_row *row,
                 const struct record *said) {
  char again[AGAIN_MOST] = "";
  if (!to) return true;
  if (row->again) again_text(row, again);
  const struct merge_record record = {.n = n,
                                      .kiosk = (uint32_t)m->rank[row->journal],
                                      .first = row->ruling ? row->first : 0,
                                      .time_ms = row->time,
                                      .sure_ms = row->sure < 0 ? -1 : row->sure,
                                      .people = row->ruling ? row->people : 0,
                                      .ruling = (enum ruling)row->ruling,
                                      .again = again,
                                      .who = row->ruling ? interned_at(&m->rows.texts, row->who) : "",
                                      .said = said->value};
  return to->take(to->self, &record);
}

static bool write_record(struct merge *m, sqlite3_stmt *to, uint32_t n, struct merge_view *view,
                         const struct merge_reader *reader, struct problem *problem) {
  struct record r;
  const struct merge_row *row = merge_kept(m, n - 1);
  const char *line = merge_line(&m->rows, row, view);
  if (!line) return merge_full(problem);
  if (!record_read(&r, line, row->len)) return problem_set(problem, "内存不足。", "Out of memory."); /* it was one before */
  bind_row(m, to, n, row);
  sqlite3_bind_text(to, ROW_COLUMNS, line, (int)row->len, SQLITE_STATIC);
  for (int i = 0; i < FIELDS; i++) bind_field(to, ROW_COLUMNS + i + 1, fields[i], &r.value[fields[i]]);
  bool good = sqlite3_step(to) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(to);
  good = good && (give(reader, m, n, row, &r) || merge_full(problem));
  record_free(&r);
  return good;
}

enum { REST_EVERY = 1 << 16 };

/* What the reader keeps of them comes in place of the rows that are done with. */
static bool write_records(struct merge *m, const struct merge_reader *reader, struct problem *problem) {
  struct merge_view view = {.buffer = NULL};
  sqlite3_stmt *to = NULL;
  bool good = merge_prepare(m, put, &to, problem);
  for (uint32_t n = 1; good && n <= m->kept; n++) {
    if (n % REST_EVERY == 1) spill_rest(&m->rows.rows);
    good = write_record(m, to, n, &view, reader, problem);
  }
  sqlite3_finalize(to);
  merge_view_free(&view);
  return good;
}

static bool open_db(struct merge *m, const char *path, struct problem *problem) {
  sqlite3_stmt *attach = NULL;
  char settings[256];
  if (!merge_exec(m, "COMMIT", problem) || !merge_prepare(m, "ATTACH ?1 AS out", &attach, problem)) return false;
  sqlite3_bind_text(attach, 1, path, -1, SQLITE_STATIC);
  bool good = sqlite3_step(attach) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_finalize(attach);
  snprintf(settings, sizeof settings,
           "PRAGMA out.page_size = 8192; PRAGMA out.journal_mode = OFF; PRAGMA out.synchronous = OFF; PRAGMA out.cache_size = "
           "-8192; PRAGMA out.application_id = %d; PRAGMA out.user_version = %d; BEGIN",
           MERGE_APPLICATION_ID, MERGE_VERSION);
  return good && merge_exec(m, settings, problem) && merge_exec(m, schema, problem) && merge_exec(m, fill, problem);
}

/* --- merged.jsonl --- */

static void put_string(FILE *out, const char *text) {
  putc_unlocked('"', out);
  for (const unsigned char *c = (const unsigned char *)text; *c; c++)
    if (*c == '"' || *c == '\\')
      fprintf(out, "\\%c", *c);
    else if (*c < 0x20)
      fprintf(out, "\\u%04x", *c);
    else
      putc_unlocked(*c, out);
  putc_unlocked('"', out);
}

static void put_kiosk(FILE *out, sqlite3_stmt *s) {
  fputs("{\"kiosk\":", out);
  put_string(out, (const char *)sqlite3_column_text(s, 0));
  fprintf(out, ",\"key\":\"%s\",\"journal\":\"%s\"", sqlite3_column_text(s, 1), sqlite3_column_text(s, 2));
  if (sqlite3_column_type(s, 3) != SQLITE_NULL) fprintf(out, ",\"enrolled\":%s", sqlite3_column_int(s, 3) ? "true" : "false");
  fprintf(out, ",\"records\":%lld}\n", (long long)sqlite3_column_int64(s, 4));
}

static void put_finding(FILE *out, sqlite3_stmt *s) {
  fprintf(out, "{\"finding\":\"%s\",\"kiosk\":", sqlite3_column_text(s, 0));
  put_string(out, (const char *)sqlite3_column_text(s, 1));
  fprintf(out, ",\"key\":\"%.16s\"", (const char *)sqlite3_column_text(s, 2));
  if (sqlite3_column_int64(s, 3))
    fprintf(out, ",\"from_seq\":%lld,\"to_seq\":%lld", (long long)sqlite3_column_int64(s, 3),
            (long long)sqlite3_column_int64(s, 4));
  if (*(const char *)sqlite3_column_text(s, 5)) fprintf(out, ",\"note\":\"%s\"", sqlite3_column_text(s, 5));
  fputs("}\n", out);
}

enum {
  MIDDLE_MOST = 6 * ID_MAX + 64,
  HEAD_MOST = MIDDLE_MOST + 256,
  VIEWS_MOST = 8 << 20,
  VIEW_LEAST = 4096,
  VIEW_MOST = 1 << 16
};

struct source {             /* of lines: a journal */
  char middle[MIDDLE_MOST]; /* ,"kiosk":"door-1","key":"0123456789abcdef","chain":" */
  size_t len;
  struct merge_view view; /* by time, lines of each one come one behind the other */
};

static bool name_sources(struct merge *m, struct source *source, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  int step = SQLITE_DONE;
  size_t most = (size_t)VIEWS_MOST / (size_t)(m->counts.journals + 1);
  most = most < VIEW_LEAST ? VIEW_LEAST : most > VIEW_MOST ? VIEW_MOST : most;
  bool good = merge_prepare(m, "SELECT id, kiosk, lower(hex(key)) FROM journal", &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
    struct source *to = &source[sqlite3_column_int64(s, 0)];
    FILE *out = fmemopen(to->middle, sizeof to->middle, "w");
    good = out || problem_set(problem, "内存不足。", "Out of memory.");
    if (!out) break;
    fputs(",\"kiosk\":", out);
    put_string(out, (const char *)sqlite3_column_text(s, 1));
    fprintf(out, ",\"key\":\"%.16s\",\"chain\":\"", (const char *)sqlite3_column_text(s, 2));
    to->len = (size_t)ftell(out);
    fclose(out);
    to->view.most = most;
  }
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(s);
  return good;
}

struct clock_text { /* of the second that was written last */
  int64_t second;
  char text[48];
};

static char *digits(char *at, int count, int64_t value) {
  for (int i = count; i--; value /= 10) at[i] = (char)('0' + value % 10);
  return at + count;
}

static char *number(char *at, int64_t value) { /* 0 and more */
  int count = 1;
  for (int64_t rest = value; rest > 9; rest /= 10) count++;
  return digits(at, count, value);
}

static char *copy(char *at, const char *text, size_t len) { return (char *)memcpy(at, text, len) + len; }

static char *word(char *at, const char *text) { return copy(at, text, strlen(text)); }

static char *time_text(char *at, struct clock_text *c, int64_t ms) {
  const int64_t second = ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
  if (!*c->text || c->second != second) {
    const time_t seconds = (time_t)second;
    struct tm tm;
    gmtime_r(&seconds, &tm);
    snprintf(c->text, sizeof c->text, "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.", tm.tm_year + 1900, tm.tm_mon + 1,
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    c->second = second;
  }
  return word(digits(word(at, c->text), 3, ms - second * 1000), "Z\"");
}

static void put_record(FILE *out, struct clock_text *clock, const struct merge_row *row, const struct source *from,
                       const char *line) {
  char head[HEAD_MOST], again[AGAIN_MOST], *at = time_text(head, clock, row->time);
  if (row->sure >= 0) {
    at = number(word(at, ",\"sure_s\":"), row->sure / 1000);
    *at++ = '.';
    at = digits(at, 1, row->sure % 1000 / 100);
  }
  at = copy(at, from->middle, from->len);
  sodium_bin2hex(at, 2 * JOURNAL_CHAIN + 1, row->chain, JOURNAL_CHAIN);
  at = word(at + 2 * JOURNAL_CHAIN, "\"");
  if (row->ruling) at = word(word(word(at, ",\"ruling\":\""), ruling_name[row->ruling]), "\"");
  if (row->again) at = word(word(word(at, ",\"again\":\""), again_text(row, again)), "\"");
  at = word(at, ",\"record\":");
  fwrite_unlocked(head, 1, (size_t)(at - head), out);
  fwrite_unlocked(line, 1, row->len, out);
  fwrite_unlocked("}\n", 1, 2, out);
}

static bool put_records(struct merge *m, FILE *out, struct problem *problem) {
  struct clock_text clock = {.second = 0};
  struct source *source = calloc((size_t)m->counts.journals + 1, sizeof *source);
  bool good = source ? name_sources(m, source, problem) : problem_set(problem, "内存不足。", "Out of memory.");
  for (uint32_t t = 0; good && t < m->kept; t++) {
    const struct merge_row *row = merge_kept(m, ((const uint32_t *)m->by_time.at)[t]);
    struct source *from = &source[row->journal];
    const char *line = merge_line(&m->rows, row, &from->view);
    good = line || merge_full(problem);
    if (line) put_record(out, &clock, row, from, line);
  }
  for (int64_t i = 0; source && i <= m->counts.journals; i++) merge_view_free(&source[i].view);
  free(source);
  return good;
}

static bool put_rows(struct merge *m, FILE *out, const char *sql, void (*each)(FILE *out, sqlite3_stmt *s),
                     struct problem *problem) {
  sqlite3_stmt *s = NULL;
  bool good = merge_prepare(m, sql, &s, problem);
  int step = SQLITE_DONE;
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) each(out, s);
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(s);
  return good;
}

static bool write_lines(struct merge *m, const char *jsonl, struct problem *problem) {
  FILE *out = fopen(jsonl, "we");
  if (!out) return problem_system(problem, errno, "无法写入", "can't write", jsonl);
  bool good =
      put_rows(m, out, "SELECT kiosk, key, journal, enrolled, records FROM out.kiosk ORDER BY id", put_kiosk, problem) &&
      put_rows(
          m, out,
          "SELECT kind, k.kiosk, k.key, from_seq, to_seq, note FROM out.finding f JOIN out.kiosk k ON k.id = f.kiosk ORDER BY "
          "f.rowid",
          put_finding, problem) &&
      put_records(m, out, problem);
  const bool lost = ferror(out) != 0;
  if ((fclose(out) || lost) && good) good = problem_system(problem, errno, "无法写入", "can't write", jsonl);
  return good;
}

bool merge_write(struct merge *m, const char *db, const char *jsonl, const struct merge_reader *reader,
                 struct problem *problem) {
  return open_db(m, db, problem) && write_lines(m, jsonl, problem) && write_records(m, reader, problem) &&
         merge_exec(m, "COMMIT", problem) && merge_exec(m, "DETACH out", problem);
}
