/* SPDX-License-Identifier: Apache-2.0
 * One sheet of a workbook, streaming: its cells as text, hidden rows left out, merged ranges told.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/xlsx.h"

enum { LAST_LINE = 1048576 };

struct reading {
  struct xlsx *x;
  const struct table_facts *facts;
  const struct table_sink *sink;
  struct table_cell cell[TABLE_COLUMNS];
  size_t from[TABLE_COLUMNS];
  int cells, line;
  char *text; /* owned: of the row in hand: its cells, each with a NUL */
  size_t len, room;
  /* the cell in hand */
  int column, style;
  char type;    /* s shared, i inline, t formula's text, n number, b yes or no, e error */
  size_t start; /* its text in `text` */
  bool formula, has_value, taking, phonetic, hidden, stop, huge;
  bool wrong_string; /* a number of a shared string that isn't there */
  struct lines hidden_lines;
};

/* --- cells --- */

static void put(struct reading *r, const char *text, size_t len) {
  if (r->len + len + 1 > r->room) r->text = grow(r->text, r->room = (r->len + len + 1) * 2, 1);
  memcpy(r->text + r->len, text, len);
  r->len += len;
}

/* The column of "AB12", from 0; -1: not a place. */
static int column_of(const char *place) {
  int column = 0;
  const char *p = place;
  for (; *p >= 'A' && *p <= 'Z' && column < 20000; p++) column = column * 26 + (*p - 'A' + 1);
  return p > place && isdigit((unsigned char)*p) ? column - 1 : -1;
}

static void start_row(struct reading *r, const char **a) {
  const char *line = xlsx_attribute(a, "r"), *height = xlsx_attribute(a, "ht");
  r->line = line ? atoi(line) : r->line + 1;
  if (r->line < 1 || r->line > LAST_LINE) r->line = LAST_LINE;
  r->hidden =
      xlsx_yes(xlsx_attribute(a, "hidden")) || (height && !strcmp(height, "0") && xlsx_yes(xlsx_attribute(a, "customHeight")));
  r->cells = 0;
  r->column = -1;
  r->len = 0;
}

static void start_cell(struct reading *r, const char **a) {
  const char *place = xlsx_attribute(a, "r"), *type = xlsx_attribute(a, "t"), *style = xlsx_attribute(a, "s");
  int column = place ? column_of(place) : -1;
  r->column = column >= 0 ? column : r->column + 1;
  r->style = style ? atoi(style) : 0;
  r->type = !type ? 'n' : !strcmp(type, "s") ? 's' : !strcmp(type, "inlineStr") ? 'i' : !strcmp(type, "str") ? 't' : *type;
  r->formula = r->has_value = r->huge = r->phonetic = false;
  r->start = r->len;
}

static void on_start(void *reading, const char *name, const char **a) {
  struct reading *r = reading;
  r->taking = false;
  if (!strcmp(name, "row"))
    start_row(r, a);
  else if (!strcmp(name, "c"))
    start_cell(r, a);
  else if (!strcmp(name, "f"))
    r->formula = true;
  else if (!strcmp(name, "rPh"))
    r->phonetic = true;
  else if (!strcmp(name, "v") || (!strcmp(name, "t") && !r->phonetic))
    r->taking = r->has_value = true;
  else if (!strcmp(name, "mergeCell") && r->sink->merged) {
    const char *ref = xlsx_attribute(a, "ref"), *colon = ref ? strchr(ref, ':') : NULL;
    int first = ref ? column_of(ref) : -1, last = colon ? column_of(colon + 1) : -1;
    if (first >= 0 && last >= 0)
      r->sink->merged(r->sink->self, &(struct table_range){.first_line = atoi(ref + strcspn(ref, "0123456789")),
                                                           .last_line = atoi(colon + 1 + strcspn(colon + 1, "0123456789")),
                                                           .first_column = first + 1,
                                                           .last_column = last + 1});
  }
}

static void on_text(void *reading, const char *text, int len) {
  struct reading *r = reading;
  if (!r->taking || r->column >= TABLE_COLUMNS) return;
  if (r->len - r->start + (size_t)len > TABLE_CELL_MOST)
    r->huge = true;
  else
    put(r, text, (size_t)len);
}

/* _x000D_ is how a workbook writes what XML can't. */
static size_t unescape(char *text, size_t len) {
  size_t to = 0;
  for (size_t i = 0; i < len;) {
    unsigned code;
    char digits[5] = "";
    if (len - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_') memcpy(digits, text + i + 2, 4);
    if (strspn(digits, "0123456789abcdefABCDEF") == 4 && (code = (unsigned)strtoul(digits, NULL, 16)) > 0 && code < 0x80) {
      text[to++] = (char)code;
      i += 7;
    } else {
      text[to++] = text[i++];
    }
  }
  return to;
}

static void shared(struct reading *r) {
  const struct xlsx *x = r->x;
  int at = isdigit((unsigned char)r->text[r->start]) ? atoi(r->text + r->start) : -1;
  r->len = r->start;
  if (at < 0 || at >= x->strings) {
    r->wrong_string = true;
    return;
  }
  size_t len = strlen(x->string[at]);
  r->huge = len > TABLE_CELL_MOST;
  put(r, x->string[at], r->huge ? 64 : len);
}

static enum cell_kind finish_cell(struct reading *r) {
  char number[64];
  put(r, "", 0);
  r->text[r->len] = 0;
  if (!r->has_value) return r->formula ? CELL_UNCOUNTED : CELL_TEXT;
  if (r->type == 's') shared(r);
  if (r->huge) return CELL_HUGE;
  if (r->type == 'e') return CELL_ERROR;
  if (r->type == 'b') {
    bool yes = r->text[r->start] == '1';
    r->len = r->start;
    put(r, yes ? "TRUE" : "FALSE", yes ? 4 : 5);
  }
  if (r->type == 'n' && r->len > r->start) {
    enum cell_kind kind = xlsx_number(r->x, r->style, r->text + r->start, number);
    r->len = r->start;
    put(r, number, strlen(number));
    return kind;
  }
  if (r->type == 's' || r->type == 'i' || r->type == 't') r->len = r->start + unescape(r->text + r->start, r->len - r->start);
  return CELL_TEXT;
}

static void end_cell(struct reading *r) {
  if (r->column >= TABLE_COLUMNS) {
    r->len = r->start;
    return;
  }
  enum cell_kind kind = finish_cell(r);
  while (r->cells <= r->column) {
    r->cell[r->cells] = (struct table_cell){.len = 0};
    r->from[r->cells++] = r->start;
  }
  r->cell[r->column] = (struct table_cell){.len = r->len - r->start, .kind = kind};
  r->from[r->column] = r->start;
  put(r, "", 1);
}

static void end_row(struct reading *r) {
  bool empty = true;
  for (int i = 0; i < r->cells; i++) {
    r->cell[i].text = r->cell[i].len ? r->text + r->from[i] : "";
    empty = empty && !r->cell[i].len;
  }
  if (r->hidden && !empty)
    lines_add(&r->hidden_lines, r->line);
  else if (!r->hidden && r->cells)
    r->stop = !r->sink->row(r->sink->self, &(struct table_row){.line = r->line, .cells = r->cells, .cell = r->cell});
  r->cells = 0;
}

static void on_end(void *reading, const char *name) {
  struct reading *r = reading;
  r->taking = false;
  if (!strcmp(name, "c"))
    end_cell(r);
  else if (!strcmp(name, "row"))
    end_row(r);
  else if (!strcmp(name, "rPh"))
    r->phonetic = false;
}

/* --- which sheet --- */

static void list(const struct xlsx *x, bool hidden, int but, char out[400]) {
  size_t n = 0;
  *out = 0;
  for (int i = 0; i < x->sheets && n + 140 < 400; i++)
    if (i != but && x->sheet[i].part && x->sheet[i].hidden == hidden)
      n += (size_t)snprintf(out + n, 400 - n, "%s“%.120s”", n ? ", " : "", x->sheet[i].name);
}

static int wanted_sheet(const struct xlsx *x, const char *name) {
  for (int i = 0; i < x->sheets; i++)
    if (x->sheet[i].part && !strcmp(x->sheet[i].name, name)) return i;
  char visible[400], hidden[400];
  list(x, false, -1, visible);
  list(x, true, -1, hidden);
  remarks_say(x->ask->errors, "%1$s：没有名为“%2$s”的工作表。有：%3$s%4$s%5$s",
              "%1$s: there is no sheet “%2$s”. There are: %3$s%4$s%5$s", x->ask->file, name, visible,
              *hidden ? "; hidden: " : "", hidden);
  return -1;
}

/* The one that pack.ini names, else the first that is visible; what is left out is said. */
static int choose(const struct xlsx *x) {
  int first, others = 0;
  char names[400];
  if (x->ask->sheet && *x->ask->sheet) return wanted_sheet(x, x->ask->sheet);
  for (int i = 0; i < x->sheets; i++) others += x->sheet[i].part && !x->sheet[i].hidden;
  for (first = 0; first < x->sheets && (!x->sheet[first].part || x->sheet[first].hidden);) first++;
  if (first == x->sheets)
    return remarks_say(x->ask->errors, "%s：没有可见的工作表", "%s: there is no visible sheet", x->ask->file), -1;
  list(x, false, first, names);
  if (others > 1)
    remarks_say(x->ask->warnings, "%1$s：只读了第一个工作表“%2$s”，没有读 %3$s。要读别的，请在 pack.ini 写 sheet = 名字",
                "%1$s: only the first sheet “%2$s” was read, not %3$s. For another one set sheet = NAME in pack.ini",
                x->ask->file, x->sheet[first].name, names);
  list(x, true, first, names);
  if (*names)
    remarks_say(x->ask->warnings, "%1$s：隐藏的工作表没有读：%2$s", "%1$s: hidden sheets were not read: %2$s", x->ask->file,
                names);
  return first;
}

static void warn_hidden(struct reading *r) {
  char zh[LINES_TEXT], en[LINES_TEXT];
  if (!r->hidden_lines.count) return;
  lines_tell(&r->hidden_lines, zh, en);
  remarks_say(r->x->ask->warnings, "%1$s %2$s是隐藏的（可能是筛选），没有读取。若这些人也参加，请取消筛选和隐藏后保存%3$.0s",
              "%1$s, %3$s: the rows are hidden (perhaps by a filter) and were left out. If these people come, too, clear the "
              "filter, show all rows and save%2$.0s",
              r->facts->label, zh, en);
}

static bool read_sheet(struct xlsx *x, const struct xlsx_sheet *sheet, struct table_facts *facts,
                       const struct table_sink *sink) {
  const struct xlsx_calls calls = {on_start, on_end, on_text};
  struct reading *r = grow(NULL, 1, sizeof *r);
  *r = (struct reading){.x = x, .facts = facts, .sink = sink};
  snprintf(facts->label, sizeof facts->label, "%.240s [%.120s]", x->ask->file, sheet->name);
  strcpy(facts->form, "XLSX");
  facts->letters = facts->ragged = true;
  bool good = xlsx_parse(x, sheet->part, &calls, r, &r->stop);
  if (good && r->wrong_string)
    good = remarks_say(x->ask->errors, "%s：Excel 文件已损坏（缺少文字）。请用 Excel 或 WPS 打开，另存为新的 xlsx",
                       "%s: the Excel file is damaged (texts are missing). Open it in Excel or WPS and save it as a new xlsx",
                       facts->label);
  warn_hidden(r);
  free(r->text);
  free(r);
  return good;
}

bool table_read_xlsx(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink) {
  struct xlsx *x = grow(NULL, 1, sizeof *x);
  int sheet = -1;
  bool good = xlsx_open(ask, x) && (sheet = choose(x)) >= 0 && xlsx_strings(x) && xlsx_styles(x) &&
              read_sheet(x, &x->sheet[sheet], facts, sink);
  xlsx_close(x);
  free(x);
  return good;
}
