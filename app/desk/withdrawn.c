/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/withdrawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static int find(const struct withdrawn *w, const char *name) {
  int i = 0;
  while (i < w->count && strcmp(w->name[i], name) != 0) i++;
  return i;
}

bool withdrawn_has(const struct withdrawn *w, const char *name) { return find(w, name) < w->count; }

bool withdrawn_open(struct withdrawn *w, const char *data, struct problem *problem) {
  char *text;
  size_t len;
  w->count = 0;
  snprintf(w->file, sizeof w->file, "%s/withdrawn.txt", data);
  if (access(w->file, F_OK) != 0) return true;
  if (!file_read(w->file, sizeof w->name, &text, &len, problem)) return false;
  char *rest = text;
  for (char *line; w->count < WITHDRAWN_MAX && (line = strsep(&rest, "\n"));)
    if (*line && strlen(line) < TEXT_MAX) strcpy(w->name[w->count++], line);
  free(text);
  return true;
}

bool withdrawn_set(struct withdrawn *w, const char *name, bool withdrawn, struct problem *problem) {
  char text[sizeof w->name];
  size_t len = 0;
  const int at = find(w, name);
  if (withdrawn == (at < w->count)) return true;
  if (withdrawn && w->count == WITHDRAWN_MAX)
    return problem_set(problem, "停用的值班卡太多了（最多 %d 张）。", "Too many cards are withdrawn (at most %d).",
                       WITHDRAWN_MAX);
  if (withdrawn)
    snprintf(w->name[w->count++], TEXT_MAX, "%s", name);
  else
    memmove(w->name[at], w->name[at + 1], sizeof *w->name * (size_t)(w->count-- - at - 1));
  for (int i = 0; i < w->count; i++) len += (size_t)snprintf(text + len, sizeof text - len, "%s\n", w->name[i]);
  return file_write(w->file, text, len, 0600, problem);
}
