/* SPDX-License-Identifier: Apache-2.0
 * yingbin log merge: exports of any number of kiosks as one log, and what an organizer sends on the same
 * evening, in a folder. Every file is written beside its place; they are put in place when all are whole.
 */
#ifndef YINGBIN_TOOLS_LOG_MERGE_H
#define YINGBIN_TOOLS_LOG_MERGE_H

#include "base/problem.h"
#include "journal/merge.h"
#include "tools/yingbin/folder.h"

struct merge_request {
  const char *out;
  const char *roster, *encoding; /* the event's folder, and as folder_read_encoded takes it; NULL: none */
  const char *key;               /* of the seal; NULL: sealed names stay sealed */
  const char *host;              /* NULL: everyone */
  char *const *file;             /* borrowed */
  int files;
};

/* NULL: it can't be read, or is a folder. */
FILE *log_open(const char *file, struct problem *problem);

/* What is odd about the inputs goes to stderr, named. */
bool log_merge(const struct merge_request *request, struct merge_counts *counts, struct problem *problem);

/* What names people in a folder that log_merge wrote, made again from its log and `folder` as it is now: lists,
 * rosters, workbook, report. Sealed names are sealed again. */
bool log_remake(struct folder *folder, const char *out, struct problem *problem);

#endif
