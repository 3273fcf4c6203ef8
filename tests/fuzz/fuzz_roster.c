/* SPDX-License-Identifier: Apache-2.0
 * Any bytes, in any encoding, are a roster or are told why not: every row has a name, all texts but codes are UTF-8 without
 * control characters, lines go up, and what is refused says so in both languages.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tools/yingbin/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_row(const struct roster_table *table, const struct roster_row *row) {
  const char *field[ROSTER_COLUMNS];
  roster_fields(table, row, field);
  assert(row->line > table->head_line && *field[ROSTER_NAME]);
  for (int c = 0; c < ROSTER_COLUMNS; c++) {
    assert(field[c] && utf8_valid(field[c], strlen(field[c])) && strlen(field[c]) <= roster_heading[c].most);
    for (const char *p = field[c]; *p; p++) assert((unsigned char)*p >= ' ' || c == ROSTER_CODE);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *wanted[ROSTER_COLUMNS] = {NULL};
  struct pool texts = {NULL};
  static const char *const encoding[] = {NULL, "gb18030", "utf-16le", "big5"};
  struct remarks errors = {.count = 0}, warnings = {.count = 0};
  struct roster_table table;
  if (size % 2) wanted[ROSTER_CODE] = "x";
  struct table_ask ask = {.file = "fuzz.csv",
                          .bytes = size ? (const void *)data : "",
                          .len = size,
                          .encoding = size % 5 ? NULL : encoding[size / 5 % 4],
                          .errors = &errors,
                          .warnings = &warnings};
  bool good = roster_read(&ask, wanted, &texts, &table);
  assert(good == (errors.count == 0) && (!good || table.rows > 0));
  for (int i = 0; i < errors.count; i++) assert(strstr(errors.at[i].zh, "fuzz.csv") && strstr(errors.at[i].en, "fuzz.csv"));
  for (int i = 0; good && i < table.rows; i++) {
    check_row(&table, &table.row[i]);
    assert(i == 0 || table.row[i].line >= table.row[i - 1].line);
  }
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  pool_free(&texts);
  return 0;
}
