/* SPDX-License-Identifier: Apache-2.0
 * A receipt says which records somebody has: for a journal a run of them, by the chain before and at its end,
 * so that it covers exactly the lines that gave that chain. A file of lines {"receipt":1,"kiosk","key","journal",
 * "from_seq","chain_before","to_seq","chain"} and a last one {"hash"}: the BLAKE2b-256 of all before it, so
 * that half a receipt is none. It isn't signed: it keeps people from mistakes, and who can purge a journal can
 * delete it, too.
 */
#ifndef YINGBIN_JOURNAL_RECEIPT_H
#define YINGBIN_JOURNAL_RECEIPT_H

#include <stdio.h>

#include "journal/identity.h"

struct receipt {
  char kiosk[ID_MAX];
  uint8_t key[32], journal[JOURNAL_ID], chain_before[JOURNAL_CHAIN], chain[JOURNAL_CHAIN];
  int64_t from_seq, to_seq;
};

struct receipt_file {
  FILE *file; /* borrowed */
  void *hash; /* owned until receipt_end */
};

bool receipt_begin(struct receipt_file *r, FILE *out);
bool receipt_put(struct receipt_file *r, const struct receipt *receipt);
bool receipt_end(struct receipt_file *r); /* false: not written */

/* Calls `each` for every line of a file that is whole; nothing before that is known. */
bool receipt_read(const char *file, void (*each)(void *self, const struct receipt *receipt), void *self,
                  struct problem *problem);

/* --- what a receipt allows --- */

struct purged {
  int64_t records, to_seq; /* whose lines were taken out; up to which number there are none now */
  int64_t kept;            /* lines that stay, as no receipt covers them */
};

/* Writes DATA/journal.db anew with (seq, hash of the line, chain) in place of the lines that `file` covers, from the
 * first one on; what stays proves the chain. The kiosk must not run. False: the journal is as it was. */
bool journal_purge(const char *data, const char *file, struct purged *purged, struct problem *problem);

/* What a purge does last: what else the folder knows of people. Again after one that was killed in between. */
void journal_forget_people(const char *data);

/* The same by one receipt at hand, as a hub's acknowledgement gives it (others_receipt). */
bool journal_purge_by(const char *data, const struct receipt *receipt, struct purged *purged, struct problem *problem);

#endif
