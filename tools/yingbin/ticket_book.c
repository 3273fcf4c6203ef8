/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/ticket_book.h"

#include <limits.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "tools/yingbin/book_cell.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/table.h"

enum { COLUMNS = 6 };

struct book {
  lxw_worksheet *sheet;
  lxw_format *text, *head;
  lxw_row_t rows;
};

static bool put_row(void *self, const struct table_row *row) {
  struct book *b = self;
  for (int i = 0; i < row->cells; i++)
    book_cell(b->sheet, b->rows, i, cell_unguarded(row->cell[i].text), b->rows ? b->text : b->head);
  b->rows++;
  return true;
}

bool ticket_book_write(const char *csv, size_t len, const char *path, struct problem *problem) {
  static const double width[COLUMNS] = {10, 20, 18, 28, 22, 14};
  char beside[PATH_MAX];
  struct remarks errors = {.count = 0}, warnings = {.count = 0};
  struct table_facts facts;
  if (!file_begin(path, beside, problem)) return false;
  lxw_workbook *workbook = workbook_new(beside);
  struct book b = {workbook_add_worksheet(workbook, "tickets"), workbook_add_format(workbook), workbook_add_format(workbook),
                   0};
  workbook_set_properties(workbook, &(lxw_doc_properties){.created = 1577836800}); /* nothing of today's */
  format_set_num_format_index(b.text, 49);                                         /* @ */
  format_set_num_format_index(b.head, 49);
  format_set_bold(b.head);
  for (int i = 0; i < COLUMNS; i++) worksheet_set_column(b.sheet, (lxw_col_t)i, (lxw_col_t)i, width[i], b.text);
  worksheet_freeze_panes(b.sheet, 1, 0);
  struct table_ask ask = {
      .file = "tickets.csv", .bytes = csv, .len = len, .encoding = "utf-8", .errors = &errors, .warnings = &warnings};
  bool read = table_read_csv(&ask, &facts, &(struct table_sink){.self = &b, .row = put_row});
  if (!read) *problem = errors.at[0];
  remarks_free(&errors);
  remarks_free(&warnings);
  lxw_error error = workbook_close(workbook);
  if (read && error == LXW_NO_ERROR) return file_commit(beside, path, 0600, problem);
  file_abandon(beside);
  return read ? problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, lxw_strerror(error)) : false;
}
