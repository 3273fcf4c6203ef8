/* SPDX-License-Identifier: Apache-2.0
 * What kiosk.c and its check of the settings share.
 */
#ifndef YINGBIN_KIOSK_INNER_H
#define YINGBIN_KIOSK_INNER_H

#include "journal/journal.h"
#include "pack/pack.h"
#include "sync/enrolment.h"

bool kiosk_read_pub(const char *pub, struct minisign_pub *out, struct problem *problem); /* a file, or the line itself */
bool kiosk_find_station(const struct catalog *catalog, const char *id, int16_t *station, struct problem *problem);

/* The one that the settings name; empty: the first of the setup card's that the pack has, or the only one there is. */
bool kiosk_own_station(const char *setting, const struct wire_setup *card, const struct catalog *catalog, int16_t *station,
                       struct problem *problem);

#endif
