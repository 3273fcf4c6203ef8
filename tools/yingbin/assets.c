/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/installed.h"

bool assets_find(const char *name, char *path, struct problem *problem) {
  char folder[PATH_MAX], file[PATH_MAX];
  if (installed_assets(name, folder) && snprintf(file, sizeof file, "%s/%s", folder, name) < PATH_MAX && realpath(file, path))
    return true;
  return problem_set(problem, "找不到 assets/%1$s（应当在 %2$s）：请重新安装",
                     "assets/%1$s is missing (expected in %2$s): install again", name, folder[0] ? folder : "/proc/self/exe");
}

bool assets_program(const char *name, char *path, struct problem *problem) {
  char folder[PATH_MAX];
  if (installed_folder(folder) && snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX && !access(path, X_OK))
    return true;
  return problem_set(problem, "找不到程序 %1$s/%2$s：请构建或安装全部程序",
                     "there is no program %1$s/%2$s: build or install all of them", folder, name);
}
