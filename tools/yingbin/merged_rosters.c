/* SPDX-License-Identifier: Apache-2.0
 * Each roster as it came, in its own columns and row order, with three columns more: 签到时间, 签到点, 方式. A
 * CSV comes back in its encoding and with its delimiter (UTF-8 with the mark by which spreadsheets know it; so does
 * an encoding that hasn't all characters of what is added); a workbook as a workbook, whose cells are text, so that
 * codes and telephone numbers keep their digits.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "core/day.h"
#include "tools/yingbin/book_cell.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/codes.h"
#include "tools/yingbin/encoding.h"
#include "tools/yingbin/merged.h"
#include "tools/yingbin/who.h"

enum { ADDED = 3, CELL_MOST = 32767 /* characters, a spreadsheet's own limit */ };

static const char *const added[ADDED] = {"签到时间", "签到点", "方式"};

struct returning {
  struct merged *m;
  const struct roster *roster;
  struct roster_table table;
  int *record; /* of codes.csv, by the table's rows */
  int next;    /* row of the table that comes next */
  int width;   /* columns of the headings */
  FILE *csv;   /* one of the two */
  lxw_worksheet *sheet;
  struct encoder *encoder; /* owned; NULL: UTF-8 */
  char delimiter[2];
  lxw_format *bold;
  int line;
};

/* First where one comes in, else wherever it was. */
static void find_arrival(struct returning *r, const char *number, char cell[ADDED][TEXT_MAX]) {
  const struct merged_rows *rows = &r->m->rows;
  const struct merged_row *found = NULL;
  uint32_t count;
  const uint32_t *about = merged_rows_about(rows, number, &count);
  for (uint32_t i = 0; i < count; i++) {
    const struct merged_row *row = merged_row(rows, about[i]);
    if (row->ruling != RULING_COUNTS) continue;
    const struct station *station = merged_station(r->m, merged_row_text(rows, row->station));
    const bool entry = station && station->kind == STATION_ENTRY;
    if (!found || entry) found = row;
    if (entry) break;
  }
  if (!found) return;
  merged_time(r->m, merged_row_text(rows, found->event), found->time_ms, cell[0]);
  snprintf(cell[1], TEXT_MAX, "%s", merged_label(r->m, merged_row_text(rows, found->station)));
  snprintf(cell[2], TEXT_MAX, "%s", merged_by(merged_row_text(rows, found->by)));
}

static void put_cell(struct returning *r, FILE *csv, int column, const char *text, bool last, bool head) {
  if (csv)
    cell_put(csv, text, last ? "\r\n" : r->delimiter);
  else if (*text)
    book_cell(r->sheet, (lxw_row_t)r->line, column, text, head ? r->bold : NULL);
}

/* Rows above the headings are titles, and stay; of the others those that are people get what is known of them. */
static bool put_row(void *self, const struct table_row *row) {
  struct returning *r = self;
  char cell[ADDED][TEXT_MAX] = {"", "", ""};
  bool head = row->line == r->table.head_line, person = r->next < r->table.rows && r->table.row[r->next].line == row->line;
  if (head) r->width = row->cells;
  if (person) {
    char number[24];
    int record = r->record[r->next++];
    snprintf(number, sizeof number, "%llu", (unsigned long long)r->m->folder->codes->record[record].number);
    const struct person *p = merged_person(r->m, number);
    if (!merged_ours(r->m, p)) return true;
    find_arrival(r, number, cell);
  } else if (row->line > r->table.head_line && r->m->host >= 0) {
    return true;
  }
  char *text = NULL;
  size_t len = 0;
  FILE *csv = r->encoder ? open_memstream(&text, &len) : r->csv;
  int width = row->cells > r->width ? row->cells : r->width;
  for (int i = 0; i < width; i++)
    put_cell(r, csv, i, i < row->cells ? row->cell[i].text : "", !head && !person && i == width - 1, head);
  for (int i = 0; (head || person) && i < ADDED; i++)
    put_cell(r, csv, width + i, head ? added[i] : cell[i], i == ADDED - 1, head);
  if (r->encoder) fclose(csv), encoder_put(r->encoder, r->csv, text, len), free(text);
  r->line++;
  return true;
}

static bool read_again(struct returning *r, struct problem *problem) {
  struct folder *f = r->m->folder;
  struct table_facts facts;
  struct table_ask ask = {.file = r->roster->file,
                          .path = folder_path(f, r->roster->file),
                          .sheet = r->roster->sheet,
                          .encoding = r->roster->encoding,
                          .errors = &f->errors,
                          .warnings = &f->warnings};
  struct table_sink sink = {.self = r, .row = put_row};
  bool good = table_read(&ask, &facts, &sink);
  if (!good) *problem = f->errors.at[0];
  return good;
}

static bool write_csv(struct returning *r, const char *name, struct problem *problem) {
  r->csv = outputs_open(r->m->outputs, name, problem);
  if (!r->csv) return false;
  const char *mark, given = r->table.facts.delimiter;
  r->encoder = encoder_open(r->table.facts.encoding);
  r->delimiter[0] = strchr(",;\t", given) ? given : ','; /* what cell_put quotes */
  mark = encoder_mark(r->encoder);
  if (r->encoder)
    encoder_put(r->encoder, r->csv, mark, strlen(mark));
  else
    fputs(mark, r->csv);
  bool good = read_again(r, problem);
  encoder_close(r->encoder);
  return outputs_close(r->m->outputs, r->csv, problem) && good;
}

static bool write_xlsx(struct returning *r, const char *name, struct problem *problem) {
  const char *path = outputs_path(r->m->outputs, name, problem);
  if (!path) return false;
  lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)r->m->outputs->dir};
  lxw_workbook *book = workbook_new_opt(path, &options);
  lxw_doc_properties properties = {.created = 1577836800}; /* nothing of today's */
  workbook_set_properties(book, &properties);
  r->sheet = workbook_add_worksheet(book, *r->roster->sheet ? r->roster->sheet : "名单");
  r->bold = workbook_add_format(book);
  format_set_bold(r->bold);
  if (!r->sheet) r->sheet = workbook_add_worksheet(book, "名单"); /* a name that workbooks can't have */
  worksheet_set_column(r->sheet, 0, TABLE_COLUMNS + ADDED, 14, NULL);
  bool good = read_again(r, problem);
  lxw_error error = workbook_close(book);
  return good &&
         (error == LXW_NO_ERROR || problem_set(problem, "写不了 %s：%s", "can't write %s: %s", name, lxw_strerror(error)));
}

/* "rosters/people.csv": of the roster's own name what a file name may have. Of two of one name (in two folders, or sections
 * of one file) the second is people-2.csv. */
static void name_of(const struct merged *m, const struct roster *roster, bool workbook, char out[PATH_MAX]) {
  const char *base = strrchr(roster->file, '/') ? strrchr(roster->file, '/') + 1 : roster->file, *dot = strrchr(base, '.');
  int stem = (int)(dot && dot > base ? dot - base : (long)strlen(base));
  bool shared = *roster->sheet; /* sheets of one workbook */
  char sheet[128] = "", more[16] = "";
  if (shared) snprintf(sheet, sizeof sheet, "-%.100s", roster->sheet);
  for (char *c = sheet; *c; c++)
    if (strchr("/\\:*?\"<>|", *c) || (unsigned char)*c < ' ') *c = '_';
  for (int i = 2; i == 2 || outputs_has(m->outputs, out); i++) {
    snprintf(out, PATH_MAX, "rosters/%.*s%s%s.%s", stem < 200 ? stem : 200, base, sheet, more, workbook ? "xlsx" : "csv");
    snprintf(more, sizeof more, "-%d", i);
  }
}

static bool give_back(struct merged *m, const struct roster *roster, struct problem *problem) {
  struct folder *f = m->folder;
  char name[PATH_MAX];
  struct returning r = {.m = m, .roster = roster};
  struct table_ask ask = {.file = roster->file,
                          .path = folder_path(f, roster->file),
                          .sheet = roster->sheet,
                          .encoding = roster->encoding,
                          .errors = &f->errors,
                          .warnings = &f->warnings};
  if (!roster_read(&ask, roster->columns, &f->texts, &r.table)) {
    *problem = f->errors.at[0];
    roster_free(&r.table);
    return false;
  }
  bool workbook = !r.table.facts.delimiter;
  name_of(m, roster, workbook, name);
  r.record = who_records(f, roster, &r.table);
  if (!r.record) *problem = f->errors.at[0];
  bool good = r.record && (workbook ? write_xlsx(&r, name, problem) : write_csv(&r, name, problem));
  free(r.record);
  roster_free(&r.table);
  return good;
}

bool merged_rosters(struct merged *m, struct problem *problem) {
  char dir[PATH_MAX];
  const struct folder *f = m->folder;
  if (snprintf(dir, sizeof dir, "%s/rosters", m->outputs->dir) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", m->outputs->dir);
  if (!folder_make(dir, 0700, problem)) return false;
  for (int i = 0; i < f->rosters; i++)
    if (!f->roster[i].practice && !(m->host >= 0 && !(f->roster[i].hosts >> m->host & 1)) &&
        !give_back(m, &f->roster[i], problem))
      return false;
  return true;
}
