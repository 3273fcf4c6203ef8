/* SPDX-License-Identifier: Apache-2.0
 * A network that is a file: a line `SPKI URL` for each hub that announces itself now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "platform/finder.h"

enum { FILE_MOST = 64 * 1024 };

static bool open_finder(const char *address, void **self, struct problem *problem) {
  *self = strdup(address);
  return *self || problem_set(problem, "内存不足", "out of memory");
}

static bool find(void *self, const char *spki, const char *avoid, int64_t limit_ms, char url[FINDER_URL]) {
  char *text, *rest = NULL, key[80], at[FINDER_URL], spare[FINDER_URL] = "";
  struct problem problem;
  size_t len;
  (void)limit_ms;
  url[0] = '\0';
  if (!file_read(self, FILE_MOST, &text, &len, &problem)) return false;
  for (char *line = strtok_r(text, "\n", &rest); line && !url[0]; line = strtok_r(NULL, "\n", &rest)) {
    if (sscanf(line, "%79s %127s", key, at) != 2 || strcmp(key, spki) != 0) continue;
    strcpy(strcmp(at, avoid) != 0 ? url : spare, at);
  }
  free(text);
  if (!url[0]) strcpy(url, spare);
  return url[0] != '\0';
}

static void abort_finder(void *self) { (void)self; }
static void close_finder(void *self) { free(self); }

const struct finder_ops finder_file_ops = {"file", open_finder, find, abort_finder, close_finder};
