/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text_units.h"

#include <string.h>

#include <fribidi.h>
#include <unictype.h>
#include <unigbrk.h>
#include <unilbrk.h>
#include <unistr.h>

enum { ZERO_WIDTH_SPACE = 0x200B };

static bool is_direction_mark(ucs4_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Code points without controls and direction marks: whoever wrote the name may not turn the screen round. */
static int clean(const char *text, FriBidiChar cp[CLEAN_MAX]) {
  int n = 0;
  const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
  while (at < end && n < UNITS_MAX) {
    ucs4_t c;
    at += u8_mbtouc(&c, at, (size_t)(end - at)); /* invalid bytes come out as U+FFFD */
    if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) c = ' ';
    if (uc_is_cntrl(c) || is_direction_mark(c)) continue;
    cp[n++] = c;
  }
  return n;
}

/* A typographer's apostrophe in a Latin word: the CJK font has it as wide as an ideograph. */
static void set_apostrophes(FriBidiChar *cp, int n) {
  for (int i = 1; i + 1 < n; i++)
    if (cp[i] == 0x2019 && cp[i - 1] < 0x250 && cp[i + 1] < 0x250 && uc_is_alpha(cp[i - 1]) && uc_is_alpha(cp[i + 1]))
      cp[i] = '\'';
}

static void levels_of(const FriBidiChar *cp, int n, FriBidiLevel *levels) {
  FriBidiCharType types[UNITS_MAX];
  FriBidiBracketType brackets[UNITS_MAX];
  FriBidiParType base = FRIBIDI_PAR_WLTR;
  fribidi_get_bidi_types(cp, n, types);
  fribidi_get_bracket_types(cp, n, types, brackets);
  if (fribidi_get_par_embedding_levels_ex(types, brackets, n, &base, levels) == 0) memset(levels, 0, (size_t)n);
}

static bool ends_well(ucs4_t c) { /* a line looks right when it ends with this */
  return c == ' ' || c == ZERO_WIDTH_SPACE || c == 0x3000 || c == 0xB7 || c == 0x30FB || c == 0x2022 || c == 0x2027 ||
         uc_is_general_category(c, UC_PUNCTUATION);
}

/* Not even where a word must be cut: a line never begins with what closes (、。》) and never ends with what opens (《). */
static bool holds_together(const uint8_t *s, size_t len, size_t rest) {
  static const uint16_t closing[] = {0x3001, 0x3002, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF01, 0xFF1F, 0x30FB, 0x2026, 0xB7};
  ucs4_t last, next = ' ';
  u8_prev(&last, s + len, s);
  if (rest > 0) u8_mbtouc(&next, s + len, rest);
  for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
    if (next == closing[i]) return true;
  return uc_is_general_category(last, UC_OPEN_PUNCTUATION) || uc_is_general_category(last, UC_INITIAL_QUOTE_PUNCTUATION) ||
         uc_is_general_category(next, UC_CLOSE_PUNCTUATION) || uc_is_general_category(next, UC_FINAL_QUOTE_PUNCTUATION);
}

static void add_unit(const struct fonts *fonts, struct units *u, const uint8_t *s, size_t len, size_t rest, int level,
                     bool may_end) {
  ucs4_t last;
  u8_prev(&last, s + len, s);
  if (last == ZERO_WIDTH_SPACE && len == 3) { /* only a hint for the unit before it */
    if (u->count > 0) u->unit[u->count - 1].ending = ENDING_GOOD;
    return;
  }
  int font;
  if (!fonts_find(fonts, s, len, &font)) u->tofu = true;
  struct unit *unit = &u->unit[u->count++];
  *unit = (struct unit){.at = (uint16_t)(s - (const uint8_t *)u->clean),
                        .len = (uint16_t)len,
                        .font = (uint8_t)font,
                        .level = (uint8_t)level,
                        .blank = last == ' ' || last == 0x3000};
  if (holds_together(s, len, rest))
    unit->ending = ENDING_NEVER;
  else if (may_end)
    unit->ending = ends_well(last) ? ENDING_GOOD : ENDING_ALLOWED;
  else
    unit->ending = fonts_joined(fonts, font) ? ENDING_NEVER : ENDING_FORCED;
}

/* Behind a full stop within a word (a file's name): UAX #14 says no in LB29, the library says yes. */
static bool in_word(const uint8_t *s, size_t next) {
  const uint8_t c = s[next];
  const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return word && s[next - 1] == '.';
}

void units_of(const struct fonts *fonts, const char *text, struct units *out) {
  FriBidiChar cp[CLEAN_MAX];
  FriBidiLevel levels[UNITS_MAX];
  char breaks[CLEAN_MAX + 1], ends[CLEAN_MAX + 1];
  out->count = 0;
  out->tofu = false;
  int n = clean(text, cp), level_at = 0;
  set_apostrophes(cp, n);
  if (n > 0) levels_of(cp, n, levels);
  size_t len = 0;
  for (int i = 0; i < n; i++) {
    int step = u8_uctomb((uint8_t *)out->clean + len, cp[i], (ptrdiff_t)(sizeof out->clean - len - 1));
    if (step <= 0) break;
    len += (size_t)step;
  }
  out->clean[len] = '\0';
  const uint8_t *s = (const uint8_t *)out->clean;
  u8_grapheme_breaks(s, len, breaks);
  u8_possible_linebreaks(s, len, "UTF-8", ends);
  for (size_t at = 0, next; at < len; at = next) {
    for (next = at + 1; next < len && !breaks[next];) next++;
    bool may_end = next < len && ends[next] == UC_BREAK_POSSIBLE && !in_word(s, next);
    add_unit(fonts, out, s + at, next - at, len - next, levels[level_at], may_end);
    level_at += (int)u8_mbsnlen(s + at, next - at);
  }
}
