/* SPDX-License-Identifier: Apache-2.0
 * The paper list of a day when nothing worked, typed up as a CSV, comes into the log: each row is a record
 * by=paper in a journal of the organizer's own (DIR/paper, a key like a kiosk's), so that its export merges
 * like any other. A row that is there already isn't added again. What can't be told apart is named by line,
 * and then nothing is written.
 */
#ifndef YINGBIN_TOOLS_PAPER_H
#define YINGBIN_TOOLS_PAPER_H

#include "tools/yingbin/folder.h"

struct paper_request {
  const char *file, *roster, *encoding; /* encoding of both; NULL: found out */
  const char *station;                  /* where a row doesn't say; NULL: the event's only entry */
  const char *out;                      /* the export */
};

struct paper_added {
  int64_t rows, added, there, walkins; /* there: added before. walkins: of the added, who is on no roster */
};

/* Errors are the folder's, and the problem. `folder` was read. */
bool paper_add(struct folder *folder, const struct paper_request *request, struct paper_added *added, struct problem *problem);

/* The organizer's own key, where there is one. */
bool paper_key(struct folder *folder, uint8_t key[32]);

#endif
