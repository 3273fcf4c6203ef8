/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/strings.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"

enum { ENTRIES_MAX = 1024, FILE_MOST = 256 * 1024, ARGUMENTS_MAX = 9 };

static const char *const lang_file[LANG_COUNT] = {
    [LANG_ZH_HANS] = "zh-Hans.ini", [LANG_ZH_HANT] = "zh-Hant.ini", [LANG_EN] = "en.ini"};

struct entry {
  const char *key, *value; /* in the file's text */
};

struct strings {
  struct {
    char *text; /* owned */
    int count;
    struct entry entry[ENTRIES_MAX];
  } in[LANG_COUNT];
};

/* The slices become strings where they stand: the parser is past them. */
static const char *terminated(struct slice s) {
  char *at = (char *)(uintptr_t)s.at;
  at[s.len] = '\0';
  return at;
}

static bool read_lang(struct strings *s, const char *folder, enum lang lang, struct problem *problem) {
  char path[PATH_MAX];
  size_t len;
  snprintf(path, sizeof path, "%s/%s", folder, lang_file[lang]);
  if (!file_read(path, FILE_MOST, &s->in[lang].text, &len, problem)) return false;
  struct ini ini;
  ini_init(&ini, path, s->in[lang].text, len);
  for (;;) {
    struct ini_item item;
    enum ini_kind kind = ini_next(&ini, &item, problem);
    if (kind == INI_END) return true;
    if (kind == INI_BAD) return false;
    if (kind == INI_SECTION || s->in[lang].count == ENTRIES_MAX)
      return problem_set(problem, "%s 第 %d 行：这里应是「键 = 文字」，最多 %d 条",
                         "%s, line %d: expected `key = text`, %d at most", path, item.line, ENTRIES_MAX);
    s->in[lang].entry[s->in[lang].count++] = (struct entry){terminated(item.key), terminated(item.value)};
  }
}

bool strings_open(const char *folder, struct strings **out, struct problem *problem) {
  struct strings *s = calloc(1, sizeof *s);
  assert(s != NULL);
  *out = NULL;
  for (int lang = 0; lang < LANG_COUNT; lang++)
    if (!read_lang(s, folder, (enum lang)lang, problem)) {
      strings_close(s);
      return false;
    }
  *out = s;
  return true;
}

void strings_close(struct strings *strings) {
  if (strings == NULL) return;
  for (int lang = 0; lang < LANG_COUNT; lang++) free(strings->in[lang].text);
  free(strings);
}

const char *strings_raw(const struct strings *s, enum lang lang, const char *key) {
  for (int i = 0; i < s->in[lang].count; i++)
    if (strcmp(s->in[lang].entry[i].key, key) == 0) return s->in[lang].entry[i].value;
  return NULL;
}

const char *strings_key(const struct strings *s, enum lang lang, int i) {
  return i < s->in[lang].count ? s->in[lang].entry[i].key : NULL;
}

/* Appends, without a part of a character at the end. */
static size_t append(char *out, size_t size, size_t at, const char *text, size_t len) {
  if (at + len >= size) {
    len = size - 1 - at;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) len--;
  }
  memcpy(out + at, text, len);
  out[at + len] = '\0';
  return at + len;
}

void strings_put(const struct strings *s, enum lang lang, char *out, size_t size, const char *key, ...) {
  const char *argument[ARGUMENTS_MAX] = {NULL};
  va_list list;
  va_start(list, key);
  for (int i = 0; i < ARGUMENTS_MAX && (argument[i] = va_arg(list, const char *)) != NULL;) i++;
  va_end(list);
  const char *text = strings_raw(s, lang, key);
  if (text == NULL) text = strings_raw(s, LANG_ZH_HANS, key);
  if (text == NULL) text = key;
  size_t at = 0;
  out[0] = '\0';
  for (const char *c = text; *c != '\0'; c++) {
    if (c[0] == '{' && c[1] >= '1' && c[1] <= '9' && c[2] == '}') {
      const char *value = argument[c[1] - '1'];
      if (value != NULL) at = append(out, size, at, value, strlen(value));
      c += 2;
    } else if (*c == '|') {
      at = append(out, size, at, "\xE2\x80\x8B", 3);
    } else {
      size_t len = 1; /* a whole character */
      while (((unsigned char)c[len] & 0xC0) == 0x80) len++;
      at = append(out, size, at, c, len);
      c += len - 1;
    }
  }
}
