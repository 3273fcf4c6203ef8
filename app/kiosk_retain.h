/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's own retention: once the day has passed until which the pack lets people's data be kept, they go out of the
 * journal, but only out of records that the hub has acknowledged and proved to be the hub; what stays proves the chain. While
 * nobody is served: at the start. The pack, which holds their names, sealed, goes once nobody is left in the journal: until then
 * the kiosk goes on telling the hub.
 */
#ifndef YINGBIN_KIOSK_RETAIN_H
#define YINGBIN_KIOSK_RETAIN_H

#include "journal/journal.h"
#include "journal/receipt.h"

/* There is something to take out, and this receipt covers it. A clock that isn't trusted has no day. */
bool kiosk_retain_due(const char *data, struct journal *journal, const struct catalog *catalog, struct moment now,
                      struct receipt *receipt);

/* The journal must be closed. False: it is as it was, and the log says why. True: `note` is for the journal. */
bool kiosk_retain(const char *data, const struct receipt *receipt, char note[NOTE_MAX]);

/* Lines are gone and the journal has no note of it: whoever took them out was killed in between, or did it by hand. What was
 * left to do is done, and `note` is for the journal. False: nothing is missing. */
bool kiosk_retain_unnoted(const char *data, struct journal *journal, char note[NOTE_MAX]);

/* A note of desk's, where there is none to journal it. */
bool kiosk_retain_note(struct journal *journal, const char *note, struct moment now, struct problem *problem);

/* The pack, and what a hub beside this kiosk gives out of it, may go: its day has passed, and so has each of its events. */
bool kiosk_retain_pack_due(const struct catalog *catalog, struct journal *journal, struct moment now);

/* Journals that, then does it. False: it can't. */
bool kiosk_retain_pack(const char *data, const uint8_t stamp_key[32], const struct catalog *catalog, struct journal *journal,
                       struct moment now, struct problem *problem);

/* True: `problem` says that the pack was removed, when nothing else is wrong. `file`: the one that the settings name, or empty. */
bool kiosk_retain_told(struct journal *journal, const char *file, struct problem *problem);

#endif
