/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/pinyin.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "tools/yingbin/pool.h"

enum { NAME_MOST = 256, LATIN_MOST = 2048 /* UTF-16 units */, MEMOS = 1 << 14, MEMO_KEY = 8, MEMO_TEXT = 48 };

/* ICU takes 20 microseconds a name. Most names are of Han characters alone, and their beginnings (two characters: the
 * surname, or most of it) and their ends are few: those are remembered. */
struct memo {
  UChar key[MEMO_KEY];
  int8_t len;    /* 0: none */
  bool at_start; /* of the name, where surnames are read as such */
  char text[MEMO_TEXT];
};

struct pinyin {
  UTransliterator *names;
  struct memo memo[MEMOS];
};

bool pinyin_open(struct pinyin **out, struct problem *problem) {
  static const char rules[] = "::Han-Latin/Names; ::Any-Latin; ::NFD; ::Lower; u\\u0308 > v; ::Null; ::Latin-ASCII;";
  UErrorCode error = U_ZERO_ERROR;
  UChar id[16], text[sizeof rules];
  int32_t len = u_unescape(rules, text, sizeof rules);
  UParseError where;
  u_uastrcpy(id, "yingbin");
  struct pinyin *p = grow(NULL, 1, sizeof *p);
  memset(p, 0, sizeof *p);
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

/* The Latin letters of `text`, cut behind a syllable. Returns their length. */
static size_t squeeze(const UChar *text, int32_t len, char *out, size_t size) {
  size_t used = 0, whole = 0; /* whole: up to the last syllable that is there to its end */
  for (int32_t i = 0; i < len && used + 1 < size; i++) {
    char c = plain(text[i]);
    if (c == ' ') whole = used;
    if (c == ' ' ? used && out[used - 1] != ' ' : c != 0) out[used++] = c;
    if (i + 1 == len) whole = used;
  }
  while (whole && out[whole - 1] == ' ') whole--;
  out[whole] = 0;
  return whole;
}

/* The syllables of `text`, which has room for LATIN_MOST units and is used up. Returns their length. */
static size_t read_out(struct pinyin *p, UChar *text, int32_t len, char *out, size_t size) {
  UErrorCode error = U_ZERO_ERROR;
  int32_t limit = len;
  utrans_transUChars(p->names, text, &len, LATIN_MOST, 0, &limit, &error);
  return squeeze(text, U_FAILURE(error) ? 0 : len, out, size);
}

/* A part of a name of Han characters: its beginning, or what comes behind that. NULL: too long to be remembered. */
static const char *remembered(struct pinyin *p, const UChar *part, int32_t len, bool at_start) {
  UChar text[LATIN_MOST];
  uint32_t hash = at_start;
  if (len > MEMO_KEY) return NULL;
  for (int32_t i = 0; i < len; i++) hash = (hash ^ part[i]) * 16777619u; /* FNV */
  struct memo *m = &p->memo[(hash ^ hash >> 15) % MEMOS];
  if (m->len == len && m->at_start == at_start && !u_memcmp(m->key, part, len)) return m->text;
  char all[MEMO_TEXT + 8], *from = all;
  text[0] = 0x738B; /* 王: any surname of one reading, so that what follows isn't read as one */
  u_memcpy(text + !at_start, part, len);
  size_t n = read_out(p, text, len + !at_start, all, sizeof all);
  if (!at_start && (from = strchr(all, ' '))) from++;
  if (!from || n + 1 == sizeof all || strlen(from) >= MEMO_TEXT) return NULL;
  m->len = (int8_t)len;
  m->at_start = at_start;
  u_memcpy(m->key, part, len);
  return strcpy(m->text, from);
}

/* Units of the Han characters that a name begins with, up to `most` of them; 0: something else than ASCII follows. */
static int32_t han(const UChar *name, int32_t len, int most) {
  int32_t end = 0, next = 0;
  for (UErrorCode error = U_ZERO_ERROR; next < len && most > 0; most--) {
    UChar32 c;
    U16_NEXT(name, next, len, c);
    if (uscript_getScript(c, &error) != USCRIPT_HAN) break;
    end = next;
  }
  for (int32_t i = end; most > 0 && i < len; i++)
    if (name[i] >= 0x80) return 0;
  return end;
}

static size_t append(char *out, size_t used, size_t size, const char *text) {
  size_t n = strlen(text);
  if (!n || used + 1 + n >= size) return used;
  if (used) out[used++] = ' ';
  memcpy(out + used, text, n + 1);
  return used + n;
}

void pinyin_of(struct pinyin *p, const char *name, char *out, size_t size) {
  UChar text[LATIN_MOST];
  UErrorCode error = U_ZERO_ERROR;
  int32_t len = 0;
  char tail[NAME_MOST];
  out[0] = 0;
  u_strFromUTF8Lenient(text, NAME_MOST, &len, name, -1, &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) len = NAME_MOST, error = U_ZERO_ERROR;
  if (U_FAILURE(error) || len == 0) return;
  int32_t end = han(text, len, NAME_MOST), first = han(text, end, 2);
  const char *start = end ? remembered(p, text, first, true) : NULL;
  size_t used = start ? append(out, 0, size, start) : 0;
  const char *rest = start && first < end ? remembered(p, text + first, end - first, false) : "";
  if (!start || !rest) {
    read_out(p, text, len, out, size);
    return;
  }
  used = append(out, used, size, rest);
  squeeze(text + end, len - end, tail, sizeof tail);
  append(out, used, size, tail);
}
