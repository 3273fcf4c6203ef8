/* SPDX-License-Identifier: Apache-2.0
 * The desk service: payload -> verdict -> journal -> notice. The only writer of the database. A notice
 * leaves only when its record is committed and synced; where the commit failed, the notice is a fault.
 * A payload is judged at its own time, `at`; the step's `now` is for what is due by itself: health every
 * second, the pack's check, checkpoints.
 */
#ifndef YINGBIN_DESK_DESK_H
#define YINGBIN_DESK_DESK_H

#include <stdatomic.h>

#include "base/latest.h"
#include "base/mailbox.h"
#include "core/notice.h"
#include "core/seen.h"
#include "core/sync.h"
#include "journal/others.h"
#include "pack/pack.h"

enum { CARD_DIGEST = 16 };

struct desk {
  struct pack *pack;       /* borrowed */
  struct journal *journal; /* borrowed */
  const char *data;        /* borrowed: the data folder, for its free space */
  int16_t station;         /* index in the catalog */
  struct mailbox *camera;  /* borrowed: payloads that will be seen again, x4 */
  struct mailbox *people;  /* borrowed: readers, taps, staff: none is dropped */
  struct mailbox *notices; /* borrowed: to ui, waits for room */
  int64_t (*machine_us)(
      void); /* the machine's CLOCK_BOOTTIME, for commit_us and decided_mono_us alone; NULL: not measured, both 0 */
  struct mailbox *staff_requests, *staff_answers; /* borrowed: from and to the staff console (core/staff.h); NULL: none */
  struct mailbox *phone_requests, *phone_answers; /* borrowed: from and to monitor, the same values; NULL: none */
  struct latest *board;                           /* borrowed: struct board (core/monitor.h) to monitor; NULL: none */
  struct mailbox *self_requests, *self_answers;   /* borrowed: from and to who looks themselves up (core/self.h); NULL: none */
  struct mailbox *news, *orders;                  /* borrowed: from and to sync (core/sync.h); NULL: none */
  struct latest *machine;                         /* borrowed: struct machine, how the computer itself is; NULL: nobody looks */
  struct latest *work, *sync_health;     /* borrowed: struct sync_work to sync, struct sync_health from it; NULL: none */
  const struct kiosk_identity *identity; /* borrowed: names that staff corrected are kept under a key of it; NULL: not kept */
  const char *retired; /* borrowed: what the end of retention took out of the journal before the start, for it; NULL: nothing */
  const char *meetup;  /* borrowed: the line of text of a meetup on the spot, for the journal; NULL: there is a pack */
  const char *pin;     /* borrowed: the hash of the PIN that opens the console, too; NULL or empty: none */
  const char *export_to; /* borrowed: a folder where the journal may be exported to, besides sticks; NULL or empty: none */
  /* An operator says what time it is (wall_ms; 0: takes that back); false: a better source has it. NULL: they can't. */
  bool (*tell_clock)(void *clock, int64_t wall_ms);
  bool (*clock_is_told)(void *clock); /* the time now is the operator's */
  void *clock;                        /* borrowed: theirs */
  const char *clock_source;           /* borrowed: why wall_ok is to be believed, in the journal's words; NULL: ntp */

  struct seen seen;      /* from here on desk's own; zero at first */
  int64_t tap_ms;        /* mono: the last tap that was a person, or a question's answer */
  struct staff *staff;   /* owned: the console's side of desk (desk/staff.h) */
  struct self *self;     /* owned: the look-up's (desk/self.h) */
  struct held *held;     /* owned: whom it asked something (desk/held.h) */
  atomic_bool shut_down; /* a lead asked for it, and what was written is safe: the kiosk is to end. Any thread may look */
  struct others *others; /* owned: what the other kiosks admitted (desk/hub.h); NULL: no hub, or its file can't be written */
  struct sync_work told_work;
  struct sync_health hub;
  uint64_t hub_seen;
  uint8_t card_shown[CARD_DIGEST]; /* the setup card that a lead showed once, at card_shown_ms */
  int64_t card_shown_ms;
  int64_t news_due_ms;               /* news that couldn't be kept are tried again then */
  bool hub_clock;                    /* the time that the clock was told is the hub's, not an operator's */
  int64_t hub_lead_ms, hub_error_ms; /* of the hub's time that was journaled: its lead on the monotonic clock; error 0: none */
  struct desk_health health;
  uint64_t machine_seen;
  int64_t health_due_ms;
  enum desk_fault journal_fault; /* of the last append */
  int64_t retry_due_ms;          /* when a journal that failed is tried by itself */
  bool clock_told;               /* the evidence for this stretch of trusted time is journaled */
  const char *told_source;       /* and was this */
  int32_t trusted_day;           /* the last event day known for sure, -1: none */
  struct moment trusted;         /* a moment in it */
  bool pack_bad;
  struct problem pack_problem;
  int64_t busy_ms;           /* when the last payload was dealt with */
  int64_t checkpoint_due_ms; /* not again before */
};

bool desk_init(struct desk *d, struct moment now, struct problem *problem); /* the borrowed fields set; journals the start */
void desk_fini(struct desk *d, struct moment now);                          /* checkpoints */
int64_t desk_step(void *desk, struct moment now); /* one payload at most, then says when it is due again: now, if more wait */

#endif
