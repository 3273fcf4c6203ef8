/* SPDX-License-Identifier: Apache-2.0
 * Desk's side of core/self.h: who has no code says their phone number. Its slow key is made in a short thread of its
 * own, which rings desk when it is done: a queue never waits for it. Whom a number stands for is kept until
 * they are admitted, dropped, or a minute has passed, and then wiped.
 */
#ifndef YINGBIN_DESK_SELF_H
#define YINGBIN_DESK_SELF_H

#include "desk/desk.h"

enum { SELF_TRIES = 5, SELF_TRIES_MS = 60 * 1000, SELF_KEPT_MS = 60 * 1000 };

bool self_init(struct desk *d);                       /* false: no memory. Nothing where d->self_requests is NULL */
void self_fini(struct desk *d);                       /* waits for the thread, which takes no longer than one key */
int64_t self_step(struct desk *d, struct moment now); /* no payload waits; when to call again */

/* What a notice may tell to who only knows a number: the name is masked, nothing else of the person but where they go. */
void self_mask_name(const char *name, char *out, size_t size);
void self_mask(struct attendee *who);

#endif
