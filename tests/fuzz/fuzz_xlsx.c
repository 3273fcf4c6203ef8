/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as an archive, and any bytes as a workbook's sheet, strings and styles (parted by 0x1E, since
 * hardly a change of an archive gets past its checksums): a roster, or told why not, in both languages.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/unit/workbook.h"
#include "tools/yingbin/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct table_ask *ask, bool good, const struct roster_table *table) {
  const char *field[ROSTER_COLUMNS];
  assert(good == (ask->errors->count == 0) && (!good || table->rows > 0));
  for (int i = 0; i < ask->errors->count; i++)
    assert(strstr(ask->errors->at[i].zh, "fuzz.xlsx") && strstr(ask->errors->at[i].en, "fuzz.xlsx"));
  for (int i = 0; good && i < table->rows; i++) {
    roster_fields(table, &table->row[i], field);
    assert(*field[ROSTER_NAME]);
    for (int c = 0; c < ROSTER_COLUMNS; c++) {
      assert(utf8_valid(field[c], strlen(field[c])) && strlen(field[c]) <= roster_heading[c].most);
      for (const char *p = field[c]; *p; p++) assert((unsigned char)*p >= ' ' || c == ROSTER_CODE);
    }
  }
}

static void read_it(const void *bytes, size_t len) {
  static const char *const none[ROSTER_COLUMNS];
  struct pool texts = {NULL};
  struct remarks errors = {.count = 0}, warnings = {.count = 0};
  struct roster_table table;
  struct table_ask ask = {.file = "fuzz.xlsx", .bytes = bytes, .len = len, .errors = &errors, .warnings = &warnings};
  bool good = roster_read(&ask, none, &texts, &table);
  check(&ask, good, &table);
  roster_free(&table);
  remarks_free(&errors);
  remarks_free(&warnings);
  pool_free(&texts);
}

static struct workbook_part next_part(const uint8_t **at, size_t *left) {
  const uint8_t *end = memchr(*at, 0x1E, *left);
  size_t len = end ? (size_t)(end - *at) : *left;
  struct workbook_part part = {.bytes = *at, .len = len};
  *at += end ? len + 1 : len;
  *left -= end ? len + 1 : len;
  return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size >= 4 && !memcmp(data, "PK\3\4", 4)) {
    read_it(data, size);
    return 0;
  }
  if (!size) return 0;
  struct workbook w = {.sheet = next_part(&data, &size)};
  if (size) w.strings = next_part(&data, &size);
  if (size) w.styles = next_part(&data, &size);
  size_t len;
  char *bytes = workbook_make(&w, &len);
  read_it(bytes, len);
  free(bytes);
  return 0;
}
