/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/yingbin/pool.h"

struct output {
  struct output *next;
  bool settled, scratch;
  char path[PATH_MAX], beside[PATH_MAX];
};

const char *outputs_path(struct outputs *o, const char *name, struct problem *problem) {
  struct output *f = grow(NULL, 1, sizeof *f);
  *f = (struct output){.next = o->newest};
  if (snprintf(f->path, sizeof f->path, "%s/%s", o->dir, name) >= PATH_MAX) {
    free(f);
    return problem_set(problem, "路径太长：%s/%s", "the path is too long: %s/%s", o->dir, name), NULL;
  }
  if (!file_begin(f->path, f->beside, problem)) return free(f), NULL;
  o->newest = f;
  return f->beside;
}

const char *outputs_scratch(struct outputs *o, const char *name, struct problem *problem) {
  const char *path = outputs_path(o, name, problem);
  if (path) o->newest->scratch = true;
  return path;
}

FILE *outputs_open(struct outputs *o, const char *name, struct problem *problem) {
  const char *path = outputs_path(o, name, problem);
  FILE *out = path ? fopen(path, "we") : NULL;
  if (path && !out) problem_system(problem, errno, "无法写入", "can't write", o->newest->path);
  return out;
}

bool outputs_close(struct outputs *o, FILE *out, struct problem *problem) {
  bool bad = ferror(out);
  if (!fclose(out) && !bad) return true;
  return problem_system(problem, errno ? errno : EIO, "无法写入", "can't write", o->newest->path);
}

bool outputs_settle(struct outputs *o, struct problem *problem) {
  for (struct output *f = o->newest; f; f = f->next) {
    if (f->scratch) continue;
    if (!file_commit(f->beside, f->path, 0600, problem)) return false;
    f->settled = true;
  }
  return true;
}

void outputs_abandon(struct outputs *o) {
  for (struct output *f = o->newest, *next; f; f = next) {
    next = f->next;
    if (!f->settled) file_abandon(f->beside);
    free(f);
  }
  o->newest = NULL;
}
