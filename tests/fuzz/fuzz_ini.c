/* SPDX-License-Identifier: Apache-2.0
 * Every item lies inside the text, lines only go up, every bad line says so, and the end is reached.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/ini.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct slice s, const char *text, size_t len) {
  assert(s.len == 0 || (s.at >= text && s.at + s.len <= text + len));
  assert(utf8_valid(s.at, s.len) && !memchr(s.at, 0, s.len) && !memchr(s.at, '\n', s.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const known[] = {"name", "title", NULL};
  const char *text = (const char *)data;
  struct ini ini;
  struct ini_item item;
  struct problem problem = {"", ""};
  int line = 0;
  ini_init(&ini, "fuzz.ini", text, size);
  while (ini_next(&ini, &item, &problem) != INI_END) {
    assert(item.line > line);
    line = item.line;
    if (item.kind == INI_BAD) assert(strstr(problem.zh, "fuzz.ini") && strstr(problem.en, "fuzz.ini"));
    if (item.kind == INI_SECTION) assert(item.section.len > 0);
    if (item.kind == INI_PAIR) {
      char copy[16];
      assert(item.key.len > 0 && slice_copy(item.value, copy, sizeof(copy)) == (item.value.len < sizeof(copy)));
      assert(!ini_unknown(&ini, &item, known, &problem) && utf8_valid(problem.en, strlen(problem.en)));
    }
    inside(item.section, text, size);
    inside(item.argument, text, size);
    inside(item.key, text, size);
    inside(item.value, text, size);
  }
  assert(ini.at == ini.end);
  return 0;
}
