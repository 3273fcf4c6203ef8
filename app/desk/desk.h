/* SPDX-License-Identifier: Apache-2.0
 * The desk service: payload -> verdict -> journal -> notice. The only writer of the database. A notice
 * leaves only when its record is committed and synced; where the commit failed, the notice is a fault.
 */
#ifndef YINGBIN_DESK_DESK_H
#define YINGBIN_DESK_DESK_H

#include "base/latest.h"
#include "base/mailbox.h"
#include "core/notice.h"
#include "core/seen.h"
#include "journal/journal.h"
#include "pack/pack.h"

struct desk {
  struct pack *pack;          /* borrowed */
  struct journal *journal;    /* borrowed */
  const char *data;           /* borrowed: the data folder, for its free space */
  int16_t station;            /* index in the catalog */
  struct mailbox *camera;     /* borrowed: payloads that will be seen again, x4 */
  struct mailbox *people;     /* borrowed: readers, taps, staff: none is dropped */
  struct mailbox *notices;    /* borrowed: to ui, waits for room */
  struct seen seen;
  struct desk_health health;
  int64_t health_due_ms, fault_since_ms;
  int32_t trusted_day;        /* -1: none */
  int64_t trusted_mono_ms;
  bool pack_bad;
  struct problem pack_problem;
};

bool desk_init(struct desk *d, struct moment now, struct problem *problem); /* the borrowed fields set; journals the start */
void desk_fini(struct desk *d, struct moment now);                          /* checkpoints */
int64_t desk_step(void *desk, struct moment now); /* one payload at most, then says when it is due again: now, if more wait */

#endif
