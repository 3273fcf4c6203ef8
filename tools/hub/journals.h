/* SPDX-License-Identifier: Apache-2.0
 * What came in goes out again: a kiosk's journal as the exports that it sent, one behind the other, each with the kiosk's own
 * signature. `yingbin log verify` and `log merge` take such a file like one from a stick. Any thread.
 */
#ifndef YINGBIN_TOOLS_HUB_JOURNALS_H
#define YINGBIN_TOOLS_HUB_JOURNALS_H

#include <stdio.h>

#include "tools/hub/store.h"

/* `records` counts lines, also those that two exports have. */
bool journals_write(const struct store_ops *ops, void *store, const char *kiosk, FILE *out, int64_t *records,
                    struct problem *problem);

/* All kiosks that have records, each into DIR/NAME.jsonl; a JSON line about each on stdout. */
bool journals_export(const struct store_ops *ops, void *store, const char *dir, struct problem *problem);

#endif
