/* SPDX-License-Identifier: Apache-2.0
 * Volunteers' phones, private to desk. On the console an operator has a one-time token made; the phone that brings it back is
 * signed in as that operator, with what the card unlocked, until four hours are over, it signs out, somebody
 * revokes it, the card is withdrawn, or the kiosk ends: none of it is ever written to disk. Tokens and the secrets of
 * cookies are known here by their hashes alone.
 */
#ifndef YINGBIN_DESK_STAFF_PHONE_H
#define YINGBIN_DESK_STAFF_PHONE_H

#include "desk/staff.h"

bool staff_phones_init(struct desk *d);
void staff_phones_fini(struct desk *d);
int64_t staff_phones_tend(struct desk *d, struct moment now); /* ends what is over; when to call again */
void staff_phones_load(struct desk *d, uint32_t session);     /* into the work at hand: this session, or none */
int16_t staff_phones_count(const struct desk *d);
void staff_phones_tell(struct desk *d, struct moment now);                       /* the board */
void staff_phones_withdraw(struct desk *d, const char *name, struct moment now); /* the operator's card is */

void staff_grant(struct desk *d, struct moment now);
void staff_phones(struct desk *d, struct moment now);
void staff_revoke(struct desk *d, struct moment now);
void staff_redeem(struct desk *d, struct moment now);
void staff_leave(struct desk *d, struct moment now);

#endif
