/* SPDX-License-Identifier: Apache-2.0
 * Whoever is in the same network as a kiosk's page and means no good, in a thread of its own: connections that say nothing, a
 * handshake of which a byte comes now and then, idle TLS, headers without an end. Whoever is hung up on comes again.
 */
#ifndef YINGBIN_TOOLS_BENCH_CROWD_H
#define YINGBIN_TOOLS_BENCH_CROWD_H

#include <pthread.h>

#include "base/problem.h"

enum { CROWD = 56 /* with eight phones all that the page takes */ };

struct crowd; /* owned by the opener */
/* Of a page on this machine; waits until all are in. `gate`: as the phones' (phones.h). */
bool crowd_open(const char *url, pthread_rwlock_t *gate, struct crowd **crowd, struct problem *problem);
long crowd_came(const struct crowd *crowd); /* so many connections were made */
void crowd_close(struct crowd *crowd);      /* NULL is fine */

#endif
