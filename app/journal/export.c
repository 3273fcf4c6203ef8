/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "journal/chain.h"
#include "journal/export.h"
#include "journal/identity.h"
#include "journal/store.h"

struct export {
  sqlite3 *db;
  char path[STORE_PATH];
  struct kiosk_identity key;
  uint8_t chain[JOURNAL_CHAIN];
  int64_t from_seq, most, seq; /* the last one written */
  bool behind_purged;          /* the record before the first one has no line any more */
  struct line header, end;
};

/* A card in a reader that can't write: where all is merged into journal.db the file alone is enough. */
static bool open_immutable(struct export *e, struct problem *problem) {
  char path[STORE_PATH + 8], uri[3 * STORE_PATH + 32], *out = uri + sprintf(uri, "file:");
  struct stat st;
  snprintf(path, sizeof path, "%s-wal", e->path);
  if (!stat(path, &st) && st.st_size > 0)
    return problem_set(problem, "数据文件夹只读，而签到日志 %s 还有未合并的部分。请把整个文件夹复制到可写的地方再导出。",
                       "The data folder is read-only, and the journal %s has a part that isn't merged. Copy the whole folder "
                       "to where it can be written, and export there.",
                       e->path);
  for (const char *c = e->path; *c; c++) out += sprintf(out, strchr("%?#", *c) ? "%%%02x" : "%c", *c);
  strcpy(out, "?immutable=1");
  sqlite3_close(e->db);
  if (!sqlite3_open_v2(uri, &e->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL)) return true;
  return store_problem(e->db, e->path, problem);
}

static bool open_read_only(struct export *e, struct problem *problem) {
  struct stat st;
  if (stat(e->path, &st))
    return problem_set(problem, "没有签到日志 %s（%s）。请检查 --data 是不是签到机的数据文件夹。",
                       "There is no journal %s (%s). Check whether --data is a kiosk's data folder.", e->path, strerror(errno));
  int code = sqlite3_open_v2(e->path, &e->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
  if (!code) sqlite3_busy_timeout(e->db, 5000);
  if (!code) code = sqlite3_exec(e->db, "BEGIN; SELECT 1 FROM sqlite_schema", NULL, NULL, NULL); /* one view of it all */
  if (!code) return true;
  if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR) return store_problem(e->db, e->path, problem);
  return open_immutable(e, problem);
}

/* The journal is this key's; `kiosk` becomes the name that it goes by. */
static bool read_owner(struct export *e, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  bool good =
      !sqlite3_prepare_v2(e->db, "SELECT id, key, kiosk FROM journal", -1, &get, NULL) && sqlite3_step(get) == SQLITE_ROW;
  if (!good) store_problem(e->db, e->path, problem);
  bool ours = good && sqlite3_column_bytes(get, 0) == JOURNAL_ID && sqlite3_column_bytes(get, 1) == 32 &&
              !memcmp(sqlite3_column_blob(get, 0), e->key.journal, JOURNAL_ID) &&
              !memcmp(sqlite3_column_blob(get, 1), e->key.public_key, 32);
  if (good && !ours)
    problem_set(problem, "签到日志 %s 属于另一把签到机密钥：kiosk.key 和 journal.db 不是一对。",
                "The journal %s belongs to another kiosk key: kiosk.key and journal.db are no pair.", e->path);
  if (ours) snprintf(e->key.name, sizeof e->key.name, "%s", (const char *)sqlite3_column_text(get, 2));
  sqlite3_finalize(get);
  return ours;
}

/* What was purged has no lines any more: the export begins behind it. */
static bool read_chain_before(struct export *e, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  int64_t purged;
  chain_start(e->key.public_key, e->key.journal, e->chain);
  if (!store_purged(e->db, &purged, e->chain)) return store_problem(e->db, e->path, problem);
  if (e->from_seq <= purged + 1) {
    e->from_seq = purged + 1;
    e->seq = purged;
    e->behind_purged = purged > 0;
    return true;
  }
  bool good = !sqlite3_prepare_v2(e->db, "SELECT chain FROM record WHERE seq = ? - 1", -1, &get, NULL) &&
              !sqlite3_bind_int64(get, 1, e->from_seq);
  int step = good ? sqlite3_step(get) : SQLITE_ERROR;
  bool found = step == SQLITE_ROW && sqlite3_column_bytes(get, 0) == JOURNAL_CHAIN;
  if (found) memcpy(e->chain, sqlite3_column_blob(get, 0), JOURNAL_CHAIN);
  if (step == SQLITE_DONE)
    problem_set(problem, "签到日志 %s 没有第 %lld 条记录，不能从那里导出。",
                "The journal %s has no record %lld to export from.", e->path, (long long)e->from_seq);
  else if (!found)
    store_problem(e->db, e->path, problem);
  sqlite3_finalize(get);
  return found;
}

static void write_header(struct export *e, FILE *out) {
  struct line *h = &e->header;
  line_begin(h);
  line_number(h, "v", 1);
  line_text(h, "kiosk", e->key.name);
  line_hex(h, "journal", e->key.journal, JOURNAL_ID);
  line_hex(h, "key", e->key.public_key, 32);
  line_number(h, "from_seq", e->from_seq);
  line_hex(h, "chain_before", e->chain, JOURNAL_CHAIN);
  if (e->behind_purged) line_bool(h, "purged", true);
  line_end(h);
  fwrite(h->bytes, 1, h->len, out);
  fputc('\n', out);
}

static bool not_written(struct problem *problem) {
  const int error = errno;
  problem_set(problem, "导出文件写不进去：%s。", "The export can't be written: %s.", strerror(error));
  errno = error;
  return false;
}

/* Every line is proved before it is handed out: a signature must not cover what was changed on the disk. */
static bool write_records(struct export *e, FILE *out, struct problem *problem) {
  sqlite3_stmt *get = NULL;
  char hex[2 * JOURNAL_CHAIN + 1];
  bool good =
      !sqlite3_prepare_v2(e->db, "SELECT seq, line, chain FROM record WHERE seq >= ? ORDER BY seq LIMIT ?", -1, &get, NULL) &&
      !sqlite3_bind_int64(get, 1, e->from_seq) && !sqlite3_bind_int64(get, 2, e->most);
  int step = SQLITE_ERROR;
  while (good && (step = sqlite3_step(get)) == SQLITE_ROW) {
    const char *line = (const char *)sqlite3_column_text(get, 1);
    size_t len = (size_t)sqlite3_column_bytes(get, 1);
    chain_next(e->chain, line, len);
    if (sqlite3_column_int64(get, 0) != ++e->seq || sqlite3_column_bytes(get, 2) != JOURNAL_CHAIN ||
        memcmp(sqlite3_column_blob(get, 2), e->chain, JOURNAL_CHAIN)) {
      sqlite3_finalize(get);
      return problem_set(
          problem, "签到日志 %s 的第 %lld 条记录与它的链不符：日志已损坏或被改动。请保留整个文件夹。",
          "Record %2$lld of the journal %1$s doesn't match its chain: it is damaged or was changed. Keep the whole folder.",
          e->path, (long long)e->seq);
    }
    sodium_bin2hex(hex, sizeof hex, e->chain, JOURNAL_CHAIN);
    fwrite(line, 1, len, out);
    fprintf(out, "\t%s\n", hex);
    if (ferror(out)) break; /* a full disk: errno says so only now */
  }
  if (good && step == SQLITE_ROW) {
    not_written(problem);
    const int error = errno;
    sqlite3_finalize(get);
    errno = error;
    return false;
  }
  if (step != SQLITE_DONE) store_problem(e->db, e->path, problem);
  sqlite3_finalize(get);
  return step == SQLITE_DONE;
}

static void write_end(struct export *e, FILE *out) {
  uint8_t sig[64];
  struct line *l = &e->end;
  chain_sign(e->key.secret_key, e->header.bytes, e->header.len, e->seq, e->chain, sig);
  line_begin(l);
  line_number(l, "to_seq", e->seq);
  line_hex(l, "chain", e->chain, JOURNAL_CHAIN);
  line_hex(l, "sig", sig, sizeof sig);
  line_end(l);
  fwrite(l->bytes, 1, l->len, out);
  fputc('\n', out);
}

static bool key_of(const char *data, struct kiosk_identity *key, struct problem *problem) {
  bool missing;
  if (sodium_init() < 0) return problem_set(problem, "系统的随机源不可用。", "The system's random source is not available.");
  if (identity_read(data, key, &missing, problem)) return true;
  if (missing)
    problem_set(problem, "%s 里没有签到机密钥 kiosk.key。请检查 --data 是不是签到机的数据文件夹。",
                "There is no kiosk.key in %s. Check whether --data is a kiosk's data folder.", data);
  return false;
}

static bool open_export(struct export *e, const char *data, struct problem *problem) {
  snprintf(e->path, sizeof e->path, "%s/journal.db", data);
  return key_of(data, &e->key, problem) && open_read_only(e, problem) && store_check(e->db, e->path, problem) &&
         read_owner(e, problem);
}

static void close_export(struct export *e) {
  sqlite3_close(e->db);
  sodium_memzero(&e->key, sizeof e->key);
}

bool journal_batch(const char *data, int64_t from_seq, int64_t most, FILE *out, int64_t *records, struct problem *problem) {
  struct export e = {.from_seq = from_seq, .most = most, .seq = from_seq - 1};
  bool good = open_export(&e, data, problem) && read_chain_before(&e, problem);
  if (good) {
    write_header(&e, out);
    good = write_records(&e, out, problem);
  }
  if (good) write_end(&e, out);
  if (good && (fflush(out) || ferror(out))) good = not_written(problem);
  const int error = errno;
  close_export(&e);
  errno = error;
  *records = e.seq - e.from_seq + 1;
  return good;
}

bool journal_export(const char *data, int64_t from_seq, FILE *out, int64_t *records, struct problem *problem) {
  return journal_batch(data, from_seq, -1, out, records, problem); /* SQLite: no limit */
}

static bool prove(const char *beside, const char *file, struct journal_report *report, struct problem *problem) {
  FILE *in = fopen(beside, "re");
  bool good = in ? journal_verify(in, file, report, problem)
                 : problem_system(problem, errno, "无法读取导出文件", "can't read the export", file);
  if (in) fclose(in);
  return good;
}

bool journal_export_file(const char *data, int64_t from_seq, const char *file, struct journal_report *report,
                         struct problem *problem) {
  char beside[PATH_MAX];
  int64_t records;
  errno = 0;
  if (!file_begin(file, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  bool good = out || problem_system(problem, errno, "无法写入导出文件", "can't write the export", file);
  good = good && journal_export(data, from_seq, out, &records, problem);
  int error = errno;
  if (!good && out && ferror(out)) problem_system(problem, error, "无法写入导出文件", "can't write the export", file);
  if (out && fclose(out) && good) {
    error = errno;
    good = problem_system(problem, error, "无法写入导出文件", "can't write the export", file);
  }
  if (good) {
    good = prove(beside, file, report, problem) && file_commit(beside, file, 0600, problem);
    error = errno;
  }
  if (!good) file_abandon(beside);
  errno = error;
  return good;
}

bool journal_chain(const char *data, int64_t seq, uint8_t chain[JOURNAL_CHAIN], struct problem *problem) {
  struct export e = {.from_seq = seq + 1};
  bool good = open_export(&e, data, problem) && read_chain_before(&e, problem) && e.from_seq == seq + 1;
  if (good) memcpy(chain, e.chain, JOURNAL_CHAIN);
  close_export(&e);
  return good;
}
