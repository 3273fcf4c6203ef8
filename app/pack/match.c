/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/match.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/format.h"

enum { LETTERS_MAX = 63, BEST = 1, EMAIL_LEAST = 3 /* fewer letters are in too many */ };

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

static bool all(const char *text, const char *of) { return *text && text[strspn(text, of)] == 0; }

void match_query(const char *text, struct match_query *q) {
  memset(q, 0, sizeof *q);
  q->ascii = true;
  for (const char *at = text; *at && q->words < MATCH_WORDS;) {
    size_t n = 0, blank = 0;
    while (at[n] && !blank) blank = at[n] == ' ' || at[n] == '\t' ? 1 : !strncmp(at + n, "\u3000", 3) ? 3 : (n++, 0);
    char *word = q->word[q->words].text;
    q->word[q->words].len = match_fold(at, n, word, MATCH_QUERY_MAX);
    q->word[q->words].digits = all(word, "0123456789");
    q->word[q->words].letters = all(word, "abcdefghijklmnopqrstuvwxyz") && q->word[q->words].len <= LETTERS_MAX;
    for (const char *c = word; *c; c++) q->ascii = q->ascii && (unsigned char)*c < 0x80;
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

struct texts { /* of a row, folded where they are compared so */
  char name[MATCH_FOLDED_MAX], organization[MATCH_FOLDED_MAX], email[MATCH_FOLDED_MAX];
  struct pack_field number, pinyin, phone;
};

/* Folding takes most of a search's time, and where only letters and digits are looked for, most texts here have none:
 * no byte of ASCII, none that full-width forms begin with. */
static void fold(const struct pack_field *f, bool ascii, char out[MATCH_FOLDED_MAX]) {
  bool worth = !ascii;
  for (size_t i = 0; i < f->len && !worth; i++) worth = (f->at[i] > ' ' && f->at[i] < 0x80) || f->at[i] == 0xEF;
  if (worth) match_fold((const char *)f->at, f->len, out, MATCH_FOLDED_MAX);
}

static bool read_row(const uint8_t *row, size_t len, bool ascii, struct texts *t) {
  struct pack_field f;
  size_t at = 0;
  t->name[0] = t->organization[0] = t->email[0] = 0;
  t->number = t->pinyin = t->phone = (struct pack_field){.len = 0};
  while (pack_row_next(row, len, &at, &f)) {
    switch (f.tag) {
    case ROW_NAME: fold(&f, ascii, t->name); break;
    case ROW_ORGANIZATION: fold(&f, ascii, t->organization); break;
    case ROW_EMAIL: fold(&f, ascii, t->email); break;
    case ROW_NUMBER: t->number = f; break;
    case ROW_PINYIN: t->pinyin = f; break;
    case ROW_PHONE: t->phone = f; break;
    default: break;
    }
  }
  return at == len;
}

static int in_digits(const struct pack_field *f, const char *word, size_t len, int at_end, int within) {
  if (!f->len || len > f->len) return 0;
  if (!memcmp(f->at + f->len - len, word, len)) return at_end;
  return memmem(f->at, f->len, word, len) ? within : 0;
}

static int better(int a, int b) { return !a ? b : !b ? a : a < b ? a : b; }

static int match_word(const struct texts *t, const char *word, size_t len, bool digits, bool letters) {
  int rank = 0;
  const char *in_name = strstr(t->name, word);
  if (in_name) rank = !t->name[len] && in_name == t->name ? BEST : in_name == t->name ? 2 : 5;
  if (letters && t->pinyin.len) {
    int how = match_pinyin(word, len, (const char *)t->pinyin.at, t->pinyin.len);
    rank = better(rank, how == 2 ? 3 : how == 1 ? 6 : 0);
  }
  if (digits) {
    if (len && t->number.len == len && !memcmp(t->number.at, word, len)) rank = better(rank, 3);
    rank = better(rank, in_digits(&t->phone, word, len, 4, 6));
  }
  if (len >= EMAIL_LEAST && strstr(t->email, word)) rank = better(rank, 7);
  if (strstr(t->organization, word)) rank = better(rank, 8);
  return rank;
}

int match_row(const struct match_query *q, const uint8_t *row, size_t len) {
  struct texts t;
  int sum = 0;
  if (!q->words || !read_row(row, len, q->ascii, &t)) return 0;
  for (int i = 0; i < q->words; i++) {
    int rank = match_word(&t, q->word[i].text, q->word[i].len, q->word[i].digits, q->word[i].letters);
    if (!rank) return 0;
    sum += rank;
  }
  return sum;
}
