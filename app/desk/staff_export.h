/* SPDX-License-Identifier: Apache-2.0
 * The journal on a stick: written by a thread of its own through a read-only connection, so that desk greets meanwhile;
 * beside, proved, synced, renamed. Only to what is mounted under /media or /run/media, or to the folder that the
 * configuration names. Private to desk.
 */
#ifndef YINGBIN_DESK_STAFF_EXPORT_H
#define YINGBIN_DESK_STAFF_EXPORT_H

#include "desk/staff.h"

/* By itself, into the stick's STICKS_FOLDER; where it has none nothing comes of it. False: not now, one is at work. */
bool staff_export_begin(struct desk *d, const struct stick_place *place, struct moment now);

bool staff_export_writes_stick(const struct desk *d); /* by itself, now: it must not be pulled out */
bool staff_export_ended(const struct desk *d);
void staff_export_tell(struct desk *d, struct moment now); /* journals it and answers */
void staff_export_end(struct desk *d);                     /* waits some seconds for it */

#endif
