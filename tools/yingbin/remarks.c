/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/remarks.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "tools/yingbin/pool.h"

static void keep_line(struct remarks *r, const char *text) {
  size_t len = strlen(text), need = r->rest_len + len + 2;
  if (need > r->rest_room) {
    r->rest_room = need < 4096 ? 4096 : need * 2;
    r->rest = grow(r->rest, r->rest_room, 1);
  }
  memcpy(r->rest + r->rest_len, text, len);
  r->rest_len += len;
  r->rest[r->rest_len++] = '\n';
  r->rest[r->rest_len] = 0;
}

/* What files say is quoted: nothing in it may steer a terminal, or turn the line round. */
static void harmless(char *text) {
  static const char *const turns[] = {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"};
  for (char *p = text; *p; p++) {
    if ((unsigned char)*p < ' ' || *p == 0x7F) *p = ' ';
    if ((unsigned char)p[0] == 0xC2 && (unsigned char)p[1] < 0xA0) p[0] = p[1] = ' ';
    for (size_t i = 0; *p == '\xE2' && i < sizeof turns / sizeof *turns; i++)
      if (!strncmp(p, turns[i], 3)) memset(p, ' ', 3);
  }
}

void remarks_add(struct remarks *r, const struct problem *problem) {
  struct problem copy = *problem, *p = &copy;
  harmless(copy.zh);
  harmless(copy.en);
  if (r->count == REMARKS_SHOWN) {
    if (r->more++ >= REMARKS_KEPT) return;
    keep_line(r, p->zh);
    keep_line(r, p->en);
    return;
  }
  r->at = grow(r->at, (size_t)r->count + 1, sizeof *r->at);
  r->at[r->count++] = *p;
}

static void say(char *out, size_t size, const char *format, va_list args) {
  int len = vsnprintf(out, size, format, args);
  if (len < (int)size) return;
  size_t end = utf8_cut(out, size - 1, size - 1 - strlen("…"));
  strcpy(out + end, "…");
}

bool remarks_say(struct remarks *r, const char *zh_format, const char *en_format, ...) {
  struct problem p = {.zh = ""};
  va_list args, again;
  va_start(args, en_format);
  va_copy(again, args);
  say(p.zh, sizeof p.zh, zh_format, args);
  say(p.en, sizeof p.en, en_format, again);
  va_end(again);
  va_end(args);
  remarks_add(r, &p);
  return false;
}

static bool write_all(const struct remarks *r, const char *file, struct problem *problem) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  for (int i = 0; i < r->count; i++) fprintf(out, "%s\n%s\n", r->at[i].zh, r->at[i].en);
  fwrite(r->rest, 1, r->rest_len, out);
  if (r->more > REMARKS_KEPT) fprintf(out, "另有 %d 处\nand %d more\n", r->more - REMARKS_KEPT, r->more - REMARKS_KEPT);
  bool good = fclose(out) == 0 && file_write(file, text, len, 0600, problem);
  free(text);
  return good;
}

void remarks_print(const struct remarks *r, const char *prefix, const char *output) {
  char file[PATH_MAX];
  struct problem problem;
  for (int i = 0; i < r->count; i++) problem_print(&r->at[i], prefix);
  bool named = output && snprintf(file, sizeof file, "%s.problems.txt", output) < PATH_MAX;
  if (!r->more) {
    if (named) unlink(file); /* an earlier run's: they are no more */
    return;
  }
  if (!named)
    fprintf(stderr, "%s: 另有 %d 处\n%s: and %d more\n", prefix, r->more, prefix, r->more);
  else if (write_all(r, file, &problem))
    fprintf(stderr, "%s: 另有 %d 处，全部写在 %s\n%s: and %d more; all of them are in %s\n", prefix, r->more, file, prefix,
            r->more, file);
  else
    problem_print(&problem, prefix);
}

void remarks_free(struct remarks *r) {
  free(r->at);
  free(r->rest);
  *r = (struct remarks){.count = 0};
}
