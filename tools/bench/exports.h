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

#endif
