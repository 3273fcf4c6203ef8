/* SPDX-License-Identifier: Apache-2.0
 * What readers made of pictures and clips, counted by condition and in all: lines of JSON on stdout, the
 * same as a table on stderr.
 */
#ifndef YINGBIN_TOOLS_BENCH_SCAN_SCORES_H
#define YINGBIN_TOOLS_BENCH_SCAN_SCORES_H

#include <jansson.h>

#include "tools/bench/bench.h"
#include "tools/bench/scan_readers.h"

enum scores_kind {
  SCORES_STILL, /* one look at a picture */
  SCORES_HELD,  /* a picture that stays until it is read, or for SCORES_HOLD frames */
  SCORES_CLIPS  /* a clip until it is read, or to its end */
};
enum { SCORES_HOLD = 30 };

struct outcome { /* of one reader on one picture or clip */
  bool coded;    /* there is a code */
  bool read;     /* all that is there */
  int wrong;     /* texts that are not there */
  int frames;    /* from the first that shows the whole code to its reading; 1: that frame */
  double ms;     /* CPU in these */
  uint32_t tried;
  int step;                /* that read its first text; -1: none of ours */
  struct samples frame_ms; /* CPU of each frame */
};

struct scores; /* owned */

/* only: the one reader to measure on pictures; READERS: all that there are. */
struct scores *scores_open(enum scores_kind kind, enum reader only);
void scores_close(struct scores *scores);

enum scores_kind scores_kind(const struct scores *scores);
bool scores_compares(const struct scores *scores, enum reader reader); /* moving pictures: live effort only */

/* Counts one, and frees its samples. False: too many sets. */
bool scores_note(struct scores *scores, const char *set, enum reader reader, struct outcome *outcome);
void scores_tell(struct scores *scores);

/* Prints a line and frees it. */
void scan_put(json_t *line);

/* {"name_median","name_p95","name_worst"} into LINE, where there are samples. */
void scan_quantiles(json_t *line, const char *name, struct samples *samples);

#endif
