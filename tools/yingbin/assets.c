/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/assets.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool here(char folder[PATH_MAX], struct problem *problem) {
  char self[PATH_MAX];
  ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
  if (len <= 0)
    return problem_set(problem, "找不到本程序所在的文件夹（/proc 未挂载？）",
                       "can't tell where this program lies (is /proc mounted?)");
  self[len] = '\0';
  *strrchr(self, '/') = '\0';
  memcpy(folder, self, (size_t)len);
  return true;
}

bool assets_find(const char *name, char *path, struct problem *problem) {
  static const char *const place[] = {"assets", "../../../assets", "../share/yingbin"};
  char folder[PATH_MAX], from[PATH_MAX];
  if (!here(folder, problem)) return false;
  for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
    int len = snprintf(from, sizeof from, "%s/%s/%s", folder, place[i], name);
    if (len < PATH_MAX && realpath(from, path)) return true;
  }
  return problem_set(problem, "找不到 assets/%s（在 %s 附近）：请重新安装", "assets/%s is not near %s: install again", name,
                     folder);
}

bool assets_program(const char *name, char *path, struct problem *problem) {
  char folder[PATH_MAX];
  if (!here(folder, problem)) return false;
  int len = snprintf(path, PATH_MAX, "%s/%s", folder, name);
  if (len < PATH_MAX && !access(path, X_OK)) return true;
  return problem_set(problem, "找不到程序 %s：请构建或安装全部程序", "there is no program %s: build or install all of them",
                     path);
}
