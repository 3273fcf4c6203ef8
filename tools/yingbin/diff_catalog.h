/* SPDX-License-Identifier: Apache-2.0
 * What differs between the catalogs of two packs: events, stations, ticket types and hosts by their ids,
 * whatever their order. A JSON line each on stdout, with the fields of it that differ.
 */
#ifndef YINGBIN_TOOLS_DIFF_CATALOG_H
#define YINGBIN_TOOLS_DIFF_CATALOG_H

#include "core/catalog.h"

int diff_catalogs(const struct catalog *old_one, const struct catalog *new_one); /* how many */

/* Each host of the bits `a` is among those of `b`. */
bool hosts_within(const struct catalog *x, uint32_t a, const struct catalog *y, uint32_t b);

#endif
