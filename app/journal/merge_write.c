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
    " ruling TEXT,"    /* of admissions: counts, conflict, undone */
    " people INTEGER," /* that it counts for */
    " who TEXT, "      /* roster number, or # and a code's hash; corrected */
    " first INTEGER,"  /* of a conflict: the record that counts */
    " again TEXT," /* the verdict that rules give now, where its clock couldn't be trusted; with ? where the time isn't sure */
    " line TEXT NOT NULL" FIELD("id", "TEXT") FIELD("kind", "TEXT") FIELD("kiosk", "TEXT") FIELD("event", "TEXT")
        FIELD("station", "TEXT") FIELD("attendee", "TEXT") FIELD("code", "TEXT") FIELD("verdict", "TEXT") FIELD("by", "TEXT")
            FIELD("operator", "TEXT") FIELD("count", "ANY") FIELD("ref", "TEXT") FIELD("override", "TEXT")
                FIELD("sealed", "TEXT") FIELD("boot", "TEXT") FIELD("wall", "TEXT") FIELD("wall_ok", "ANY")
                    FIELD("unconfirmed", "ANY") FIELD("note", "TEXT") ") STRICT;";

static const char fill[] =
    "INSERT INTO out.kiosk SELECT j.rank, j.kiosk, lower(hex(j.key)), lower(hex(j.journal)), j.enrolled, count(k.n) FROM "
    "journal"
    " j LEFT JOIN kept k ON k.rank = j.rank GROUP BY j.rank ORDER BY j.rank;"
    "INSERT INTO out.finding SELECT kind, (SELECT rank FROM journal WHERE id = f.journal), from_seq, to_seq, lower(hex(chain)),"
    " note FROM found f ORDER BY f.rowid;";

static const char rows[] =
    "SELECT k.n, k.rank, k.seq, k.time, k.sure, r.chain, CASE g.ruling WHEN 1 THEN 'counts' WHEN 2 THEN 'conflict' WHEN 3 THEN "
    "'undone' END, g.people, iif(g.n, coalesce(c.who, r.who), NULL), g.first, g.again, r.line FROM kept k JOIN raw r ON r.id = "
    "k.raw LEFT JOIN ruling g ON g.n = k.n LEFT JOIN corrected c ON c.ref = r.ident ORDER BY k.n";

/* Behind the columns of `rows`, in the order of the schema. */
enum { ROW_COLUMNS = 12, ROW_LINE = ROW_COLUMNS - 1 };
static const enum record_key fields[] = {RECORD_ID,       RECORD_KIND,    RECORD_KIOSK,       RECORD_EVENT,  RECORD_STATION,
                                         RECORD_ATTENDEE, RECORD_CODE,    RECORD_VERDICT,     RECORD_BY,     RECORD_OPERATOR,
                                         RECORD_COUNT,    RECORD_REF,     RECORD_OVERRIDE,    RECORD_SEALED, RECORD_BOOT,
                                         RECORD_WALL,     RECORD_WALL_OK, RECORD_UNCONFIRMED, RECORD_NOTE};
enum { FIELDS = sizeof fields / sizeof *fields };

static const char put[] =
    "INSERT INTO out.record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
    " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)";
_Static_assert((int)ROW_COLUMNS + (int)FIELDS == 31, "a parameter each");

static const char indices[] = "CREATE INDEX out.record_time ON record (time_ms, n);"
                              "CREATE INDEX out.record_who ON record (who, time_ms) WHERE ruling IS NOT NULL;"
                              "COMMIT";

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

static bool write_record(struct merge *m, sqlite3_stmt *from, sqlite3_stmt *to, struct problem *problem) {
  struct record r;
  const char *line = (const char *)sqlite3_column_text(from, ROW_LINE);
  const bool is_object = line && record_read(&r, line, (size_t)sqlite3_column_bytes(from, ROW_LINE));
  if (!is_object) return problem_set(problem, "内存不足。", "Out of memory."); /* it was one when it was staged */
  for (int i = 0; i < ROW_COLUMNS; i++) sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
  for (int i = 0; i < FIELDS; i++) bind_field(to, ROW_COLUMNS + i + 1, fields[i], &r.value[fields[i]]);
  const bool good = sqlite3_step(to) == SQLITE_DONE || merge_failed(m, problem);
  sqlite3_reset(to);
  record_free(&r);
  return good;
}

static bool write_records(struct merge *m, struct problem *problem) {
  sqlite3_stmt *from = NULL, *to = NULL;
  bool good = merge_prepare(m, rows, &from, problem) && merge_prepare(m, put, &to, problem);
  int step = SQLITE_DONE;
  while (good && (step = sqlite3_step(from)) == SQLITE_ROW) good = write_record(m, from, to, problem);
  good = good && (step == SQLITE_DONE || merge_failed(m, problem));
  sqlite3_finalize(from);
  sqlite3_finalize(to);
  return good;
}

static bool write_db(struct merge *m, const char *path, struct problem *problem) {
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
  return good && merge_exec(m, settings, problem) && merge_exec(m, schema, problem) && merge_exec(m, fill, problem) &&
         write_records(m, problem) && merge_exec(m, indices, problem);
}

/* --- merged.jsonl --- */

static void put_string(FILE *out, const char *text) {
  putc('"', out);
  for (const unsigned char *c = (const unsigned char *)text; *c; c++)
    if (*c == '"' || *c == '\\')
      fprintf(out, "\\%c", *c);
    else if (*c < 0x20)
      fprintf(out, "\\u%04x", *c);
    else
      putc(*c, out);
  putc('"', out);
}

static void put_time(FILE *out, int64_t ms) {
  time_t seconds = (time_t)(ms >= 0 ? ms / 1000 : -((999 - ms) / 1000));
  struct tm tm;
  gmtime_r(&seconds, &tm);
  fprintf(out, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
          tm.tm_sec, (int)(ms - (int64_t)seconds * 1000));
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

static void put_record(FILE *out, sqlite3_stmt *s) {
  char hex[2 * JOURNAL_CHAIN + 1];
  fputs("{\"time\":", out);
  put_time(out, sqlite3_column_int64(s, 0));
  if (sqlite3_column_type(s, 1) != SQLITE_NULL) {
    int64_t ms = sqlite3_column_int64(s, 1);
    fprintf(out, ",\"sure_s\":%lld.%lld", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
  }
  fputs(",\"kiosk\":", out);
  put_string(out, (const char *)sqlite3_column_text(s, 2));
  sodium_bin2hex(hex, sizeof hex, sqlite3_column_blob(s, 4), JOURNAL_CHAIN);
  fprintf(out, ",\"key\":\"%.16s\",\"chain\":\"%s\"", (const char *)sqlite3_column_text(s, 3), hex);
  if (sqlite3_column_text(s, 5)) fprintf(out, ",\"ruling\":\"%s\"", sqlite3_column_text(s, 5));
  if (sqlite3_column_text(s, 6)) fprintf(out, ",\"again\":\"%s\"", sqlite3_column_text(s, 6));
  fputs(",\"record\":", out);
  fwrite(sqlite3_column_text(s, 7), 1, (size_t)sqlite3_column_bytes(s, 7), out);
  fputs("}\n", out);
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

bool merge_write(struct merge *m, const char *db, const char *jsonl, struct problem *problem) {
  if (!write_db(m, db, problem)) return false;
  FILE *out = fopen(jsonl, "we");
  if (!out) return problem_system(problem, errno, "无法写入", "can't write", jsonl);
  bool good =
      put_rows(m, out, "SELECT kiosk, key, journal, enrolled, records FROM out.kiosk ORDER BY id", put_kiosk, problem) &&
      put_rows(
          m, out,
          "SELECT kind, k.kiosk, k.key, from_seq, to_seq, note FROM out.finding f JOIN out.kiosk k ON k.id = f.kiosk ORDER BY "
          "f.rowid",
          put_finding, problem) &&
      put_rows(
          m, out,
          "SELECT time_ms, sure_ms, k.kiosk, k.key, chain, ruling, again, line FROM out.record r JOIN out.kiosk k ON k.id = "
          "r.from_kiosk ORDER BY time_ms, n",
          put_record, problem);
  if (fclose(out) && good) good = problem_system(problem, errno, "无法写入", "can't write", jsonl);
  return good && merge_exec(m, "DETACH out", problem);
}
