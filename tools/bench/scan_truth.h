/* SPDX-License-Identifier: Apache-2.0
 * truth.tsv of a folder of pictures: what each one's codes carry. Its first line names the columns: file;
 * text, or text_hex for any bytes; set, the condition, may be missing. Other columns are passed over. An
 * empty text: there is no code. A picture of several codes has a line for each. clips.tsv of a folder of
 * recordings is the same with one column more, first_frame.
 */
#ifndef YINGBIN_TOOLS_BENCH_SCAN_TRUTH_H
#define YINGBIN_TOOLS_BENCH_SCAN_TRUTH_H

#include "base/problem.h"
#include "tools/bench/scan_readers.h"

#define TRUTH_PICTURES "truth.tsv"
#define TRUTH_CLIPS "clips.tsv"

enum { TRUTH_TEXTS_MAX = 8 };

struct truth {
  char file[256], set[64];
  struct found holds; /* its texts; none: no code in the picture */
  int first;          /* the first frame that shows the whole code */
};

struct truths {     /* zero-initialised */
  struct truth *at; /* owned; in the order of the file */
  int count;
};

bool truth_read(const char *folder, const char *name, struct truths *truths, struct problem *problem);
void truth_free(struct truths *truths);

bool truth_met(const struct truth *truth, const struct found *found);  /* every text of the picture is there */
int truth_wrong(const struct truth *truth, const struct found *found); /* how many are not the picture's */

#endif
