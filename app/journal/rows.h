/* SPDX-License-Identifier: Apache-2.0
 * The journal read back by its owner (desk), record by record: what the staff console lists, undoes and counts.
 */
#ifndef YINGBIN_JOURNAL_ROWS_H
#define YINGBIN_JOURNAL_ROWS_H

#include "journal/journal.h"

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

#endif
