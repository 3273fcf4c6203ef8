/* SPDX-License-Identifier: Apache-2.0
 * Any bytes are a roster or are told why not: every row has a name, all texts but codes are UTF-8 without control
 * characters, lines go up, and what is refused says so in both languages.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tools/yingbin/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_row(const struct roster_row *row) {
  assert(row->line >= 1 && *row->field[ROSTER_NAME]);
  for (int c = 0; c < ROSTER_COLUMNS; c++) {
    assert(row->field[c] && utf8_valid(row->field[c], strlen(row->field[c])));
    for (const char *p = row->field[c]; *p; p++) assert((unsigned char)*p >= ' ' || c == ROSTER_CODE);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *wanted[ROSTER_COLUMNS] = {NULL};
  struct pool texts = {NULL};
  struct remarks errors = {.count = 0};
  struct roster_table table;
  if (size % 2) wanted[ROSTER_CODE] = "x";
  bool good = roster_parse("fuzz.csv", (const char *)data, size, wanted, &texts, &table, &errors);
  assert(good == (errors.count == 0));
  for (int i = 0; i < errors.count; i++) assert(strstr(errors.at[i].zh, "fuzz.csv") && strstr(errors.at[i].en, "fuzz.csv"));
  for (int i = 0; i < table.rows; i++) {
    check_row(&table.row[i]);
    assert(i == 0 || table.row[i].line >= table.row[i - 1].line);
  }
  roster_free(&table);
  remarks_free(&errors);
  pool_free(&texts);
  return 0;
}
