/* SPDX-License-Identifier: Apache-2.0
 * Number formats, as far as they change what a number means: dates, and leading zeros.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "tools/yingbin/xlsx.h"

enum { FORMATS_MOST = 4096, STYLES_MOST = 65536 };

struct format {
  int id;
  struct xlsx_style style;
};

struct reading {
  struct xlsx *x;
  struct format format[FORMATS_MOST];
  int formats;
  bool in_cells, stop;
};

/* "yyyy-mm-dd hh:mm" is a moment, "[h]:mm" a time, "00000" zeros; texts in quotes and brackets don't count. */
static struct xlsx_style style_of(const char *code) {
  const int zeros = (int)strspn(code, "0");
  bool date = false, time = false, only_zeros = zeros > 1 && (!code[zeros] || code[zeros] == ';');
  for (const char *p = code; *p && *p != ';'; p++) {
    if (*p == '"') {
      for (p++; *p && *p != '"';) p++;
      if (!*p) break;
    } else if (*p == '[') {
      time = time || strchr("hHmMsS", p[1]);
      for (; *p && *p != ']';) p++;
      if (!*p) break;
    } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
      p++;
    } else if (strchr("yYdD", *p) || !strncmp(p, "年", 3)) {
      date = true;
    } else if (strchr("hHsS", *p)) {
      time = true;
    } else if (!strncasecmp(p, "General", 7)) {
      p += 6;
    } else if (tolower((unsigned char)*p) == 'm') {
      date = date || (tolower((unsigned char)p[1]) == 'm' && tolower((unsigned char)p[2]) == 'm');
    }
  }
  return (struct xlsx_style){.form = date && time ? XLSX_MOMENT
                                     : date       ? XLSX_DATE
                                     : time       ? XLSX_TIME
                                     : only_zeros ? XLSX_ZEROS
                                                  : XLSX_PLAIN,
                             .zeros = only_zeros ? zeros : 0};
}

/* The formats that have a number but no text in the file (ECMA-376, 18.8.30, with those of Chinese editions). */
static struct xlsx_style built_in(int id) {
  bool date = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
  bool time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47);
  return (struct xlsx_style){.form = id == 22 ? XLSX_MOMENT : date ? XLSX_DATE : time ? XLSX_TIME : XLSX_PLAIN};
}

static void add_style(struct reading *r, int id) {
  struct xlsx *x = r->x;
  struct xlsx_style style = built_in(id);
  for (int i = 0; i < r->formats; i++)
    if (r->format[i].id == id) style = r->format[i].style;
  if (x->styles == STYLES_MOST) return;
  if ((x->styles & (x->styles - 1)) == 0) x->style = grow(x->style, x->styles ? (size_t)x->styles * 2 : 1, sizeof *x->style);
  x->style[x->styles++] = style;
}

static void on_start(void *reading, const char *name, const char **a) {
  struct reading *r = reading;
  const char *id = xlsx_attribute(a, "numFmtId"), *code = xlsx_attribute(a, "formatCode");
  if (!strcmp(name, "cellXfs")) r->in_cells = true;
  if (!strcmp(name, "numFmt") && id && code && r->formats < FORMATS_MOST)
    r->format[r->formats++] = (struct format){atoi(id), style_of(code)};
  if (!strcmp(name, "xf") && r->in_cells) add_style(r, id ? atoi(id) : 0);
}

static void on_end(void *reading, const char *name) {
  struct reading *r = reading;
  if (!strcmp(name, "cellXfs")) r->in_cells = false;
}

bool xlsx_styles(struct xlsx *x) {
  const struct xlsx_calls calls = {on_start, on_end, NULL};
  if (!x->styles_part) return true;
  struct reading *r = grow(NULL, 1, sizeof *r);
  *r = (struct reading){.x = x};
  bool good = xlsx_parse(x, x->styles_part, &calls, r, NULL);
  free(r);
  return good;
}

/* --- numbers --- */

static void civil_from_day(int32_t day, int *y, int *m, int *d) {
  struct zone utc = {.name = "UTC", .spans = 1};
  struct civil c = civil_of(&utc, (int64_t)day * 86400000);
  *y = c.year, *m = c.month, *d = c.day;
}

/* Days since the last day of 1899, with a 29 February 1900 that never was; or since 1904. */
static void moment_text(const struct xlsx *x, double serial, enum xlsx_form form, char out[64]) {
  int y, m, d;
  int64_t seconds = (int64_t)llround(serial * 86400), day = seconds / 86400;
  int second = (int)(seconds % 86400), base = day_from_civil(1899, 12, day < 60 && !x->epoch_1904 ? 31 : 30);
  civil_from_day((int32_t)day + (x->epoch_1904 ? day_from_civil(1904, 1, 1) : base), &y, &m, &d);
  char clock[24];
  snprintf(clock, sizeof clock, second % 60 ? "%02d:%02d:%02d" : "%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  if (form == XLSX_TIME && day == 0)
    snprintf(out, 64, "%s", clock);
  else
    snprintf(out, 64, "%04d-%02d-%02d%s%s", y, m, d, second ? " " : "", second ? clock : "");
}

enum cell_kind xlsx_number(const struct xlsx *x, int style, const char *text, char out[64]) {
  char *end;
  double value = strtod(text, &end);
  const struct xlsx_style s = style >= 0 && style < x->styles ? x->style[style] : (struct xlsx_style){.form = XLSX_PLAIN};
  if (*end || end == text || !isfinite(value)) {
    snprintf(out, 64, "%.63s", text);
    return CELL_TEXT;
  }
  if (s.form != XLSX_PLAIN && s.form != XLSX_ZEROS && value >= 0 && value < 2958466) {
    moment_text(x, value, s.form, out);
    return CELL_DATE;
  }
  bool whole = value == floor(value) && fabs(value) < 1e15;
  if (whole && s.form == XLSX_ZEROS)
    snprintf(out, 64, "%0*lld", s.zeros > 40 ? 40 : s.zeros, (long long)value);
  else if (whole)
    snprintf(out, 64, "%lld", (long long)value);
  else
    snprintf(out, 64, "%.15G", value);
  return fabs(value) >= 1e15 ? CELL_ROUNDED : CELL_TEXT; /* a spreadsheet keeps fifteen digits */
}
