/* SPDX-License-Identifier: Apache-2.0
 * What the other kiosks admitted and took back, as the hub told: DATA/others.db (SQLite, WAL, synchronous=NORMAL). A cache: it
 * may be lost at any time, and is filled again from the feed's start; one that is damaged is moved aside and begun anew, and
 * nobody is refused for it. Whoever owns the journal owns this, too: while it is open, journal_history counts both together.
 * Each record counts once by its id, and not at all once any kiosk took it back, in whatever order they come.
 */
#ifndef YINGBIN_JOURNAL_OTHERS_H
#define YINGBIN_JOURNAL_OTHERS_H

#include "core/sync.h"
#include "journal/receipt.h"
#include "journal/rows.h"

/* So old a view still tells what the others did. The hub is asked every two seconds: ten answers in a row are missing by then,
 * which is no hiccup any more; and it is less than the way from one station to the next, so that a view this old can't lack
 * the step that somebody has just done elsewhere. */
enum { OTHERS_FRESH_MS = 20 * 1000 };

struct others; /* owned by the opener; journal: borrowed, closed after it */
bool others_open(const char *data, struct journal *journal, struct others **others, struct problem *problem);
void others_close(struct others *o);

/* Of NEWS_FEED and NEWS_ACKED, records and cursor in one transaction. False: it isn't kept (the disk is full, say): give
 * the same news again later. Odd ones (of no station of their event, this kiosk's own, an acknowledgement of a chain that the
 * journal doesn't have) are left out. */
bool others_take(struct others *o, const struct sync_news *news);

/* This kiosk took back one of theirs, and has just journaled that. */
void others_undo(struct others *o, const uint8_t ref[JOURNAL_ID]);

/* Where the event's feed goes on; empty: at its start. */
void others_cursor(struct others *o, const char *event, char cursor[SYNC_CURSOR]);

/* So often it was begun anew since it was opened: then the feed is wanted from its start, and news of before count no more
 * (sync_work.refill, sync_news.refill). */
uint32_t others_refill(const struct others *o);
void others_mend(struct others *o); /* while nobody waits: begins anew where it was found damaged */

/* Seconds since the view of that event's others was whole; -1: it never was, or nobody knows. */
int32_t others_age_s(struct others *o, const char *event, struct moment now);
bool others_known(struct others *o, const char *event, struct moment now); /* nothing newer than OTHERS_FRESH_MS is missing */

/* The last record that the hub has, with all before it; 0: not known. */
int64_t others_acked(const struct others *o);
/* The same as a receipt to purge by. False: none, or who said so didn't prove to be the hub. */
bool others_receipt(const struct others *o, struct receipt *receipt);

/* People admitted elsewhere at a station: all, and on now's day. `here`: of this kiosk's own instead what the others took back,
 * as numbers below 0. */
bool others_counts(struct others *o, const char *station, bool here, const struct event *calendar, struct moment now,
                   int64_t *all, int64_t *today);

int64_t others_wal_bytes(const struct others *o); /* that the next checkpoint would move */
bool others_checkpoint(struct others *o);         /* moves what was written into the database; while nobody waits */
void others_remove(const char *data);             /* with its companions; closed */

/* --- for the journal's own answers --- */

/* Adds theirs to `out`; false: it can't be read, and `out` is as it was. */
bool others_history(struct others *o, const char *station, const char *attendee, const char *code, const struct event *calendar,
                    struct moment now, struct history *out);
bool others_undid(struct others *o, const uint8_t id[JOURNAL_ID]); /* of this kiosk's records, too */
bool others_admission(struct others *o, const uint8_t id[JOURNAL_ID], struct journal_row *out);

#endif
