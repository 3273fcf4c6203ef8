/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan_truth.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/pool.h"

struct columns { /* -1: not there */
  int file, set, text, hex, first;
};

enum { FIELDS_MAX = 16 };

static int split(char *line, char *field[FIELDS_MAX]) {
  int count = 0;
  line[strcspn(line, "\r\n")] = 0;
  for (char *at = line; at && count < FIELDS_MAX;) field[count++] = strsep(&at, "\t");
  return count;
}

static bool head(char *line, struct columns *columns) {
  char *field[FIELDS_MAX];
  int count = split(line, field);
  *columns = (struct columns){-1, -1, -1, -1, -1};
  for (int i = 0; i < count; i++) {
    if (!strcmp(field[i], "file")) columns->file = i;
    if (!strcmp(field[i], "set")) columns->set = i;
    if (!strcmp(field[i], "text")) columns->text = i;
    if (!strcmp(field[i], "text_hex")) columns->hex = i;
    if (!strcmp(field[i], "first_frame")) columns->first = i;
  }
  return columns->file >= 0 && (columns->text >= 0) != (columns->hex >= 0);
}

static int nibble(char c) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) % 16 : -1;
}

static bool unhex(char *text, size_t *len) {
  *len = strlen(text) / 2;
  if (strlen(text) % 2) return false;
  for (size_t i = 0; i < *len; i++) {
    int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    text[i] = (char)(high << 4 | low);
  }
  return true;
}

static struct truth *of_file(struct truths *truths, const char *file) {
  for (int i = truths->count - 1; i >= 0; i--)
    if (!strcmp(truths->at[i].file, file)) return &truths->at[i];
  truths->at = grow(truths->at, (size_t)truths->count + 1, sizeof *truths->at);
  struct truth *truth = &truths->at[truths->count++];
  *truth = (struct truth){.holds = {.count = 0}};
  snprintf(truth->file, sizeof truth->file, "%s", file);
  return truth;
}

static bool row(char *line, const struct columns *c, struct truths *truths) {
  char *field[FIELDS_MAX];
  int count = split(line, field), text_at = c->hex >= 0 ? c->hex : c->text;
  if (count <= c->file || count <= text_at || count <= c->set || !*field[c->file]) return false;
  if (strlen(field[c->file]) >= sizeof((struct truth *)0)->file) return false;
  size_t len = strlen(field[text_at]);
  if (c->hex >= 0 && !unhex(field[text_at], &len)) return false;
  struct truth *truth = of_file(truths, field[c->file]);
  if (c->set >= 0) snprintf(truth->set, sizeof truth->set, "%s", field[c->set]);
  if (c->first >= 0 && c->first < count) truth->first = atoi(field[c->first]);
  if (!len) return true;
  if (truth->holds.count == TRUTH_TEXTS_MAX) return false;
  uint8_t *copy = grow(NULL, len, 1);
  memcpy(copy, field[text_at], len);
  truth->holds.text[truth->holds.count++] = (struct found_text){copy, len, -1};
  return true;
}

bool truth_read(const char *folder, const char *name, struct truths *truths, struct problem *problem) {
  char path[PATH_MAX], *line = NULL;
  size_t room = 0;
  struct columns columns;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *in = fopen(path, "re");
  if (!in) return problem_system(problem, errno, "打不开", "can't open", path);
  bool good = getline(&line, &room, in) > 0 && head(line, &columns);
  if (!good)
    problem_set(problem, "%s：首行应有 file 列，和 text 或 text_hex 列",
                "%s: its first line must name the columns file, and text or text_hex", path);
  for (int number = 2; good && getline(&line, &room, in) > 0; number++) {
    good = row(line, &columns, truths);
    if (!good)
      problem_set(problem, "%s 第 %d 行：缺列，或者不是十六进制", "%s, line %d: a column is missing, or it is not hex", path,
                  number);
  }
  free(line);
  fclose(in);
  if (good && !truths->count) good = problem_set(problem, "%s：没有图片", "%s: names no picture", path);
  return good;
}

void truth_free(struct truths *truths) {
  for (int i = 0; i < truths->count; i++) found_free(&truths->at[i].holds);
  free(truths->at);
  *truths = (struct truths){0};
}

bool truth_met(const struct truth *truth, const struct found *found) {
  for (int i = 0; i < truth->holds.count; i++)
    if (!found_has(found, truth->holds.text[i].bytes, truth->holds.text[i].len)) return false;
  return truth->holds.count > 0;
}

int truth_wrong(const struct truth *truth, const struct found *found) {
  int wrong = 0;
  for (int i = 0; i < found->count; i++) wrong += !found_has(&truth->holds, found->text[i].bytes, found->text[i].len);
  return wrong;
}
