/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's key file, and the lock that makes one process the owner of a data folder (flock on
 * DIR/lock, which holds its pid for the message to a second one). Blocking file I/O.
 */
#ifndef YINGBIN_JOURNAL_IDENTITY_H
#define YINGBIN_JOURNAL_IDENTITY_H

#include "journal/journal.h"

/* The descriptor holds the lock until it is closed. */
bool lock_take(const char *data, int *fd, struct problem *problem);

/* Reads DIR/kiosk.key; *missing where there is none (then false, and no problem set). */
bool identity_read(const char *data, struct kiosk_identity *identity, bool *missing, struct problem *problem);

#endif
