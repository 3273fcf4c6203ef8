/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/encoding.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "tools/yingbin/headings.h"
#include "tools/yingbin/pool.h"

enum { PIECE = 1 << 16, SAMPLE = 1 << 16, BEFORE = 48, BAD_MOST = 10 };

static const struct encoding {
  const char *name, *icu, *shown;
  int mark; /* length of its byte order mark */
} encoding[] = {
    {"utf-8", "UTF-8", "UTF-8", 3},          {"gb18030", "gb18030", "GB18030", 0}, {"gbk", "gb18030", "GB18030", 0},
    {"gb2312", "gb18030", "GB18030", 0},     {"utf-16", "UTF-16", "UTF-16", 0},    {"utf-16le", "UTF-16LE", "UTF-16LE", 2},
    {"utf-16be", "UTF-16BE", "UTF-16BE", 2}, {"big5", "Big5-HKSCS", "Big5", 0},    {"shift_jis", "Shift_JIS", "Shift_JIS", 0},
    {"euc-kr", "EUC-KR", "EUC-KR", 0}};
enum { UTF_8 = 0, GB18030 = 1, UTF_16LE = 5, UTF_16BE = 6, ENCODINGS = sizeof encoding / sizeof *encoding };

struct decoder {
  const struct table_ask *ask;
  const struct encoding *e;
  FILE *in;              /* owned */
  UConverter *converter; /* owned; NULL: UTF-8 */
  int64_t taken;         /* bytes of the file behind the last piece */
  int skip, line, bad;   /* bad: places told so far */
  bool at_end;
  size_t kept;         /* UTF-8: the beginning of a character at the end of the last piece */
  char before[BEFORE]; /* what the line has had so far, its last characters */
  size_t before_len;
  char bytes[PIECE];
  UChar wide[PIECE];
  char text[PIECE * 3 + 4];
};

const char *encoding_names(void) { return "utf-8, gb18030, gbk, utf-16, utf-16le, utf-16be, big5, shift_jis, euc-kr"; }

static const struct encoding *by_name(const char *name) {
  for (int i = 0; i < ENCODINGS; i++)
    if (!strcasecmp(encoding[i].name, name)) return &encoding[i];
  return !strcasecmp(name, "utf8") ? &encoding[UTF_8] : NULL;
}

bool encoding_known(const char *name) { return by_name(name) != NULL; }

/* --- finding out --- */

struct look { /* at the whole file, once */
  bool utf8;
  int64_t good, bad; /* characters beyond ASCII that are UTF-8, and bytes that aren't */
  int64_t zero[2];   /* NUL bytes at even and odd places */
  int64_t len;
  size_t sample_len;
  char sample[SAMPLE]; /* what isn't ASCII, with its neighbours */
};

static void take_sample(struct look *l, const char *at, size_t len) {
  size_t room = SAMPLE - l->sample_len;
  if (len > room) len = room;
  memcpy(l->sample + l->sample_len, at, len);
  l->sample_len += len;
}

static size_t look_piece(struct look *l, const char *at, size_t len, bool last) {
  size_t i = 0;
  while (i < len) {
    unsigned char c = (unsigned char)at[i];
    if (!c) l->zero[(l->len + (int64_t)i) & 1]++;
    size_t n = c < 0x80 ? 1 : utf8_char((const unsigned char *)at + i, len - i);
    if (!n && !last && len - i < 4) break; /* perhaps its end is in the next piece */
    l->good += n > 1;
    l->bad += n == 0;
    i += n ? n : 1;
  }
  l->len += (int64_t)i;
  return i;
}

static struct look *look_at(FILE *in) {
  struct look *l = grow(NULL, 1, sizeof *l);
  char bytes[PIECE];
  size_t kept = 0, n;
  *l = (struct look){.utf8 = true};
  do {
    n = fread(bytes + kept, 1, sizeof bytes - kept, in);
    take_sample(l, bytes + kept, n);
    size_t done = look_piece(l, bytes, kept + n, n == 0);
    kept = kept + n - done;
    memmove(bytes, bytes + done, kept);
  } while (n);
  l->utf8 = l->bad == 0;
  rewind(in);
  return l;
}

/* ICU's best guess among the old encodings that we can read; -1: none. */
static int guess(const struct look *l) {
  UErrorCode error = U_ZERO_ERROR;
  int best = -1, found = 0;
  UCharsetDetector *d = ucsdet_open(&error);
  if (U_FAILURE(error)) return -1;
  ucsdet_setText(d, l->sample, (int32_t)l->sample_len, &error);
  const UCharsetMatch **match = ucsdet_detectAll(d, &found, &error);
  for (int i = 0; U_SUCCESS(error) && best < 0 && i < found; i++) {
    const char *name = ucsdet_getName(match[i], &error);
    for (int k = 0; best < 0 && k < ENCODINGS; k++)
      if ((k == GB18030 || k > UTF_16BE) && !strcasecmp(encoding[k].name, name)) best = k; /* the UTFs are known by now */
  }
  ucsdet_close(d);
  return best;
}

/* Whether all of the sample is text of that encoding (its last character may be cut). */
static bool fits(const struct look *l, const struct encoding *e) {
  UErrorCode error = U_ZERO_ERROR;
  UChar out[1024];
  UConverter *c = ucnv_open(e->icu, &error);
  if (U_FAILURE(error)) return false;
  ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
  const char *at = l->sample, *end = at + l->sample_len;
  do {
    UChar *to = out;
    error = U_ZERO_ERROR;
    ucnv_toUnicode(c, &to, out + 1024, &at, end, NULL, false, &error);
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  ucnv_close(c);
  return U_SUCCESS(error);
}

/* Whether a heading that we know is in the first lines, if they are text of that encoding. */
static bool knows(const struct look *l, const struct encoding *e) {
  UErrorCode error = U_ZERO_ERROR;
  UChar wide[2048];
  char text[sizeof wide / sizeof *wide * 3 + 1], *at = text, *next;
  int32_t n = 0;
  UConverter *c = ucnv_open(e->icu, &error);
  const char *from = l->sample, *end = from + (l->sample_len < 2048 ? l->sample_len : 2048);
  UChar *to = wide;
  if (U_FAILURE(error)) return false;
  ucnv_toUnicode(c, &to, wide + 2048, &from, end, NULL, false, &error);
  ucnv_close(c);
  error = U_ZERO_ERROR;
  u_strToUTF8WithSub(text, sizeof text - 1, &n, wide, (int32_t)(to - wide), 0xFFFD, NULL, &error);
  text[n] = 0;
  while ((next = strsep(&at, ",;\t\r\n\"")))
    for (enum roster_column k = 0; *next && k < ROSTER_COLUMNS; k++)
      if (heading_rank(k, next) >= 0) return true;
  return false;
}

/* Neither UTF-8 nor UTF-16. Most bytes are text of many encodings: GB18030 is the likeliest, unless the headings are
 * only words in another one; ICU's guess comes first among those. */
static const struct encoding *find_old(const struct look *l) {
  int found = guess(l), order[ENCODINGS + 1], n = 0;
  order[n++] = GB18030;
  if (found >= 0) order[n++] = found;
  for (int i = UTF_16BE + 1; i < ENCODINGS; i++) order[n++] = i;
  for (int i = 0; i < n; i++)
    if (fits(l, &encoding[order[i]]) && knows(l, &encoding[order[i]])) return &encoding[order[i]];
  return found < 0 || fits(l, &encoding[GB18030]) ? &encoding[GB18030] : &encoding[found];
}

static const struct encoding *find(const struct look *l) {
  const unsigned char *b = (const unsigned char *)l->sample;
  if (l->sample_len >= 3 && !memcmp(b, "\xEF\xBB\xBF", 3)) return &encoding[UTF_8];
  if (l->sample_len >= 2 && !memcmp(b, "\xFF\xFE", 2)) return &encoding[UTF_16LE];
  if (l->sample_len >= 2 && !memcmp(b, "\xFE\xFF", 2)) return &encoding[UTF_16BE];
  int64_t zeros = l->zero[0] + l->zero[1];
  if (zeros * 20 > l->len && l->len % 2 == 0) /* commas and line ends are half zeros in UTF-16 */
    return &encoding[l->zero[1] > l->zero[0] ? UTF_16LE : UTF_16BE];
  if (l->utf8 || l->good > l->bad * 4 || (l->good >= l->bad && knows(l, &encoding[UTF_8])) || zeros) return &encoding[UTF_8];
  return find_old(l);
}

static bool mark_differs(const struct table_ask *ask, const struct encoding *told, const struct encoding *seen) {
  return remarks_say(ask->errors, "%1$s：文件开头的标记说它是 %2$s，encoding 却写着 %3$s。请改成 encoding = %4$s，或删掉这一项",
                     "%1$s: by the mark at its beginning the file is %2$s, but encoding says %3$s. Set encoding = %4$s, or "
                     "leave it out",
                     ask->file, seen->shown, told->name, seen->name);
}

static const struct encoding *choose(const struct table_ask *ask, const struct look *l, int *mark) {
  const struct encoding *seen = NULL, *told = ask->encoding && *ask->encoding ? by_name(ask->encoding) : NULL;
  const char *b = l->sample;
  if (l->sample_len >= 3 && !memcmp(b, "\xEF\xBB\xBF", 3)) seen = &encoding[UTF_8];
  if (l->sample_len >= 2 && !memcmp(b, "\xFF\xFE", 2)) seen = &encoding[UTF_16LE];
  if (l->sample_len >= 2 && !memcmp(b, "\xFE\xFF", 2)) seen = &encoding[UTF_16BE];
  *mark = seen ? seen->mark : 0;
  if (told && seen && told != seen && strcmp(told->name, "utf-16") != 0) return mark_differs(ask, told, seen), NULL;
  if (seen) return seen;
  return told && strcmp(told->name, "utf-16") != 0 ? told : find(l);
}

/* --- decoding --- */

bool decoder_open(const struct table_ask *ask, FILE *in, struct decoder **out) {
  UErrorCode error = U_ZERO_ERROR;
  struct look *look = look_at(in);
  struct decoder *d = grow(NULL, 1, sizeof *d);
  *out = d;
  *d = (struct decoder){.ask = ask, .in = in, .line = 1};
  d->e = choose(ask, look, &d->skip);
  free(look);
  if (d->e && d->e != &encoding[UTF_8]) {
    d->converter = ucnv_open(d->e->icu, &error);
    if (d->converter) ucnv_setToUCallBack(d->converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
    if (U_FAILURE(error))
      d->e = NULL, remarks_say(ask->errors, "%s：ICU 读不了这种编码", "%s: ICU can't read that encoding", ask->file);
  }
  if (d->e) {
    decoder_rewind(d);
    return true;
  }
  decoder_close(d);
  *out = NULL;
  return false;
}

void decoder_close(struct decoder *d) {
  if (!d) return;
  if (d->converter) ucnv_close(d->converter);
  if (d->in) fclose(d->in);
  free(d);
}

void decoder_rewind(struct decoder *d) {
  rewind(d->in);
  fseek(d->in, d->skip, SEEK_SET);
  if (d->converter) ucnv_reset(d->converter);
  d->taken = d->skip;
  d->line = 1;
  d->kept = d->before_len = 0;
  d->at_end = false;
}

const char *decoder_name(const struct decoder *d) { return d->e->shown; }

/* Where the next bytes stand: counts lines, and keeps the end of the one in hand. */
static void pass(struct decoder *d, const char *text, size_t len) {
  for (const char *p = text, *end = text + len; (p = memchr(p, '\n', (size_t)(end - p))); p++) {
    d->line++;
    d->before_len = 0;
    len = (size_t)(end - p - 1);
    text = p + 1;
  }
  if (len >= BEFORE) {
    text += len - (BEFORE - 1);
    len = BEFORE - 1;
    d->before_len = 0;
  }
  if (d->before_len + len >= BEFORE) {
    size_t drop = d->before_len + len - (BEFORE - 1);
    memmove(d->before, d->before + drop, d->before_len - drop);
    d->before_len -= drop;
  }
  memcpy(d->before + d->before_len, text, len);
  d->before_len += len;
  d->before[d->before_len] = 0;
}

/* Told with their place; each then stands as a ? and the text goes on, so that all are seen at once. False: enough of them. */
static bool bad_bytes(struct decoder *d, const char *bytes, size_t len) {
  char hex[64] = "", *to = hex, zh[BEFORE + 32] = "开头", en[BEFORE + 32] = "at its beginning";
  const char *before = d->before;
  for (size_t i = 0; i < len && i < 8; i++) to += sprintf(to, "%s%02X", i ? " " : "", (unsigned char)bytes[i]);
  while (d->before_len && ((unsigned char)*before & 0xC0) == 0x80) before++;
  if (d->before_len) {
    snprintf(zh, sizeof zh, "，“%s”之后", before);
    snprintf(en, sizeof en, "behind “%s”", before);
  }
  if (len == 1 && !*bytes)
    remarks_say(
        d->ask->errors,
        "%1$s 第 %2$d 行%3$s（第 %5$lld 字节）：有空字节（00）。文件已损坏，或不是文本；请从 Excel 或 WPS 里重新另存%4$.0s",
        "%1$s, line %2$d, %4$s (byte %5$lld of the file): there is a NUL byte (00). The file is damaged, or isn't text; "
        "save it from Excel or WPS again%3$.0s",
        d->ask->file, d->line, zh, en, (long long)d->taken + 1);
  else if (d->bad) /* what to do was said */
    remarks_say(d->ask->errors, "%1$s 第 %2$d 行%3$s（第 %5$lld 字节）：%6$s 不是 %7$s%4$.0s",
                "%1$s, line %2$d, %4$s (byte %5$lld of the file): %6$s is not %7$s%3$.0s", d->ask->file, d->line, zh, en,
                (long long)d->taken + 1, hex, d->e->shown);
  else
    remarks_say(d->ask->errors,
                "%1$s 第 %2$d 行%3$s（第 %5$lld 字节）：%6$s 不是 %7$s。编码若是别的，请在 pack.ini 写 encoding = "
                "...（%8$s），或用 --encoding；否则请从 Excel 或 WPS 里重新另存%4$.0s",
                "%1$s, line %2$d, %4$s (byte %5$lld of the file): %6$s is not %7$s. If the encoding is another one, set "
                "encoding = ... in pack.ini (%8$s), or --encoding; else save the file from Excel or WPS again%3$.0s",
                d->ask->file, d->line, zh, en, (long long)d->taken + 1, hex, d->e->shown, encoding_names());
  return ++d->bad < BAD_MOST;
}

static enum decoded next_utf8(struct decoder *d, const char **text, size_t *len) {
  size_t n = fread(d->text + d->kept, 1, PIECE, d->in), i = 0, passed = 0, all = d->kept + n;
  const unsigned char *at = (const unsigned char *)d->text;
  if (!all) return DECODED_END;
  while (i < all) {
    size_t c = utf8_char(at + i, all - i);
    if (!c && n && all - i < 4) break;
    if (!c || !at[i]) {
      size_t bad = 1;
      while (c == 0 && i + bad < all && bad < 4 && at[i + bad] >= 0x80 && !utf8_char(at + i + bad, all - i - bad)) bad++;
      pass(d, d->text + passed, i - passed);
      d->taken += (int64_t)(i - passed);
      passed = i;
      if (!bad_bytes(d, d->text + i, bad)) return DECODED_BAD;
      memset(d->text + i, '?', bad);
      c = bad;
    }
    i += c;
  }
  memcpy(d->bytes, d->text + i, all - i); /* the beginning of a character, put in front of the next piece */
  d->kept = all - i;
  d->taken += (int64_t)(i - passed);
  pass(d, d->text + passed, i - passed);
  *text = d->text;
  *len = i;
  return DECODED_PIECE;
}

/* GBK has a private place for characters that Unicode got later; names are written with some of them. */
static void settle(UChar *at, UChar *end) {
  static const UChar move[][2] = {{0xE81E, 0x9FB4}, {0xE826, 0x9FB5}, {0xE82B, 0x9FB6}, {0xE82C, 0x9FB7}, {0xE832, 0x9FB8},
                                  {0xE843, 0x9FB9}, {0xE854, 0x9FBA}, {0xE864, 0x9FBB}, {0xE863, 0x4DAE}};
  for (; at < end; at++)
    for (size_t i = 0; *at >= 0xE81E && *at <= 0xE864 && i < sizeof move / sizeof *move; i++)
      if (*at == move[i][0]) *at = move[i][1];
}

/* Up to the first bytes that don't fit, of which there may be none: *wrongs 0. Adds to the text, *made bytes by now. */
static void convert(struct decoder *d, const char **from, const char *end, int32_t *made, char wrong[8], int8_t *wrongs) {
  UErrorCode error = U_ZERO_ERROR, ignored = U_ZERO_ERROR;
  UChar *to = d->wide;
  int32_t more = 0;
  ucnv_toUnicode(d->converter, &to, d->wide + PIECE, from, end, NULL, d->at_end, &error);
  if (U_SUCCESS(error)) *wrongs = 0;
  if (U_FAILURE(error)) ucnv_getInvalidChars(d->converter, wrong, wrongs, &ignored);
  if (!strcmp(d->e->shown, encoding[GB18030].shown)) settle(d->wide, to);
  u_strToUTF8WithSub(d->text + *made, (int32_t)sizeof d->text - *made, &more, d->wide, (int32_t)(to - d->wide), 0xFFFD, NULL,
                     &ignored);
  *made += more;
}

/* The first NUL of what was converted from `from`; what stands before it has been passed. */
static enum decoded zero_byte(struct decoder *d, const char *from, const char *end, char *zero) {
  int64_t units = 0;
  while (d->wide[units]) units++;
  const char *byte = d->e->mark == 2 ? from + units * 2 : memchr(from, 0, (size_t)(end - from));
  d->taken += byte ? byte - from : 0;
  bad_bytes(d, zero, 1);
  return DECODED_BAD;
}

static enum decoded next_converted(struct decoder *d, const char **text, size_t *len) {
  if (d->at_end) return DECODED_END;
  size_t n = fread(d->bytes, 1, PIECE / 2, d->in);
  const char *from = d->bytes, *end = d->bytes + n;
  int32_t made = 0;
  d->at_end = n == 0;
  for (;;) {
    char wrong[8];
    int8_t wrongs = sizeof wrong;
    const char *start = from;
    char *new = d->text + made;
    convert(d, &from, end, &made, wrong, &wrongs);
    size_t more = (size_t)(d->text + made - new);
    char *zero = memchr(new, 0, more);
    pass(d, new, zero ? (size_t)(zero - new) : more);
    if (zero) return zero_byte(d, start, end, zero);
    d->taken += from - start;
    if (!wrongs) break;
    d->taken -= wrongs;
    if (!bad_bytes(d, wrong, (size_t)wrongs)) return DECODED_BAD;
    d->taken += wrongs;
    d->text[made++] = '?';
    ucnv_reset(d->converter);
  }
  *text = d->text;
  *len = (size_t)made;
  return d->at_end && !made ? DECODED_END : DECODED_PIECE;
}

enum decoded decoder_next(struct decoder *d, const char **text, size_t *len) {
  if (d->converter) return next_converted(d, text, len);
  memcpy(d->text, d->bytes, d->kept);
  return next_utf8(d, text, len);
}

/* --- the way back --- */

struct encoder {
  UConverter *converter; /* owned */
  bool marked;
};

struct encoder *encoder_open(const char *name) {
  static const struct {
    const char *shown, *icu;
    bool marked;
  } whole[] = {{"GB18030", "gb18030", false},
               {"UTF-16", "UTF-16LE", true},
               {"UTF-16LE", "UTF-16LE", true},
               {"UTF-16BE", "UTF-16BE", true}};
  UErrorCode error = U_ZERO_ERROR;
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    if (strcmp(whole[i].shown, name) != 0) continue;
    UConverter *converter = ucnv_open(whole[i].icu, &error);
    if (U_FAILURE(error)) return NULL;
    struct encoder *e = grow(NULL, 1, sizeof *e);
    *e = (struct encoder){.converter = converter, .marked = whole[i].marked};
    return e;
  }
  return NULL;
}

void encoder_close(struct encoder *e) {
  if (!e) return;
  ucnv_close(e->converter);
  free(e);
}

const char *encoder_mark(const struct encoder *e) { return !e || e->marked ? "\xef\xbb\xbf" : ""; }

void encoder_put(struct encoder *e, FILE *out, const char *text, size_t len) {
  UChar wide[1024];
  char bytes[4096];
  for (const char *at = text, *end = text + len; at < end;) {
    size_t n = (size_t)(end - at) < sizeof wide / sizeof *wide ? (size_t)(end - at) : sizeof wide / sizeof *wide;
    while (at + n < end && ((unsigned char)at[n] & 0xc0) == 0x80) n--; /* no character in two pieces */
    UErrorCode error = U_ZERO_ERROR;
    int32_t units = 0, length = 0;
    u_strFromUTF8(wide, sizeof wide / sizeof *wide, &units, at, (int32_t)n, &error);
    length = ucnv_fromUChars(e->converter, bytes, sizeof bytes, wide, units, &error);
    fwrite(bytes, 1, U_SUCCESS(error) && length > 0 ? (size_t)length : 0, out);
    at += n;
  }
}
