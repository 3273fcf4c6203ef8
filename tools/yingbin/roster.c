/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/types.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/lines.h"
#include "tools/yingbin/names.h"

enum { ROWS_MAX = 2000000, TITLES_MAX = 20, CELL_NOTES = 4 /* bits of enum cell_note */ };
enum { NOTE_DATE = CELL_NOTES, NOTE_MERGED, NOTES };

struct reading {
  const struct table_ask *ask;
  const char *const *wanted; /* pack.ini's headings */
  struct pool *texts;
  struct roster_table *out;
  bool have_head, stop, may_go_on; /* may_go_on: the next row may be the headings' second line */
  int titles, first_line;          /* rows above the headings; where the first one is */
  int above_line;
  const char *above[TABLE_COLUMNS], *head[TABLE_COLUMNS]; /* the row before the headings; the headings */
  int aboves, width;
  int column_of[TABLE_COLUMNS];            /* enum roster_column, -1: not used */
  struct lines note[NOTES][TABLE_COLUMNS]; /* rows whose cell in that column says something */
  char *buffer;                            /* owned: the row in hand */
  size_t room;
};

/* "B3" */
static int cell_name(char out[16], int line, int column) {
  char name[4] = "";
  int n = column > 26 ? 2 : 1, c = column - 1;
  if (n == 2) name[0] = (char)('A' + c / 26 - 1);
  name[n - 1] = (char)('A' + c % 26);
  return snprintf(out, 16, "%s%d", name, line);
}

struct roster_place roster_place(const struct roster_table *t, int line, int column) {
  struct roster_place p;
  char letters[16] = "";
  if (column && t->facts.letters) cell_name(letters, line, column);
  if (!column) {
    snprintf(p.zh, sizeof p.zh, "第 %d 行", line);
    snprintf(p.en, sizeof p.en, "line %d", line);
  } else {
    snprintf(p.zh, sizeof p.zh, "第 %d 行第 %d 列%s%s%s", line, column, *letters ? "（" : "", letters, *letters ? "）" : "");
    snprintf(p.en, sizeof p.en, "line %d, column %d%s%s%s", line, column, *letters ? " (" : "", letters, *letters ? ")" : "");
  }
  return p;
}

struct roster_cells roster_cells(const struct roster_table *t, const struct lines *l, int column) {
  struct roster_cells c;
  char zh[LINES_TEXT], en[LINES_TEXT], name[16], cells[LINES_SHOWN * 14 + 16] = "", *end = cells;
  int shown = l->count < LINES_SHOWN ? l->count : LINES_SHOWN;
  lines_tell(l, zh, en);
  for (int i = 0; i < shown && t->facts.letters; i++) {
    cell_name(name, l->at[i], column);
    end = stpcpy(stpcpy(end, i ? ", " : " ("), name);
  }
  if (*cells) strcpy(end, l->count > shown ? ", ...)" : ")");
  snprintf(c.zh, sizeof c.zh, "%s第 %d 列%s", zh, column, cells);
  snprintf(c.en, sizeof c.en, "%s, column %d%s", en, column, cells);
  return c;
}

/* --- the headings --- */

static const char *clean_copy(struct reading *r, const struct table_cell *cell) {
  size_t len = cell->kind == CELL_HUGE ? 0 : cell->len;
  char *copy = (char *)pool_add(r->texts, cell->text, len);
  if (!len) return "";
  cell_clean(ROSTER_TITLE, copy, &len);
  copy[len] = 0;
  return copy;
}

static void use_column(struct reading *r, enum roster_column c, int at) {
  r->column_of[at] = (int)c;
  r->out->heading[c] = r->head[at];
  r->out->place[c] = at + 1;
}

static void find_wanted(struct reading *r, enum roster_column c) {
  int at = -1, count = 0;
  for (int i = 0; i < r->width; i++)
    if (!strcmp(r->head[i], r->wanted[c])) at = i, count++;
  if (count == 1) {
    use_column(r, c, at);
    return;
  }
  remarks_say(r->ask->errors, "%1$s 第 %2$d 行：标题“%3$s”（%4$s）%5$s，请核对 pack.ini 里的 columns.%4$s%6$.0s",
              "%1$s, line %2$d: the heading “%3$s” (%4$s) %6$s; check columns.%4$s in pack.ini%5$.0s", r->out->facts.label,
              r->out->head_line, r->wanted[c], roster_column_name(c), count ? "出现不止一次" : "不在文件里",
              count ? "is there more than once" : "is not in the file");
}

static void find_usual(struct reading *r, enum roster_column c, int from) {
  int best = -1, best_rank = -1;
  for (int i = from; i < r->width; i++) {
    int rank = r->column_of[i] < 0 ? heading_rank(c, r->head[i]) : -1;
    if (rank >= 0 && (best < 0 || rank < best_rank)) best = i, best_rank = rank;
  }
  if (best >= 0) use_column(r, c, best);
}

/* How many of our columns a row names; the name counts for two. */
static int heading_score(const struct reading *r, const char *const *cell, int cells) {
  int score = 0;
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    for (int i = 0; i < cells; i++) {
      bool is = (r->wanted[c] && !strcmp(r->wanted[c], cell[i])) || heading_rank(c, cell[i]) >= 0;
      score += is ? 1 + (c == ROSTER_NAME) : 0;
      if (is) break;
    }
  return score;
}

static bool no_names(struct reading *r, int line) {
  char seen[200] = "";
  size_t n = 0;
  for (int i = 0; i < r->width && n + 40 < sizeof seen; i++)
    if (*r->head[i])
      n += (size_t)snprintf(seen + n, sizeof seen - n, "「%.*s」", (int)utf8_cut(r->head[i], strlen(r->head[i]), 28),
                            r->head[i]);
  r->stop = true;
  return remarks_say(
      r->ask->errors,
      "%1$s 第 %2$d 行：没有姓名列。应当有一行标题，如 姓名,手机,单位；或在 pack.ini 写 columns.name = "
      "标题。这里是：%3$s",
      "%1$s, line %2$d: no column of names. There should be a line of headings, such as name,phone,organization; "
      "or set columns.name in pack.ini. What is there: %3$s",
      r->out->facts.label, line, seen);
}

/* A name in two columns is better than a nickname, and else what is left empty in the column of names. */
static void find_parts(struct reading *r) {
  struct roster_table *t = r->out;
  t->joined = t->place[ROSTER_FAMILY] || t->place[ROSTER_GIVEN];
  int nick = t->place[ROSTER_NAME];
  if (!nick || !t->place[ROSTER_FAMILY] || !t->place[ROSTER_GIVEN] || r->wanted[ROSTER_NAME]) return;
  if (!heading_is_nick(t->heading[ROSTER_NAME])) return;
  r->column_of[nick - 1] = -1;
  t->place[ROSTER_NAME] = 0;
  t->heading[ROSTER_NAME] = NULL;
}

static int name_place(const struct roster_table *t) {
  int family = t->place[ROSTER_FAMILY];
  return t->place[ROSTER_NAME] ? t->place[ROSTER_NAME] : family ? family : t->place[ROSTER_GIVEN];
}

static void take_head(struct reading *r, int line, const char *const *cell, int cells) {
  r->have_head = r->may_go_on = true;
  r->out->head_line = line;
  memcpy(r->head, cell, (size_t)cells * sizeof *cell);
  for (int i = 0; i < cells; i++) {
    if (!*cell[i] && r->aboves > 1 && r->above_line == line - 1 && *r->above[i]) r->head[i] = r->above[i]; /* merged down */
    if (*r->head[i]) r->width = i + 1;
  }
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (r->wanted[c]) find_wanted(r, c);
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (!r->wanted[c]) find_usual(r, c, 0);
  find_parts(r);
  if (!name_place(r->out) && !r->wanted[ROSTER_NAME]) no_names(r, line);
}

/* Below 联系方式, merged over two columns, 手机 and 邮箱: a second line of headings, where no one has a name. */
static bool take_second_head(struct reading *r, int line, const char *const *cell, int cells) {
  bool second = r->may_go_on && line == r->out->head_line + 1;
  r->may_go_on = false;
  int name = name_place(r->out);
  const char *below = name && name <= cells ? cell[name - 1] : "";
  bool part = *below && heading_rank(ROSTER_FAMILY, below) + heading_rank(ROSTER_GIVEN, below) > -2; /* 姓名, over 姓 and 名 */
  if (!second || !name || (*below && !part) || !heading_score(r, cell, cells)) return false;
  for (int i = 0; i < cells; i++) {
    if (!*cell[i]) continue;
    if (r->column_of[i] >= 0) r->out->place[r->column_of[i]] = 0, r->out->heading[r->column_of[i]] = NULL, r->column_of[i] = -1;
    r->head[i] = cell[i];
    if (i >= r->width) r->width = i + 1;
  }
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (!r->out->place[c]) r->wanted[c] ? find_wanted(r, c) : find_usual(r, c, 0);
  find_parts(r);
  return true;
}

static void keep_above(struct reading *r, int line, const char *const *cell, int cells) {
  r->above_line = line;
  r->aboves = 0;
  for (int i = 0; i < TABLE_COLUMNS; i++) r->above[i] = i < cells ? cell[i] : "";
  for (int i = 0; i < cells; i++) r->aboves += *cell[i] != 0;
  if (!r->first_line) {
    r->first_line = line;
    memcpy(r->head, cell, (size_t)cells * sizeof *cell);
    r->width = cells;
  }
  if (++r->titles > TITLES_MAX) no_names(r, r->first_line);
}

/* Whether the row is above the headings or of them. */
static bool belongs_to_head(struct reading *r, const struct table_row *row) {
  const char *cell[TABLE_COLUMNS];
  if (r->have_head && !r->may_go_on) return false;
  for (int i = 0; i < row->cells; i++) cell[i] = clean_copy(r, &row->cell[i]);
  if (r->have_head) return take_second_head(r, row->line, cell, row->cells);
  if (heading_score(r, cell, row->cells) < 2) {
    keep_above(r, row->line, cell, row->cells);
    return true;
  }
  for (int i = 0; i < TABLE_COLUMNS; i++) r->column_of[i] = -1, r->head[i] = "";
  r->width = 0;
  take_head(r, row->line, cell, row->cells);
  return true;
}

/* --- a row --- */

static bool check_width(struct reading *r, const struct table_row *row) {
  int used = 0;
  for (int i = 0; i < row->cells; i++)
    if (row->cell[i].len) used = i + 1;
  if (r->out->facts.ragged || (row->cells >= r->width && used <= r->width)) return true;
  return remarks_say(
      r->ask->errors, "%1$s 第 %2$d 行：有 %3$d 列，标题有 %4$d 列。是不是少了一格，或内容里有逗号却没有加引号？",
      "%1$s, line %2$d: %3$d columns, the headings have %4$d. Is a cell missing, or a comma without quotes round the cell?",
      r->out->facts.label, row->line, row->cells >= r->width ? used : row->cells, r->width);
}

static bool wrong_cell(struct reading *r, int line, int at, const char *zh, const char *en) {
  struct roster_place p = roster_place(r->out, line, at + 1);
  return remarks_say(r->ask->errors, "%1$s %2$s：%4$s %6$s%3$.0s%5$.0s%7$.0s", "%1$s, %3$s: %5$s %7$s%2$.0s%4$.0s%6$.0s",
                     r->out->facts.label, p.zh, p.en, roster_heading[r->column_of[at]].zh,
                     roster_column_name((enum roster_column)r->column_of[at]), zh, en);
}

static bool is_number(enum roster_column c) {
  return c == ROSTER_PHONE || c == ROSTER_NUMBER || c == ROSTER_ORDER || c == ROSTER_CODE;
}

/* What a reader found in the cell; the text has been cleaned. */
static bool check_cell(struct reading *r, int line, int at, enum cell_kind kind, const char *text) {
  enum roster_column c = (enum roster_column)r->column_of[at];
  char zh[300], en[300];
  if (is_number(c) && (kind == CELL_ROUNDED || cell_is_rounded(text))) {
    snprintf(zh, sizeof zh,
             "是 %.60s：Excel 把长数字改写了，后面的数字已经丢失。请把这一列设为“文本”格式，从报名平台重新导出或填写", text);
    snprintf(en, sizeof en,
             "is %.60s: Excel has rewritten a long number and its last digits are lost. Format the column as Text, then "
             "export or fill it in again",
             text);
    return wrong_cell(r, line, at, zh, en);
  }
  if (kind == CELL_ERROR) {
    snprintf(zh, sizeof zh, "是公式的错误值 %.40s，请改正或删掉公式", text);
    snprintf(en, sizeof en, "is a formula's error %.40s; put the formula right or delete it", text);
    return wrong_cell(r, line, at, zh, en);
  }
  if (kind == CELL_UNCOUNTED)
    return wrong_cell(r, line, at, "是没有算出结果的公式。请用 Excel 或 WPS 打开，保存一次",
                      "is a formula that was never calculated. Open the file in Excel or WPS and save it once");
  if (kind == CELL_HUGE || strlen(text) > roster_heading[c].most) {
    snprintf(zh, sizeof zh, "太长，最多 %zu 字节", roster_heading[c].most);
    snprintf(en, sizeof en, "is too long; at most %zu bytes", roster_heading[c].most);
    return wrong_cell(r, line, at, zh, en);
  }
  if (kind == CELL_DATE) lines_add(&r->note[NOTE_DATE][at], line);
  return true;
}

/* The cell's clean text behind the row's others. */
static const char *put_field(struct reading *r, const struct table_row *row, int at, size_t *used) {
  struct table_cell none = {"", 0, CELL_TEXT};
  const struct table_cell *cell = at < row->cells ? &row->cell[at] : &none;
  size_t len = cell->len;
  if (*used + len + 2 > r->room) r->buffer = grow(r->buffer, r->room = (*used + len + 2) * 2, 1);
  char *text = r->buffer + *used;
  memcpy(text, cell->text, len);
  text[len] = 0;
  unsigned notes = cell_clean((enum roster_column)r->column_of[at], text, &len);
  text[len] = 0;
  for (int i = 0; i < CELL_NOTES; i++)
    if (notes >> i & 1) lines_add(&r->note[i][at], row->line);
  if (!check_cell(r, row->line, at, cell->kind, text)) len = 0, *text = 0;
  *used += len + 1;
  return text;
}

/* The whole name, from its column or from two; false: there is none, which is an error unless one was added. */
static bool put_name(struct reading *r, const struct table_row *row, size_t *used) {
  char part[2][NAME_MAX_BYTES / 2] = {"", ""};
  int before = remarks_total(r->ask->errors), name = r->out->place[ROSTER_NAME];
  size_t start = *used;
  if (name && *put_field(r, row, name - 1, used)) return true;
  if (name && !r->out->joined) return remarks_total(r->ask->errors) > before;
  for (int i = 0; i < 2; i++) {
    int at = r->out->place[i ? ROSTER_GIVEN : ROSTER_FAMILY];
    *used = start;
    if (at) snprintf(part[i], sizeof part[i], "%s", put_field(r, row, at - 1, used));
  }
  if (start + NAME_MAX_BYTES > r->room) r->buffer = grow(r->buffer, r->room = (start + NAME_MAX_BYTES) * 2, 1);
  name_join(part[0], part[1], r->buffer + start, NAME_MAX_BYTES);
  *used = start + strlen(r->buffer + start) + 1;
  return r->buffer[start] || remarks_total(r->ask->errors) > before;
}

static void take_row(struct reading *r, const struct table_row *row) {
  size_t used = 0;
  if (!check_width(r, row)) return;
  bool name = put_name(r, row, &used);
  for (enum roster_column c = ROSTER_NAME + 1; c < ROSTER_FAMILY; c++)
    if (r->out->place[c]) put_field(r, row, r->out->place[c] - 1, &used);
  if (!name) {
    struct roster_place p = roster_place(r->out, row->line, name_place(r->out));
    remarks_say(r->ask->errors, "%1$s %2$s：没有姓名%3$.0s", "%1$s, %3$s: the name is empty%2$.0s", r->out->facts.label, p.zh,
                p.en);
    return;
  }
  if ((r->out->rows & (r->out->rows - 1)) == 0)
    r->out->row = grow(r->out->row, r->out->rows ? (size_t)r->out->rows * 2 : 1, sizeof *r->out->row);
  r->out->row[r->out->rows++] = (struct roster_row){row->line, pool_add(r->texts, r->buffer, used)};
  if (r->out->rows == ROWS_MAX) r->stop = !remarks_say(r->ask->errors, "%s：行数太多", "%s: too many rows", r->ask->file);
}

static bool on_row(void *reading, const struct table_row *row) {
  struct reading *r = reading;
  bool empty = true;
  for (int i = 0; i < row->cells && empty; i++) empty = !row->cell[i].len && row->cell[i].kind == CELL_TEXT;
  if (empty) return true;
  if (belongs_to_head(r, row)) return !r->stop;
  take_row(r, row);
  return !r->stop;
}

/* Cells merged below the headings: the first row has the value, the others look empty. */
static void on_merged(void *reading, const struct table_range *range) {
  struct reading *r = reading;
  if (!r->have_head || range->last_line == range->first_line || range->last_line <= r->out->head_line + 1) return;
  for (int i = range->first_column - 1; i < range->last_column && i < TABLE_COLUMNS; i++)
    if (r->column_of[i] >= 0) {
      lines_add(&r->note[NOTE_MERGED][i], range->first_line);
      return;
    }
}

/* --- what people should know --- */

static void warn_cells(struct reading *r, const struct lines *l, int at, const char *zh, const char *en) {
  int heading = (int)utf8_cut(r->head[at], strlen(r->head[at]), 60);
  struct roster_cells c = roster_cells(r->out, l, at + 1);
  remarks_say(r->ask->warnings, "%1$s %2$s「%5$.*4$s」：%6$s%3$.0s%7$.0s", "%1$s, %3$s “%5$.*4$s”: %7$s%2$.0s%6$.0s",
              r->out->facts.label, c.zh, c.en, heading, r->head[at], zh, en);
}

static void warn_notes(struct reading *r) {
  static const struct {
    const char *zh, *en;
  } note[NOTES] = {
      {"有改变文字方向的隐藏字符（如 U+202E），已去掉",
       "hidden characters that turn text round (such as U+202E) were taken out"},
      {"有控制字符，已去掉", "control characters were taken out"},
      {"姓名里有 ? 或 �：文件另存时丢了字（GBK 存不下的字会变成 ?）。请存为 xlsx 或“CSV UTF-8”再核对",
       "there is a ? or � in a name: a character was lost when the file was saved (GBK turns what it lacks into ?). Save it as "
       "xlsx or “CSV UTF-8” and check"},
      {"签到码是全角字符，按半角读取", "the code is in full-width characters; it was read as plain ones"},
      [NOTE_DATE] = {"这一格是日期。Excel 会把“3-5”这样的座位、编号变成日期，请核对年份和内容",
                     "the cell is a date. Excel turns seats and numbers such as 3-5 into dates; check the year and what was "
                     "meant"},
      [NOTE_MERGED] = {"有合并的单元格，只有第一行有内容，其余当作空。请取消合并，逐行填写",
                       "cells are merged: the first row has the value, the others count as empty. Unmerge them and fill in "
                       "each row"},
  };
  for (int i = 0; i < NOTES; i++)
    for (int at = 0; at < r->width; at++)
      if (r->note[i][at].count) warn_cells(r, &r->note[i][at], at, note[i].zh, note[i].en);
}

static const char *unused_of(struct reading *r) {
  char text[400] = "";
  size_t n = 0;
  for (int i = 0; i < r->width && n + 90 < sizeof text; i++)
    if (r->column_of[i] < 0 && *r->head[i])
      n += (size_t)snprintf(text + n, sizeof text - n, "「%.*s」", (int)utf8_cut(r->head[i], strlen(r->head[i]), 60),
                            r->head[i]);
  return pool_add(r->texts, text, n);
}

static bool finish(struct reading *r) {
  struct table_facts *facts = &r->out->facts;
  if (r->stop) return true;
  if (!r->have_head && r->first_line) return no_names(r, r->first_line);
  if (!r->have_head)
    return remarks_say(r->ask->errors, "%s：文件是空的，应当有一行标题，如 姓名,手机,单位",
                       "%s: the file is empty; there should be a line of headings, such as name,phone,organization",
                       facts->label);
  if (!r->out->rows)
    return remarks_say(
        r->ask->errors, "%1$s 第 %2$d 行的标题下面没有人：名单是空的。还没有名单时，请先从 pack.ini 里删掉这一节",
        "%1$s: there is nobody below the headings of line %2$d: the roster is empty. While there is none, take its "
        "section out of pack.ini",
        facts->label, r->out->head_line);
  warn_notes(r);
  r->out->unused = unused_of(r);
  return true;
}

bool roster_read(const struct table_ask *ask, const char *const columns[ROSTER_COLUMNS], struct pool *texts,
                 struct roster_table *out) {
  struct reading *r = grow(NULL, 1, sizeof *r);
  int before = remarks_total(ask->errors);
  *out = (struct roster_table){.unused = ""};
  *r = (struct reading){.ask = ask, .wanted = columns, .texts = texts, .out = out};
  struct table_sink sink = {r, on_row, on_merged};
  if (table_read(ask, &out->facts, &sink) && remarks_total(ask->errors) == before) finish(r);
  free(r->buffer);
  free(r);
  return remarks_total(ask->errors) == before;
}

void roster_fields(const struct roster_table *t, const struct roster_row *row, const char *field[ROSTER_COLUMNS]) {
  const char *at = row->text;
  for (int c = 0; c < ROSTER_COLUMNS; c++) {
    field[c] = "";
    if (c >= ROSTER_FAMILY || (!t->place[c] && c != ROSTER_NAME)) continue; /* parts of names are in the name */
    field[c] = at;
    at += strlen(at) + 1;
  }
}

void roster_free(struct roster_table *table) {
  free(table->row);
  *table = (struct roster_table){.unused = ""};
}

void roster_tell(const struct roster_table *t) {
  fprintf(stderr, "yingbin: %s: %s; %d 人 / people;", t->facts.label, t->facts.form, t->rows);
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (t->heading[c]) fprintf(stderr, " %s %s=「%s」", roster_heading[c].zh, roster_column_name(c), t->heading[c]);
  if (*t->unused) fprintf(stderr, "; 没有用到 not used: %s", t->unused);
  fputc('\n', stderr);
}
