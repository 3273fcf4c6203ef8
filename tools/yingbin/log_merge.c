/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/log_merge.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static void tell(void *self, const struct problem *said) {
  (void)self;
  problem_print(said, "yingbin log merge");
}

static bool add_all(struct merge *m, const struct merge_request *r, struct problem *problem) {
  for (int i = 0; i < r->files; i++) {
    FILE *in = fopen(r->file[i], "re");
    if (!in) return problem_system(problem, errno, "无法读取导出文件", "can't read the export", r->file[i]);
    bool good = merge_add(m, in, r->file[i], problem);
    fclose(in);
    if (!good) return false;
  }
  return true;
}

static bool write_log(struct merge *m, const char *out, struct problem *problem) {
  char db[PATH_MAX], lines[PATH_MAX], db_beside[PATH_MAX], lines_beside[PATH_MAX];
  snprintf(db, sizeof db, "%s/merged.db", out);
  snprintf(lines, sizeof lines, "%s/merged.jsonl", out);
  if (!file_begin(db, db_beside, problem)) return false;
  if (!file_begin(lines, lines_beside, problem)) return file_abandon(db_beside), false;
  bool good = merge_write(m, db_beside, lines_beside, problem) && file_commit(db_beside, db, 0600, problem) &&
              file_commit(lines_beside, lines, 0600, problem);
  if (!good) file_abandon(db_beside), file_abandon(lines_beside);
  return good;
}

bool log_merge(const struct merge_request *r, struct merge_counts *c, struct problem *problem) {
  struct merge *m = NULL;
  struct merge_rules rules = {.catalog = NULL};
  if (!folder_make(r->out, 0700, problem) || setenv("SQLITE_TMPDIR", r->out, 1)) return false;
  bool good = merge_open(r->out, (struct merge_listener){.tell = tell}, &m, problem) && add_all(m, r, problem) &&
              merge_settle(m, &rules, c, problem) && write_log(m, r->out, problem);
  merge_close(m);
  return good;
}
