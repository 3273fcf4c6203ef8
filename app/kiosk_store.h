/* SPDX-License-Identifier: Apache-2.0
 * What a kiosk stands on, from its data folder: who it is, its journal, and the pack or meetup that it serves. Opened and
 * closed by the main thread, while no other one runs.
 */
#ifndef YINGBIN_KIOSK_STORE_H
#define YINGBIN_KIOSK_STORE_H

#include "journal/identity.h"
#include "journal/journal.h"
#include "kiosk.h"
#include "kiosk_sync.h"
#include "pack/meetup.h"
#include "pack/minisign.h"

struct kiosk_store {
  const struct kiosk_options *o; /* borrowed; set by who opens it */
  struct kiosk_identity identity;
  struct journal *journal; /* owned */
  struct wire_setup card;  /* what the setup card said that it was shown; the tokens are wiped */
  struct minisign_pub pub;
  bool has_pub;
  struct pack *pack; /* owned; the meetup's, where one is held */
  int16_t station;
  bool no_pack; /* none is named, and the data folder has none: a meetup can be held on the spot */
  bool holds_meetup;
  struct meetup meetup;          /* where it holds one: kept while it is closed and opened anew */
  char meetup_note[MEETUP_NOTE]; /* for desk to journal, with the start */
  char retire_note[NOTE_MAX];    /* as that; empty: nobody was taken out */
};

/* False, with what there is to close, where it can't serve; `problem` says why. */
bool kiosk_store_open(struct kiosk_store *s, struct problem *problem);

/* What opening it failed for is that there is no pack yet. */
bool kiosk_store_lacks_pack(const struct kiosk_store *s);

void kiosk_store_close(struct kiosk_store *s);

#endif
