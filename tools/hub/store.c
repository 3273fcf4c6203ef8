/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/store.h"

#include <string.h>

const struct store_ops *store_for(const char *db) {
  const bool is_url = !strncmp(db, "postgresql://", 13) || !strncmp(db, "postgres://", 11);
  return is_url ? &store_postgres : &store_sqlite;
}
