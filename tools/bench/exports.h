/* SPDX-License-Identifier: Apache-2.0
 * Exports of kiosks that never were: signed and chained as theirs are, so that thousands of records an
 * instant can be merged. Drawn from a seed: the same bytes each time.
 */
#ifndef YINGBIN_TOOLS_BENCH_EXPORTS_H
#define YINGBIN_TOOLS_BENCH_EXPORTS_H

#include <stdint.h>
#include <stdio.h>

#include "base/problem.h"

struct exports {
  const char *event, *station; /* "bench", "bench/door" */
  int people;                  /* roster numbers from 1; drawn at random */
  int records;                 /* of each kiosk, at least 2 */
  int64_t starts_ms;           /* people come within four hours of it, most of them after one */
};

bool exports_write(const struct exports *exports, int kiosk, FILE *out, struct problem *problem);

/* The same journal in pieces: each call writes the next `records` as an export of its own. */
struct exports_kiosk; /* owned by the caller */
struct exports_kiosk *exports_begin(const struct exports *exports, int kiosk);
void exports_next(struct exports_kiosk *kiosk, int records, FILE *out);
void exports_end(struct exports_kiosk *kiosk);

struct exports_identity {
  const char *name;
  const uint8_t *public_key, *secret_key, *journal, *chain; /* chain: of the last record that was written */
};
struct exports_identity exports_who(const struct exports_kiosk *kiosk); /* borrowed */

#endif
