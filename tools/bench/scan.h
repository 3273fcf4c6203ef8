/* SPDX-License-Identifier: Apache-2.0
 * yingbin-bench scan: what our reader reads of pictures whose texts are known, of people drawn from a
 * seed, or of a recording, beside zbar alone and zxing-cpp alone. Not one of the timing benches: it
 * wants pictures, and prints a line of JSON for each condition and reader on stdout, and the same as a
 * table on stderr.
 */
#ifndef YINGBIN_TOOLS_BENCH_SCAN_H
#define YINGBIN_TOOLS_BENCH_SCAN_H

#include "tools/bench/bench.h"

int bench_scan(int argc, char **argv); /* argv[0]: "scan"; the exit code */

/* A recording in simulated time: for each text, frames and ms from the first frame in which full effort reads it to
 * the first in which live effort did. */
bool scan_clip(const char *file, struct problem *problem);

#endif
