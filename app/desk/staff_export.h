/* SPDX-License-Identifier: Apache-2.0
 * The journal on a stick: written by a thread of its own through a read-only connection, so that desk greets meanwhile;
 * beside, proved, synced, renamed. Only to what is mounted under /media or /run/media, or to the folder that the
 * configuration names. Private to desk.
 */
#ifndef YINGBIN_DESK_STAFF_EXPORT_H
#define YINGBIN_DESK_STAFF_EXPORT_H

#include "desk/staff.h"

bool staff_export_ended(const struct desk *d);
void staff_export_tell(struct desk *d, struct moment now); /* journals it and answers */
void staff_export_end(struct desk *d);                     /* waits for it */

/* The mounted places of a text like /proc/self/mounts; for tests, too. How many, at most STAFF_PLACES_MAX. */
int staff_places(const char *mounts, char place[STAFF_PLACES_MAX][TEXT_MAX]);

#endif
