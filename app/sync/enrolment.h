/* SPDX-License-Identifier: Apache-2.0
 * DATA/hub.ini: the hub that this kiosk has joined, and how it proves itself there. 0600, written whole or not at all.
 * Besides the token it keeps the card's: a hub that lost its database enrols the same key anew by it.
 */
#ifndef YINGBIN_SYNC_ENROLMENT_H
#define YINGBIN_SYNC_ENROLMENT_H

#include "base/problem.h"
#include "wire/wire.h"

struct enrolment {        /* secret: wipe it. Empty hub: none */
  struct wire_setup card; /* what the setup card said */
  char token[WIRE_TOKEN]; /* the kiosk's own; empty: the hub hasn't been asked yet */
};

/* True, with everything empty, where there is no file. */
bool enrolment_read(const char *data, struct enrolment *e, struct problem *problem);
bool enrolment_write(const char *data, const struct enrolment *e, struct problem *problem);

/* The first of the card's stations that the pack has; empty: none. */
void enrolment_station(const struct wire_setup *card, const struct catalog *catalog, char station[ID_MAX * 2]);

#endif
