/* SPDX-License-Identifier: Apache-2.0
 * The catalog in a pack: a row of the table `catalog` for each field that isn't 0 or empty, by one
 * table of fields for both directions. Reading trusts nothing: bounds, UTF-8 and references are
 * checked; fields that this version doesn't know are skipped.
 */
#ifndef YINGBIN_PACK_CATALOG_H
#define YINGBIN_PACK_CATALOG_H

#include <sqlite3.h>

#include "base/problem.h"
#include "core/catalog.h"

enum catalog_part {
  CATALOG_PACK,
  CATALOG_EVENT,
  CATALOG_STATION,
  CATALOG_TYPE,
  CATALOG_HOST,
  CATALOG_SESSION,
  CATALOG_PARTS
};

bool catalog_write(sqlite3 *db, const struct catalog *catalog, struct problem *problem);
bool catalog_read(sqlite3 *db, struct catalog *catalog, struct problem *problem);

/* Two of a part, each of its own catalog, field by field: calls `each` with the key of every one of which they say different
 * things. Numbers that refer to other parts by their place are compared as numbers. */
void catalog_compare(enum catalog_part part, const void *a, const void *b, void (*each)(void *self, const char *key),
                     void *self);
#endif
