/* SPDX-License-Identifier: Apache-2.0
 * sent.csv beside the rosters (0600): which tickets were made, in which batch, so that the next batch holds
 * only who is new. A ticket is known by the person's number and a hash of the code that packs know them
 * by, also where it was a signed one: who gets another code is new again.
 */
#ifndef YINGBIN_TOOLS_SENT_H
#define YINGBIN_TOOLS_SENT_H

#include "tools/yingbin/folder.h"

enum { SENT_HASH = 16 }; /* hexadecimal digits */

struct sent_ticket {
  const char *number; /* owned by the folder's texts */
  char hash[SENT_HASH + 1];
  int batch;
  bool is_signed;
};

struct sent {             /* zero-initialised */
  struct sent_ticket *at; /* owned; in the order of numbers, then hashes */
  int count, known;       /* the first `known` are sorted */
  int batches;            /* the last one's number */
};

bool sent_read(struct folder *folder, struct sent *sent, struct problem *problem); /* no such file: empty */
int sent_batch(const struct sent *sent, const struct person *person);              /* 0: not made yet */
bool sent_holds_signed(const struct sent *sent, const struct person *person);      /* their ticket is a signed one */
bool sent_signed(const struct sent *sent, int batch);                              /* its tickets are signed ones */
void sent_add(struct sent *sent, const struct person *person);                     /* to the batch after the last one read */
bool sent_write(struct folder *folder, struct sent *sent, struct problem *problem);
void sent_free(struct sent *sent);

#endif
