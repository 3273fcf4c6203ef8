/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/journals.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "journal/export_read.h"

struct writing { /* one kiosk's */
  const struct store_ops *ops;
  void *store;
  const char *kiosk;
  FILE *out;
  int64_t records;
  uint8_t want[JOURNAL_CHAIN];  /* of the line that is next, from the last one backwards: so a fork's other branch stays out */
  char *line[STORE_BATCH_MOST]; /* owned */
  int count;
  bool failed;
  int error; /* errno, where it can't be written */
};

static bool take_line(void *self, const struct store_line *line) {
  struct writing *w = self;
  char hex[2 * JOURNAL_CHAIN + 1];
  if (memcmp(line->chain, w->want, JOURNAL_CHAIN) != 0) return true;
  memcpy(w->want, line->before, JOURNAL_CHAIN);
  sodium_bin2hex(hex, sizeof hex, line->chain, JOURNAL_CHAIN);
  const bool good =
      w->count < STORE_BATCH_MOST && asprintf(&w->line[w->count], "%.*s\t%s\n", (int)line->len, line->line, hex) > 0;
  w->count += good;
  w->failed = w->failed || !good;
  return good;
}

static bool put_export(void *self, const struct store_export *one) {
  struct writing *w = self;
  struct problem problem;
  struct export_header header;
  struct export_end end;
  w->failed = !export_header(one->header, one->header_len, &header, &problem) || !export_end(one->end, one->end_len, &end);
  if (w->failed) return false;
  memcpy(w->want, end.chain, JOURNAL_CHAIN);
  if (w->ops->lines(w->store, w->kiosk, header.from_seq, end.to_seq, take_line, w) != STORE_DONE) w->failed = true;
  w->failed = w->failed || memcmp(w->want, header.chain_before, JOURNAL_CHAIN) != 0;
  w->records += w->count;
  fprintf(w->out, "%.*s\n", (int)one->header_len, one->header);
  for (; w->count > 0; w->count--) {
    fputs(w->line[w->count - 1], w->out);
    free(w->line[w->count - 1]);
  }
  fprintf(w->out, "%.*s\n", (int)one->end_len, one->end);
  if (fflush(w->out) != 0) w->error = errno ? errno : EIO;
  w->failed = w->failed || w->error;
  return !w->failed;
}

bool journals_write(const struct store_ops *ops, void *store, const char *kiosk, FILE *out, int64_t *records,
                    struct problem *problem) {
  struct writing w = {.ops = ops, .store = store, .kiosk = kiosk, .out = out};
  const bool good = ops->exports(store, kiosk, put_export, &w) == STORE_DONE && !w.failed;
  *records = w.records;
  if (w.error) return problem_system(problem, w.error, "无法写入日志", "can't write the journal of", kiosk);
  return good || problem_set(problem, "签到机 %s 的日志读不全：数据库出错，或有人改过它",
                             "kiosk %s's journal can't be read whole: the database failed, or was changed", kiosk);
}

struct names {        /* of the kiosks that have records */
  char (*at)[ID_MAX]; /* owned */
  size_t count;
  bool failed;
};

static bool take_name(void *self, const struct store_seen *seen) {
  struct names *n = self;
  if (seen->records == 0) return true;
  void *grown = realloc(n->at, (n->count + 1) * sizeof *n->at);
  n->failed = !grown;
  if (!grown) return false;
  n->at = grown;
  snprintf(n->at[n->count++], ID_MAX, "%s", seen->name);
  return true;
}

static bool export_one(const struct store_ops *ops, void *store, const char *kiosk, const char *dir, struct problem *problem) {
  char path[PATH_MAX], beside[PATH_MAX], file[ID_MAX];
  int64_t records = 0;
  snprintf(file, sizeof file, "%s", kiosk);
  for (char *c = file; *c; c++) /* names are the organizer's, and stay in the folder all the same */
    if (*c == '/' || (c == file && *c == '.')) *c = '_';
  snprintf(path, sizeof path, "%s/%s.jsonl", dir, file);
  if (!file_begin(path, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  bool good = out && journals_write(ops, store, kiosk, out, &records, problem);
  if (!out || (fclose(out) != 0 && good)) good = problem_system(problem, errno, "无法写入", "can't write", beside);
  if (!good) {
    file_abandon(beside);
    return false;
  }
  if (!file_commit(beside, path, 0600, problem)) return false;
  printf("{\"kiosk\":\"%s\",\"records\":%lld,\"file\":\"%s\"}\n", kiosk, (long long)records, path);
  return true;
}

bool journals_export(const struct store_ops *ops, void *store, const char *dir, struct problem *problem) {
  struct names names = {.count = 0};
  bool good = folder_make(dir, 0700, problem);
  if (good && (ops->kiosks(store, take_name, &names) != STORE_DONE || names.failed))
    good = problem_set(problem, "数据库读不了：请用备份；没有备份时换一个新的 db =，签到机会把日志再发一遍",
                       "the database can't be read: take a copy of it, or name a new one in db =, which the kiosks fill again");
  for (size_t i = 0; good && i < names.count; i++) good = export_one(ops, store, names.at[i], dir, problem);
  free(names.at);
  return good;
}
