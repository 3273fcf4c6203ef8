/* SPDX-License-Identifier: Apache-2.0
 * True times for records of kiosks whose clock may have been wrong. Within one boot the monotonic clock
 * holds, so one piece of evidence puts every record of the boot right, less surely the farther it is away;
 * a boot without any lies between its neighbours. Pure but for malloc.
 */
#ifndef YINGBIN_JOURNAL_MERGE_CLOCK_H
#define YINGBIN_JOURNAL_MERGE_CLOCK_H

#include "core/types.h"

enum {
  MERGE_DRIFT = 10000,    /* a crystal gains or loses at most one part in so many: 100 ppm */
  MERGE_TRUST_MS = 2000,  /* error of a trusted clock whose source isn't known */
  MERGE_BOOT_MAX = ID_MAX /* bytes of a boot's id */
};

enum { CLOCK_TAKEN_BACK = -1 };

struct clock_evidence { /* at mono_ms it was wall_ms, give or take error_ms; or so it was said, and taken back */
  int64_t mono_ms, wall_ms, error_ms;
  bool sets;             /* the kiosk's clock was set by it, or believed for it; else somebody said so beside that clock */
  int32_t before, after; /* made by clock_settle: the best one up to this one, and from it on; -1: none */
  int32_t set_by;        /* too: the last one up to this one that sets; -1: none */
};

struct clock_boot {
  int64_t journal; /* boots of different journals know nothing of one another */
  char boot[MERGE_BOOT_MAX];
  int64_t first_seq, last_mono_ms;
  int64_t own_ms; /* wall - mono by the kiosk's own clock */
  bool has_own, has_floor;
  int64_t floor_ms;                /* wall - mono is at least this */
  struct clock_evidence *evidence; /* owned */
  int32_t count, room;
  bool anchored, bounded;     /* made by clock_settle: there is evidence; both neighbours bound it */
  int64_t offset_ms, sure_ms; /* wall - mono, and how sure, where there is no evidence */
};

struct clocks {            /* zero-initialised */
  struct clock_boot *boot; /* owned */
  size_t count, room;
};

/* A new one; they come in order of journal and name. The pointer holds until the next one is made. NULL: no memory. */
struct clock_boot *clocks_boot(struct clocks *clocks, int64_t journal, const char *boot);
bool clock_add(struct clock_boot *boot, int64_t mono_ms, int64_t wall_ms, int64_t error_ms, bool sets);

struct clock_boot *clocks_find(const struct clocks *clocks, int64_t journal, const char *boot);

void clocks_settle(struct clocks *clocks); /* after all were added, before any is asked */

struct clock_time {
  int64_t wall_ms, sure_ms; /* sure_ms: give or take; -1: nobody knows */
};

struct clock_time clock_of(const struct clock_boot *boot, struct moment at);

/* The evidence in a `clock` record's note: "source=ntp", "source=operator error_ms=60000"; of who sets no clock with what time
 * it was at that record: "source=hub wall=2023-10-28T00:31:07.123Z error_ms=25". */
enum clock_source { CLOCK_EVIDENCE, CLOCK_FLOOR, CLOCK_NONE };
enum clock_source clock_note(const char *note, int64_t *error_ms);

void clocks_free(struct clocks *clocks);

#endif
