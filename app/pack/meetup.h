/* SPDX-License-Identifier: Apache-2.0
 * A meetup on the spot: no pack, no computer, no list; whoever comes is counted. Title and end make the catalog that a
 * pack would have brought; it lives in memory alone, and the journal has its line of text, from which any kiosk makes
 * the same one again. Two kiosks that are told the same title on the same day are at the same event.
 */
#ifndef YINGBIN_PACK_MEETUP_H
#define YINGBIN_PACK_MEETUP_H

#include "pack/pack.h"

struct meetup {
  char id[ID_MAX]; /* of the event: letters of the title, or their digest, and the date */
  char title[TEXT_MAX];
  int64_t starts_ms, ends_ms; /* UTC; starts_ms 0: not known */
  int32_t offset_s;           /* of the local time, east of UTC */
};

/* False: there is no title, or no end. */
bool meetup_make(const char *title, int64_t starts_ms, int64_t ends_ms, int32_t offset_s, struct meetup *out);

enum { MEETUP_NOTE = 2 * TEXT_MAX };
void meetup_note(const struct meetup *meetup, char note[MEETUP_NOTE]); /* "meetup ID ends=MS offset_s=S title=TITLE" */
bool meetup_of_note(const char *note, struct meetup *out);

void meetup_catalog(const struct meetup *meetup, struct catalog *catalog); /* zeroed before: one event, its door */
bool pack_of_meetup(const struct meetup *meetup, struct pack **pack, struct problem *problem); /* pack_close as ever */

#endif
