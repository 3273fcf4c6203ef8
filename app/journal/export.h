/* SPDX-License-Identifier: Apache-2.0
 * The journal as others get it: exports, for sticks and for the hub, and their proof. From any process, by a read-only
 * connection of its own, while the kiosk writes.
 *
 * An export is a header line {"v":1,"kiosk","journal","key","from_seq","chain_before"}, each record's line,
 * TAB, its chain, and an end line {"to_seq","chain","sig"}. All binary values are lower-case hex. `sig` is
 * Ed25519 over "yingbin export v1" with its NUL, the header line without its LF, to_seq as 8 bytes
 * big-endian, the 32 bytes of the chain. "purged":true at the header's end: the lines before are gone from
 * this kiosk, so that whoever lacks them waits for none.
 */
#ifndef YINGBIN_JOURNAL_EXPORT_H
#define YINGBIN_JOURNAL_EXPORT_H

#include <stdio.h>

#include "base/problem.h"
#include "core/types.h"
#include "journal/chain.h"

/* Writes the records from `from_seq` on; the kiosk's key in DIR signs. */
bool journal_export(const char *data, int64_t from_seq, FILE *out, int64_t *records, struct problem *problem);

/* The same, of at most so many records. */
bool journal_batch(const char *data, int64_t from_seq, int64_t most, FILE *out, int64_t *records, struct problem *problem);

/* The chain behind that record; 0: behind none. False: there is no such record, or all that is known is behind it. */
bool journal_chain(const char *data, int64_t seq, uint8_t chain[JOURNAL_CHAIN], struct problem *problem);

struct journal_report {
  char kiosk[ID_MAX];
  char journal[JOURNAL_ID * 2 + 1];
  char key[65];
  int64_t from_seq, to_seq;
  int64_t bad_line, bad_seq; /* where it failed, from 1; 0: not at a line, or not at a record's */
  bool key_known;            /* the header's key is the one that signed; whose it is, the organizer's list says */
};

/* Checks each line's chain and the signature. A bad line is named by its number and seq. Several exports of one journal may
 * lie one behind the other, each signed, none of which leaves a gap behind those before it. */
bool journal_verify(FILE *in, const char *file, struct journal_report *report, struct problem *problem);

/* An export into a file that is never seen half-written: beside, read back and proved, synced, renamed. False: nothing is
 * there but what was before; errno says why, as far as a system call failed. */
bool journal_export_file(const char *data, int64_t from_seq, const char *file, struct journal_report *report,
                         struct problem *problem);

#endif
