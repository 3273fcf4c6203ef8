/* SPDX-License-Identifier: Apache-2.0
 * A kiosk without any pack: a setup card before the camera enrols it, and its first pack comes from the hub. There is no desk
 * yet; the main thread hands cards on to sync, and says on the screen how far it is.
 */
#ifndef YINGBIN_KIOSK_FIRST_H
#define YINGBIN_KIOSK_FIRST_H

#include "kiosk_sync.h"

/* Takes what was shown. A setup card goes to sync, unless the kiosk has joined a hub that takes it; all else is dropped. */
void kiosk_first_take(struct mailbox *payloads, struct kiosk_sync *sync);

/* Takes sync's news, which is for a desk. False: it has to say nothing but what was said before; else `problem` says it. */
bool kiosk_first_look(struct kiosk_sync *sync, struct problem *problem);

/* How far it is, in words for a volunteer; false: no card was shown. */
bool kiosk_first_words(const struct sync_health *health, struct problem *problem);

#endif
