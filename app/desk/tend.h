/* SPDX-License-Identifier: Apache-2.0
 * What desk does besides answering: it learns the time, watches the disk, checks the pack, writes to a
 * journal that failed whether it works again, and moves the WAL into the database.
 */
#ifndef YINGBIN_DESK_TEND_H
#define YINGBIN_DESK_TEND_H

#include "desk/desk.h"

/* Appends and keeps `journal_fault`. The one way into the journal. */
bool desk_append(struct desk *d, struct checkin *checkin, int64_t *seq, struct problem *problem);

/* A record of desk's own at its station. */
bool desk_append_note(struct desk *d, enum record_kind kind, struct moment at, struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

void tend_clock(struct desk *d, struct moment now);

/* The moment to count days by: `at` itself, or a trusted one that still holds, or none (wall_ok false). */
struct moment tend_day(const struct desk *d, struct moment at);

void tend_health(struct desk *d, struct moment now);  /* fills d->health */
int64_t tend_idle(struct desk *d, struct moment now); /* no payload waits; when to call again */
void tend_due(struct desk *d, struct moment now);     /* what is due however busy */

#endif
