/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/outputs.h"

#include <dirent.h>
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

bool outputs_has(const struct outputs *o, const char *name) {
  const size_t dir = strlen(o->dir);
  for (const struct output *f = o->newest; f; f = f->next)
    if (!strcmp(f->path + dir + 1, name)) return true;
  return false;
}

static bool is_ours(const struct outputs *o, const char *path) {
  for (const struct output *f = o->newest; f; f = f->next)
    if ((!f->scratch && !strcmp(f->path, path)) || !strcmp(f->beside, path)) return true;
  return false;
}

static bool folder_alone(const struct outputs *o, const char *dir, const char *inner, struct problem *problem) {
  char path[PATH_MAX];
  bool good = true;
  DIR *d = opendir(dir);
  if (!d) return errno == ENOENT || problem_system(problem, errno, "无法读取文件夹", "can't read the folder", dir);
  for (const struct dirent *e; good && (e = readdir(d));) {
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") || (inner && !strcmp(e->d_name, inner))) continue;
    good = snprintf(path, sizeof path, "%s/%s", dir, e->d_name) < PATH_MAX && is_ours(o, path);
    if (!good)
      problem_set(problem, "%s 是以前留在那里的，可能不该给别人看：请另用一个文件夹",
                  "%s was there before, and may not be for everybody: use another folder", path);
  }
  closedir(d);
  return good;
}

bool outputs_alone(const struct outputs *o, const char *inner, struct problem *problem) {
  char dir[PATH_MAX];
  if (snprintf(dir, sizeof dir, "%s/%s", o->dir, inner) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", o->dir);
  return folder_alone(o, o->dir, inner, problem) && folder_alone(o, dir, NULL, problem);
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
