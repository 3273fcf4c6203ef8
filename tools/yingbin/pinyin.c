/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/pinyin.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "tools/yingbin/pool.h"

enum { NAME_MOST = 256, LATIN_MOST = 2048 }; /* UTF-16 units */

struct pinyin {
  UTransliterator *names;
};

bool pinyin_open(struct pinyin **out, struct problem *problem) {
  static const char rules[] = "::Han-Latin/Names; ::Any-Latin; ::NFD; ::Lower; u\\u0308 > v; ::Null; ::Latin-ASCII;";
  UErrorCode error = U_ZERO_ERROR;
  UChar id[16], text[sizeof rules];
  int32_t len = u_unescape(rules, text, sizeof rules);
  UParseError where;
  u_uastrcpy(id, "yingbin");
  struct pinyin *p = grow(NULL, 1, sizeof *p);
  p->names = utrans_openU(id, -1, UTRANS_FORWARD, text, len, &where, &error);
  if (U_SUCCESS(error)) return *out = p, true;
  free(p);
  *out = NULL;
  return problem_set(problem, "ICU 缺少拼音数据（%s）：请安装完整的 libicu",
                     "ICU lacks its pinyin data (%s): install libicu as a whole", u_errorName(error));
}

void pinyin_close(struct pinyin *p) {
  if (!p) return;
  utrans_close(p->names);
  free(p);
}

static char plain(UChar c) {
  if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return (char)c;
  return c == '\'' || (c >= 0x300 && c < 0x370) ? 0 : ' '; /* what is left of marks and apostrophes parts nothing */
}

void pinyin_of(struct pinyin *p, const char *name, char *out, size_t size) {
  UChar text[LATIN_MOST];
  UErrorCode error = U_ZERO_ERROR;
  int32_t len = 0, limit;
  size_t used = 0, whole = 0; /* whole: up to the last syllable that is there to its end */
  u_strFromUTF8Lenient(text, NAME_MOST, &len, name, -1, &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) len = NAME_MOST, error = U_ZERO_ERROR;
  limit = len;
  if (U_SUCCESS(error)) utrans_transUChars(p->names, text, &len, LATIN_MOST, 0, &limit, &error);
  if (U_FAILURE(error)) len = 0;
  for (int32_t i = 0; i < len && used + 1 < size; i++) {
    char c = plain(text[i]);
    if (c == ' ') whole = used;
    if (c == ' ' ? used && out[used - 1] != ' ' : c != 0) out[used++] = c;
    if (i + 1 == len) whole = used;
  }
  while (whole && out[whole - 1] == ' ') whole--;
  out[whole] = 0;
}
