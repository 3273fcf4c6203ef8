/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's journal: append-only, hash-chained, synced to disk before journal_append returns
 * (SQLite, WAL, synchronous=FULL). One writer (desk); readers open connections of their own.
 * A record is one line of JSON with a fixed order of keys, stored and sent as those bytes.
 * chain = BLAKE2b-256(chain before || BLAKE2b-256(line)); before the first record it is
 * BLAKE2b-256("yingbin journal v1" || kiosk public key || journal id).
 */
#ifndef YINGBIN_JOURNAL_JOURNAL_H
#define YINGBIN_JOURNAL_JOURNAL_H

#include <stdio.h>

#include "base/problem.h"
#include "core/verdict.h"

enum {
  JOURNAL_APPLICATION_ID = 0x79626a31, /* "ybj1" */
  JOURNAL_VERSION = 1,
  JOURNAL_ID = 16,
  JOURNAL_CHAIN = 32
};

/* The kiosk's identity: made at the first start in DIR/kiosk.key (0600) and kept. */
struct kiosk_identity {
  char name[ID_MAX];
  uint8_t public_key[32], secret_key[64]; /* Ed25519 */
  uint8_t stamp_key[32];                  /* derived from the seed: MACs the stamps of installed packs */
  uint8_t journal[JOURNAL_ID];            /* of the one journal that this key ever writes */
};

/* DIR/kiosk.key is a text of three lines: `yingbin kiosk key v1`, `seed ` and 64 hex digits, `journal `
 * and 32 hex digits. The folder must exist. A key that can't be read is never replaced. */
bool journal_identity(const char *data, const char *name, struct kiosk_identity *identity, struct problem *problem);

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

/* What a record says, read back. */
struct journal_row {
  int64_t seq;
  uint8_t id[JOURNAL_ID];
  enum record_kind kind; /* RECORD_KINDS: one that this version doesn't know */
  char station[ID_MAX * 2], attendee[ID_MAX], operator_name[ID_MAX];
  enum verdict_kind verdict; /* VERDICT_COUNT: none */
  enum by by;
  int32_t count;
  uint8_t ref[JOURNAL_ID];
  struct moment at;
  bool this_boot, undone;
  int64_t wall_ms; /* the true one, as far as `now` proves it; INT64_MIN: nobody knows */
  char note[NOTE_MAX];
};

/* At most `most` records from `seq` on downwards, the newest first. How many; -1: the journal can't be read. */
int journal_rows(struct journal *journal, int64_t seq, int most, struct moment now, struct journal_row *out);

/* False, too, where there is none: an admission by its id (seq 0: another kiosk's), the last one of somebody at a station, the
 * last record of RECORD_SHIFT, of RECORD_CLOCK whose note begins so. */
bool journal_admission(struct journal *journal, const uint8_t id[JOURNAL_ID], struct moment now, struct journal_row *out);
bool journal_own_admission(struct journal *journal, const uint8_t id[JOURNAL_ID], struct moment now, struct journal_row *out);
bool journal_last_admission(struct journal *journal, const char *station, const char *attendee, struct moment now,
                            struct journal_row *out);
bool journal_last_shift(struct journal *journal, struct moment now, struct journal_row *out);
bool journal_last_clock(struct journal *journal, const char *prefix, struct moment now, struct journal_row *out);

/* The ref of each undo, once; until `each` gives false, which is then given back. */
bool journal_each_undo(struct journal *journal, bool (*each)(void *self, const uint8_t ref[JOURNAL_ID]), void *self);

int64_t journal_wal_bytes(const struct journal *journal); /* that the next checkpoint would move */
bool journal_checkpoint(struct journal *journal);

/* --- reading, from any process, with a read-only connection ---
 *
 * An export is a header line {"v":1,"kiosk","journal","key","from_seq","chain_before"}, each record's line,
 * TAB, its chain, and an end line {"to_seq","chain","sig"}. All binary values are lower-case hex. `sig` is
 * Ed25519 over "yingbin export v1" with its NUL, the header line without its LF, to_seq as 8 bytes
 * big-endian, the 32 bytes of the chain. */

/* Writes the records from `from_seq` on; the kiosk's key in DIR signs. */
bool journal_export(const char *data, int64_t from_seq, FILE *out, int64_t *records, struct problem *problem);

/* The same into a file that is never seen half-written: beside, read back and proved, synced, renamed. False: nothing is there
 * but what was before; errno says why, as far as a system call failed. */
struct journal_report;
bool journal_export_file(const char *data, int64_t from_seq, const char *file, struct journal_report *report,
                         struct problem *problem);

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

#endif
