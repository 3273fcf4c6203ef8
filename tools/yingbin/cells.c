/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/cells.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tools/yingbin/forms.h"

/* --- what begins like a formula --- */

static bool begins_formula(const char *text) {
  static const char *const wide[] = {"＝", "＋", "－", "＠"};
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
    if (!strncmp(text, wide[i], strlen(wide[i]))) return true;
  return *text && strchr("=+-@\t\r\n", *text);
}

/* With any number of ' in front, too: so that taking one off gives back what was there. */
static bool needs_guard(const char *text) {
  const char *at = text + strspn(text, "'");
  bool phone = at == text && *text == '+' && text[1] && !text[1 + strspn(text + 1, "0123456789")];
  return begins_formula(at) && !phone;
}

/* Most cells need nothing: no mark within, and at the start neither what guards look at nor a blank. */
static bool is_plain(const char *text) {
  static const bool mark[256] = {[','] = true, [';'] = true, ['\t'] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
  static const bool start[256] = {
      ['='] = true, ['+'] = true, ['-'] = true, ['@'] = true, ['\''] = true, [' '] = true, [0xEF] = true};
  const unsigned char *at = (const unsigned char *)text;
  if (start[*at]) return false;
  while (*at && !mark[*at]) at++;
  return !*at && ((const char *)at == text || at[-1] != ' ');
}

void cell_put(FILE *out, const char *text, const char *end) {
  if (is_plain(text)) {
    fputs_unlocked(text, out);
    fputs_unlocked(end, out);
    return;
  }
  const bool guard = needs_guard(text);
  const bool quote = guard || text[strcspn(text, ",;\t\"\r\n")] || *text == ' ' || (*text && text[strlen(text) - 1] == ' ');
  if (quote) fputc('"', out);
  if (guard) fputc('\'', out);
  for (; quote && *text; text++) {
    if (*text == '"') fputc('"', out);
    fputc(*text, out);
  }
  fputs(quote ? "\"" : text, out);
  fputs(end, out);
}

const char *cell_unguarded(const char *text) {
  return *text == '\'' && begins_formula(text + strspn(text, "'")) ? text + 1 : text;
}

/* --- characters --- */

enum sort { PLAIN, BLANK, INVISIBLE, DIRECTION, CONTROL, LOST };

static const struct {
  uint32_t first, last;
  enum sort sort;
} sorts[] = {
    {0x0001, 0x0008, CONTROL},   {0x0009, 0x000D, BLANK},     {0x000E, 0x001F, CONTROL},   {0x0020, 0x0020, BLANK},
    {0x007F, 0x0084, CONTROL},   {0x0085, 0x0085, BLANK},     {0x0086, 0x009F, CONTROL},   {0x00A0, 0x00A0, BLANK},
    {0x00AD, 0x00AD, INVISIBLE}, {0x061C, 0x061C, INVISIBLE}, {0x1680, 0x1680, BLANK},     {0x180E, 0x180E, INVISIBLE},
    {0x2000, 0x200A, BLANK},     {0x200B, 0x200B, INVISIBLE}, {0x200E, 0x200F, INVISIBLE}, {0x2028, 0x2029, BLANK},
    {0x202A, 0x202E, DIRECTION}, {0x202F, 0x202F, BLANK},     {0x205F, 0x205F, BLANK},     {0x2060, 0x2064, INVISIBLE},
    {0x2066, 0x2069, DIRECTION}, {0x206A, 0x206F, CONTROL},   {0x3000, 0x3000, BLANK},     {0xFEFF, 0xFEFF, INVISIBLE},
    {0xFFF0, 0xFFFC, CONTROL},   {0xFFFD, 0xFFFD, LOST},      {0xFFFE, 0xFFFF, CONTROL},
};

static enum sort sort_of(uint32_t c) {
  for (size_t i = 0; i < sizeof sorts / sizeof *sorts && c >= sorts[i].first; i++)
    if (c <= sorts[i].last) return sorts[i].sort;
  return PLAIN;
}

static uint32_t code_point(const char *at, size_t n) {
  const unsigned char *b = (const unsigned char *)at;
  uint32_t c = n == 1 ? b[0] : n == 2 ? b[0] & 0x1Fu : n == 3 ? b[0] & 0x0Fu : b[0] & 0x07u;
  for (size_t i = 1; i < n; i++) c = c << 6 | (b[i] & 0x3Fu);
  return c;
}

/* U+FF01 to U+FF5E: the full-width forms of ASCII. */
static char narrow(uint32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? (char)(c - 0xFF01 + '!') : 0; }

static unsigned clean_text(enum roster_column column, char *text, size_t *len) {
  bool fold = column == ROSTER_PHONE || column == ROSTER_EMAIL || column == ROSTER_NUMBER || column == ROSTER_ORDER ||
              column == ROSTER_PARTY;
  unsigned notes = 0;
  size_t to = 0;
  for (size_t i = 0, n; i < *len; i += n) {
    n = utf8_char((const unsigned char *)text + i, *len - i);
    if (!n) n = 1; /* callers give valid text */
    uint32_t c = n == 1 && (unsigned char)text[i] < 0x80 ? (unsigned char)text[i] : code_point(text + i, n);
    enum sort sort = c > ' ' && c < 0x7F ? PLAIN : sort_of(c);
    if (sort == DIRECTION) notes |= CELL_NOTE_DIRECTION;
    if (sort == CONTROL) notes |= CELL_NOTE_CONTROL;
    if (sort == LOST || (c == '?' && (column == ROSTER_NAME || column == ROSTER_FAMILY || column == ROSTER_GIVEN)))
      notes |= CELL_NOTE_LOST;
    bool wide = c == 0x3000 && !fold && to >= 3 && narrow(code_point(text + to - 3, 3)); /* ＡＬＩＣＥ　Ｗ: as it is */
    if (sort == BLANK && !wide && to && text[to - 1] != ' ') text[to++] = ' ';
    if (sort != PLAIN && sort != LOST && !wide) continue;
    if (fold && narrow(c)) {
      text[to++] = narrow(c);
      continue;
    }
    memmove(text + to, text + i, n);
    to += n;
  }
  *len = to;
  const char *at = text; /* it begins with no blank */
  trim_text(&at, len);
  return notes;
}

/* A code is what its QR holds; but nobody's QR holds a number in full-width digits. */
static unsigned clean_code(char *text, size_t *len) {
  const char *at = text;
  bool wide = false;
  trim_text(&at, len);
  memmove(text, at, *len);
  for (size_t i = 0, n; i < *len; i += n) {
    n = utf8_char((const unsigned char *)text + i, *len - i);
    char c = n == 3 ? narrow(code_point(text + i, n)) : n == 1 ? text[i] : 0;
    if (!isalnum((unsigned char)c) && c != '-') return 0;
    wide = wide || n == 3;
  }
  if (!wide) return 0;
  clean_text(ROSTER_NUMBER, text, len);
  return CELL_NOTE_WIDE;
}

static void cut_ends(char *text, size_t *len, size_t front, size_t back) {
  *len -= front + back;
  memmove(text, text + front, *len);
}

/* ="00123" and '00123 keep a spreadsheet from reading a number; ' before = is cell_put's, and Excel's own. */
static void unguard(enum roster_column column, char *text, size_t *len) {
  bool number = column == ROSTER_PHONE || column == ROSTER_NUMBER || column == ROSTER_ORDER || column == ROSTER_CODE;
  char kept = text[*len];
  text[*len] = 0;
  bool guarded = cell_unguarded(text) > text;
  bool quoted = number && *len > 3 && !strncmp(text, "=\"", 2) && strchr(text + 2, '"') == text + *len - 1;
  bool digits = number && *text == '\'' && isdigit((unsigned char)text[1]);
  text[*len] = kept;
  if (quoted) cut_ends(text, len, 2, 1);
  if (guarded || digits) cut_ends(text, len, 1, 0);
}

unsigned cell_clean(enum roster_column column, char *text, size_t *len) {
  unsigned notes = column == ROSTER_CODE ? clean_code(text, len) : clean_text(column, text, len);
  unguard(column, text, len);
  return notes;
}

bool cell_is_rounded(const char *text) {
  text += *text == '-' || *text == '+';
  if (!isdigit((unsigned char)*text++)) return false;
  if (*text == '.') text += 1 + strspn(text + 1, "0123456789");
  if ((*text != 'E' && *text != 'e') || (text[1] != '+' && text[1] != '-')) return false;
  return isdigit((unsigned char)text[2]) && !text[2 + strspn(text + 2, "0123456789")];
}
