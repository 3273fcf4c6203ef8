/* SPDX-License-Identifier: Apache-2.0
 * yingbin-bench: each figure beside a control that is measured in the same run, turn by turn with it, so
 * that a busy machine slows both. One JSON object a line on stdout. One thread.
 */
#ifndef YINGBIN_TOOLS_BENCH_H
#define YINGBIN_TOOLS_BENCH_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"

struct bench_options {
  int runs;            /* 0: as many as the bench thinks right */
  int people;          /* of the largest pack; 0: as many as the bench thinks right */
  const char *scratch; /* a folder of its own, on the file system to measure; removed afterwards */
};

struct bench {
  const char *name, *help_zh, *help_en;
  bool (*run)(const struct bench_options *options, struct problem *problem);
};

extern const struct bench bench_read, bench_finder, bench_commit, bench_screen, bench_start, bench_memory, bench_lookup,
    bench_pack, bench_merge, bench_ui, bench_sync, bench_network, bench_phones;

/* Samples of one figure; grows. Zero-initialised. */
struct samples {
  double *at; /* owned */
  int count;
};

void samples_add(struct samples *s, double value);
double samples_quantile(struct samples *s, double q); /* 0.5: the median; sorts */
void samples_free(struct samples *s);

double clock_cpu_ms(void);  /* of this process */
double clock_wall_ms(void); /* monotonic */

/* {"bench","case","unit","runs","min","median","p95","p99","worst","control","control_median","control_p95",
 * "control_p99","control_worst","ratio","ratio_p99"}: of the medians, of the p99s */
void bench_tell(const char *bench, const char *of, const char *unit, struct samples *figure, const char *control_name,
                struct samples *control);
/* And "budget", in the figure's unit. */
void bench_tell_budget(const char *bench, const char *of, const char *unit, struct samples *figure, const char *control_name,
                       struct samples *control, double budget);

/* --- shared preparations --- */

/* An event of `people` with a pack and its key in FOLDER: pack.ybp, org.pub, codes.csv. Made with this build's `yingbin`. */
bool bench_event(const char *folder, int people, struct problem *problem);

/* The same in two steps: the folder, then its pack, with how long and how much memory that took (either may be NULL). */
bool bench_folder(const char *folder, int people, struct problem *problem);
bool bench_build(const char *folder, double *ms, long *peak_kb, struct problem *problem);

/* A pack of `people` in a folder of its own in `scratch`, and the secret of the operator card that opens its search. */
bool bench_search_pack(const char *scratch, int people, char file[PATH_MAX], uint8_t secret[32], struct problem *problem);

/* The codes of a folder that was packed: an array of texts, both owned by the caller. */
bool bench_codes(const char *folder, char ***codes, int *count, struct problem *problem);
void bench_codes_free(char **codes, int count);

/* Runs a program beside this one with its output in LOG; the exit code, or -1. *peak_kb: its largest resident set; may be NULL.
 */
int bench_program(const char *const *argv, const char *log, long *peak_kb, struct problem *problem);

#endif
