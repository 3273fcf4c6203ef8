/* SPDX-License-Identifier: Apache-2.0
 * A meetup on the spot, where the kiosk has no pack: asked for from the fault screen while there is no desk yet, and gone
 * on with after a restart.
 */
#ifndef YINGBIN_KIOSK_MEETUP_H
#define YINGBIN_KIOSK_MEETUP_H

#include "base/mailbox.h"
#include "journal/journal.h"
#include "pack/meetup.h"

/* Takes and answers what the screen has asked; true: it is a meetup that can be held. */
bool kiosk_meetup_take(struct mailbox *requests, struct mailbox *answers, struct moment now, struct meetup *out);

/* The one that was held when the kiosk ended, unless it is over. */
bool kiosk_meetup_resume(struct journal *journal, struct moment now, struct meetup *out);

#endif
