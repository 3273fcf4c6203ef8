/* SPDX-License-Identifier: Apache-2.0 */
#include "base/installed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool installed_folder(char folder[PATH_MAX]) {
  const ssize_t len = readlink("/proc/self/exe", folder, PATH_MAX - 1);
  folder[len > 0 ? len : 0] = '\0';
  char *slash = strrchr(folder, '/');
  if (slash) *slash = '\0';
  return slash != NULL;
}

bool installed_assets(const char *has, char folder[PATH_MAX]) {
  static const char *const places[] = {"assets", "../../../assets", "../share/yingbin"};
  char own[PATH_MAX], file[2 * PATH_MAX];
  folder[0] = '\0';
  if (!installed_folder(own)) return false;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    if (snprintf(file, sizeof file, "%s/%s", own, places[i]) >= PATH_MAX) return false;
    strcpy(folder, file);
    snprintf(file, sizeof file, "%s/%s", folder, has);
    if (access(file, R_OK) == 0) return true;
  }
  return false;
}
