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

bool catalog_write(sqlite3 *db, const struct catalog *catalog, struct problem *problem);
bool catalog_read(sqlite3 *db, struct catalog *catalog, struct problem *problem);

#endif
