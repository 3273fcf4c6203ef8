/* SPDX-License-Identifier: Apache-2.0
 * A guest who is asked something first: how many of the party have come (party = ask), or whether they come in though they are
 * on no list (walkin = self). One at a time. A tap answers, and so does the same code once more, so that nobody needs to touch
 * the screen: all of the party, or yes; but a code that is no ticket, and may be a poster's, takes a finger. Whoever gives no
 * answer, in time or before the next code: one of the party is in, the others may come with the same code; a walk-in isn't.
 * While a console is open nobody is asked: staff are there.
 */
#ifndef YINGBIN_DESK_HELD_H
#define YINGBIN_DESK_HELD_H

#include "desk/errand.h"

bool held_init(struct desk *d); /* false: no memory */
void held_fini(struct desk *d, struct moment now);

/* Looked up, or broken: judges, then asks, or commits and tells. The notice's kind says which. */
void held_give(struct desk *d, struct errand *e, struct moment now);

/* The code that was asked about, once more: that is the answer, and true. Any other one settles what was asked. */
bool held_again(struct desk *d, const struct errand *e, struct moment now);

/* True: the tap was an answer, or one that came too late; it is nobody by itself. */
bool held_tap(struct desk *d, const struct payload *tap, struct moment now);

void held_settle(struct desk *d, struct moment now);  /* there will be no answer */
int64_t held_step(struct desk *d, struct moment now); /* when it will be settled; INT64_MAX: nobody is asked */

#endif
