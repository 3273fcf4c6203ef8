/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_meetup.h"

#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "core/staff.h"
#include "journal/rows.h"

static const int64_t after_ms = INT64_C(4) * 3600 * 1000; /* people stay longer than was planned */

static int32_t local_offset_s(int64_t wall_ms) {
  const time_t at = (time_t)(wall_ms / 1000);
  struct tm tm;
  return localtime_r(&at, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

static void answer(struct mailbox *answers, const struct staff_request *r, bool good) {
  struct staff_answer *a = calloc(1, sizeof *a); /* large */
  if (!a) return;
  a->kind = r->kind;
  a->serial = r->serial;
  a->result = good ? STAFF_DONE : STAFF_REFUSED;
  a->why = good ? STAFF_NO_REASON : STAFF_NOTHING;
  if (!mailbox_put(answers, a)) log_warn("the screen takes no answers");
  free(a);
}

bool kiosk_meetup_take(struct mailbox *requests, struct mailbox *answers, struct moment now, struct meetup *out) {
  struct staff_request r;
  bool good = false;
  while (!good && mailbox_front(requests, &r)) {
    mailbox_pop(requests);
    if (r.kind != STAFF_MEETUP) continue; /* of a console that has closed */
    good = meetup_make(r.text, now.wall_ok ? now.wall_ms : 0, r.at.wall_ms, local_offset_s(r.at.wall_ms), out);
    answer(answers, &r, good);
  }
  return good;
}

/* By a clock that nobody knows, only what this boot has seen goes on. */
bool kiosk_meetup_resume(struct journal *journal, struct moment now, struct meetup *out) {
  char note[NOTE_MAX];
  struct journal_row last;
  if (!journal_last_system(journal, "meetup ", note) || !meetup_of_note(note, out)) return false;
  if (now.wall_ok) return now.wall_ms < out->ends_ms + after_ms;
  return journal_rows(journal, journal_records(journal), 1, now, &last) == 1 && last.this_boot;
}
