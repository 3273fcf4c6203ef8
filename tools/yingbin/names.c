/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/names.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <unicode/uscript.h>
#include <unicode/utf8.h>

/* Its first letter tells. */
static bool family_first(const char *text) {
  int32_t at = 0, len = (int32_t)strlen(text);
  while (at < len) {
    UChar32 c;
    UErrorCode error = U_ZERO_ERROR;
    U8_NEXT(text, at, len, c);
    if (c < 0) return false;
    UScriptCode script = uscript_getScript(c, &error);
    if (script == USCRIPT_COMMON || script == USCRIPT_INHERITED) continue;
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
  }
  return false;
}

void name_join(const char *family, const char *given, char *out, size_t size) {
  bool both = *family && *given, east = both && family_first(family) && family_first(given);
  snprintf(out, size, "%s%s%s", east ? family : given, both && !east ? " " : "", east ? given : family);
}
