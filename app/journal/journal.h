/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's journal: append-only, hash-chained, synced to disk before journal_append returns
 * (SQLite, WAL, synchronous=FULL). One writer (desk), which also reads it back by rows.h; who only reads opens
 * connections of its own, as export.h does. A record is one line of JSON with a fixed order of keys, stored and sent
 * as those bytes, and chained as chain.h says.
 */
#ifndef YINGBIN_JOURNAL_JOURNAL_H
#define YINGBIN_JOURNAL_JOURNAL_H

#include "core/verdict.h"
#include "journal/identity.h"

enum {
  JOURNAL_APPLICATION_ID = 0x79626a31, /* "ybj1" */
  JOURNAL_VERSION = 1
};

enum record_kind {
  RECORD_SCAN,
  RECORD_UNDO,
  RECORD_CORRECT,
  RECORD_CLOCK,
  RECORD_SHIFT,
  RECORD_SYSTEM,
  RECORD_PRACTICE,
  RECORD_KINDS
};

enum { NOTE_MAX = 2 * TEXT_MAX };

/* One record before it has a number. Empty and 0 fields are left out of the line. */
struct checkin {
  uint8_t id[JOURNAL_ID]; /* random, filled by journal_append where all 0 */
  enum record_kind kind;
  char event[ID_MAX];
  char station[ID_MAX * 2];
  char attendee[ID_MAX];
  char code[33];
  enum verdict_kind verdict; /* SCAN and PRACTICE */
  enum by by;                /* SCAN and PRACTICE */
  char operator_name[ID_MAX];
  int32_t count;
  uint8_t ref[JOURNAL_ID]; /* UNDO, CORRECT */
  char override[ID_MAX];
  char sealed[1024]; /* base64 */
  struct moment at;
  int32_t view_age_s; /* -1: no network view */
  bool unconfirmed;
  char note[NOTE_MAX];
};

struct journal; /* owned by the opener */

/* Opens or makes DIR/journal.db and locks DIR for this process. `boot` (the kernel's boot id) goes into each record. */
bool journal_open(const char *data, const struct kiosk_identity *identity, const char *boot, struct journal **journal,
                  struct problem *problem);
void journal_close(struct journal *journal);

/* Committed and synced when it returns true. False: it doesn't count as written, and the next record takes
 * its number; the problem says why, and journal_error for a program. */
bool journal_append(struct journal *journal, struct checkin *checkin, int64_t *seq, struct problem *problem);

enum journal_error { JOURNAL_GOOD, JOURNAL_FULL, JOURNAL_READ_ONLY, JOURNAL_FAILED };
enum journal_error journal_error(const struct journal *journal); /* of the last call that failed; GOOD again after an append */

/* What is known at a station of a person and of who was let in by their code's hash while nobody knew whose it was; either may
 * be empty. By this kiosk and, while others.h is open, by the others. `others_known` is left false. */
bool journal_history(struct journal *journal, const char *event, const char *station, const char *after_station,
                     const char *attendee, const char *code, const struct event *calendar, struct moment now,
                     struct history *out);

/* People admitted at a station so far, and today's, by this kiosk. */
bool journal_counts(struct journal *journal, const char *station, const struct event *calendar, struct moment now, int64_t *all,
                    int64_t *today);

int64_t journal_purged(struct journal *journal);                  /* the last record whose line was purged; 0: none was */
bool journal_has_people(struct journal *journal, int64_t to_seq); /* among the records up to that one whose lines are there */
int64_t journal_records(const struct journal *journal);           /* the last record's seq */
bool journal_chain_at(struct journal *journal, int64_t seq,
                      uint8_t chain[JOURNAL_CHAIN]); /* at a record; false: there is none */

/* The note of the last `system` record that begins with `prefix`; false: there is none. */
bool journal_last_system(struct journal *journal, const char *prefix, char note[NOTE_MAX]);

int64_t journal_wal_bytes(const struct journal *journal); /* that the next checkpoint would move */
bool journal_checkpoint(struct journal *journal);

#endif
