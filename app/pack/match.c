/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/match.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/format.h"

enum { LETTERS_MAX = 63, BEST = 1, EMAIL_LEAST = 3 /* fewer letters are in too many */ };
_Static_assert(MATCH_FORM_MAX >= PACK_ROW_MAX + MATCH_TEXTS, "every row has its form");

/* --- folding --- */

static uint32_t code_point(const unsigned char *at, size_t n) {
  static const uint8_t first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t c = at[0] & first[n];
  for (size_t i = 1; i < n; i++) c = c << 6 | (at[i] & 0x3F);
  return c;
}

static bool makes_no_difference(uint32_t c) {
  return c <= ' ' || strchr(".,-_'`\"", (int)(c < 0x80 ? c : 'a')) || c == 0xA0 || c == 0xB7 || (c >= 0x2000 && c <= 0x206F) ||
         c == 0x3000 || c == 0x30FB || c == 0xFE0F;
}

size_t match_fold(const char *text, size_t len, char *out, size_t size) {
  const unsigned char *at = (const unsigned char *)text;
  size_t used = 0;
  for (size_t i = 0, n; i < len && (n = utf8_char(at + i, len - i)) != 0; i += n) {
    uint32_t c = code_point(at + i, n);
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - '!';
    if (makes_no_difference(c)) continue;
    size_t put = c < 0x80 ? 1 : n;
    if (used + put >= size) break;
    if (c < 0x80)
      out[used] = (char)tolower((int)c);
    else
      memcpy(out + used, at + i, n);
    used += put;
  }
  out[used] = 0;
  return used;
}

/* A word lies in one of a person's texts, so that each of its characters is in them all together: most people are passed over
 * by one comparison. */
static uint64_t chars_of(const char *text) {
  enum { LETTERS = 26, DIGITS = 10, SHARED = 64 - LETTERS - DIGITS };
  uint64_t chars = 0;
  for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
    if (*at >= 'a' && *at <= 'z')
      chars |= UINT64_C(1) << (*at - 'a');
    else if (*at >= '0' && *at <= '9')
      chars |= UINT64_C(1) << (LETTERS + *at - '0');
    else if ((*at & 0xC0) == 0x80) /* the bytes behind the first tell characters apart */
      chars |= UINT64_C(1) << (LETTERS + DIGITS + *at % SHARED);
  }
  return chars;
}

static bool all(const char *text, const char *of) { return *text && text[strspn(text, of)] == 0; }

void match_query(const char *text, struct match_query *q) {
  memset(q, 0, sizeof *q);
  for (const char *at = text; *at && q->words < MATCH_WORDS;) {
    size_t n = 0, blank = 0;
    while (at[n] && !blank) blank = at[n] == ' ' || at[n] == '\t' ? 1 : !strncmp(at + n, "\u3000", 3) ? 3 : (n++, 0);
    char *word = q->word[q->words].text;
    q->word[q->words].len = match_fold(at, n, word, MATCH_QUERY_MAX);
    q->word[q->words].digits = all(word, "0123456789");
    q->word[q->words].letters = all(word, "abcdefghijklmnopqrstuvwxyz") && q->word[q->words].len <= LETTERS_MAX;
    q->chars |= chars_of(word);
    q->words += q->word[q->words].len > 0;
    at += n + blank;
  }
}

/* --- pinyin --- */

static bool same_letter(char typed, char written) { return typed == written || (written == 'v' && typed == 'u'); }

/* From a set of numbers of letters already used, to that after one more syllable; bit k: k letters. */
static uint64_t after_syllable(uint64_t used, const char *letters, size_t len, const char *syllable, size_t n) {
  uint64_t next = 0;
  for (size_t from = 0; from < len; from++) {
    if (!(used >> from & 1)) continue;
    for (size_t k = 0; k < n && from + k < len && same_letter(letters[from + k], syllable[k]); k++)
      next |= UINT64_C(1) << (from + k + 1);
  }
  return next;
}

int match_pinyin(const char *letters, size_t len, const char *pinyin, size_t pinyin_len) {
  if (len == 0 || len > LETTERS_MAX) return 0;
  for (size_t start = 0; start < pinyin_len;) {
    uint64_t used = 1;
    size_t next_start = pinyin_len;
    for (size_t at = start; at < pinyin_len && used;) {
      const char *blank = memchr(pinyin + at, ' ', pinyin_len - at);
      size_t n = blank ? (size_t)(blank - pinyin) - at : pinyin_len - at;
      used = after_syllable(used, letters, len, pinyin + at, n);
      if (used >> len & 1) return start == 0 ? 2 : 1;
      at += n + 1;
      if (next_start == pinyin_len) next_start = at;
    }
    start = next_start;
  }
  return 0;
}

/* --- a person --- */

/* Everything but what is folded stands in the row as it is compared. */
static size_t put_text(const struct pack_field *f, bool folded, char *out, size_t size) {
  if (folded) return match_fold((const char *)f->at, f->len, out, size < MATCH_FOLDED_MAX ? size : MATCH_FOLDED_MAX);
  if (f->len) memcpy(out, f->at, f->len);
  out[f->len] = 0;
  return f->len;
}

bool match_form(const uint8_t *row, size_t len, struct match_form *form, char text[MATCH_FORM_MAX]) {
  static const enum pack_row_tag tags[MATCH_TEXTS] = {[MATCH_NAME] = ROW_NAME,   [MATCH_ORGANIZATION] = ROW_ORGANIZATION,
                                                      [MATCH_EMAIL] = ROW_EMAIL, [MATCH_PINYIN] = ROW_PINYIN,
                                                      [MATCH_PHONE] = ROW_PHONE, [MATCH_NUMBER] = ROW_NUMBER};
  struct pack_field fields[MATCH_TEXTS] = {{.len = 0}}, f;
  size_t at = 0, used = 0;
  if (len > PACK_ROW_MAX) return false;
  while (pack_row_next(row, len, &at, &f))
    for (int i = 0; i < MATCH_TEXTS; i++)
      if (f.tag == tags[i]) fields[i] = f;
  if (at != len) return false;
  form->chars = 0;
  for (int i = 0; i < MATCH_TEXTS; i++) {
    form->at[i] = (uint16_t)used;
    size_t n = put_text(&fields[i], i <= MATCH_EMAIL, text + used, MATCH_FORM_MAX - used);
    form->chars |= chars_of(text + used);
    used += n + 1;
  }
  form->at[MATCH_TEXTS] = (uint16_t)used;
  if (memchr(text + form->at[MATCH_PINYIN], 'v', used - form->at[MATCH_PINYIN])) form->chars |= chars_of("u"); /* ü */
  return true;
}

struct words { /* one of a form's */
  const char *at;
  size_t len;
};

static struct words text_of(const struct match_form *form, const char *text, enum match_text which) {
  return (struct words){text + form->at[which], (size_t)(form->at[which + 1] - form->at[which]) - 1};
}

static int in_digits(struct words t, const char *word, size_t len, int at_end, int within) {
  if (!t.len || len > t.len) return 0;
  if (!memcmp(t.at + t.len - len, word, len)) return at_end;
  return memmem(t.at, t.len, word, len) ? within : 0;
}

static int better(int a, int b) { return !a ? b : !b ? a : a < b ? a : b; }

static int match_word(const struct match_form *form, const char *text, const char *word, size_t len, bool digits,
                      bool letters) {
  const struct words name = text_of(form, text, MATCH_NAME), pinyin = text_of(form, text, MATCH_PINYIN);
  int rank = 0;
  const char *in_name = strstr(name.at, word);
  if (in_name) rank = in_name != name.at ? 5 : name.len == len ? BEST : 2;
  if (letters && pinyin.len) {
    int how = match_pinyin(word, len, pinyin.at, pinyin.len);
    rank = better(rank, how == 2 ? 3 : how == 1 ? 6 : 0);
  }
  if (digits) {
    const struct words number = text_of(form, text, MATCH_NUMBER);
    if (len && number.len == len && !memcmp(number.at, word, len)) rank = better(rank, 3);
    rank = better(rank, in_digits(text_of(form, text, MATCH_PHONE), word, len, 4, 6));
  }
  if (rank) return rank; /* what follows is worse */
  if (len >= EMAIL_LEAST && strstr(text + form->at[MATCH_EMAIL], word)) return 7;
  return strstr(text + form->at[MATCH_ORGANIZATION], word) ? 8 : 0;
}

int match_fits(const struct match_query *q, const struct match_form *form, const char *text) {
  int sum = 0;
  if (!q->words || (form->chars & q->chars) != q->chars) return 0;
  for (int i = 0; i < q->words; i++) {
    int rank = match_word(form, text, q->word[i].text, q->word[i].len, q->word[i].digits, q->word[i].letters);
    if (!rank) return 0;
    sum += rank;
  }
  return sum;
}

int match_name(const struct match_query *q, const char *name) {
  struct match_form form;
  char text[MATCH_FOLDED_MAX + MATCH_TEXTS] = "";
  size_t used = match_fold(name, strlen(name), text, MATCH_FOLDED_MAX) + 1;
  form.chars = chars_of(text);
  form.at[MATCH_NAME] = 0;
  for (int i = MATCH_NAME + 1; i <= MATCH_TEXTS; i++) form.at[i] = (uint16_t)used++;
  const int rank = match_fits(q, &form, text);
  explicit_bzero(text, sizeof text);
  return rank;
}
