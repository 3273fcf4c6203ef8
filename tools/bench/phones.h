/* SPDX-License-Identifier: Apache-2.0
 * Volunteers' phones on a kiosk's page, each an HTTPS client in a thread of its own: signed in by a one-time code, it looks at
 * the state, types a name (what fits thousands, pinyin, then somebody's last four digits), checks that person in, looks at its
 * list and undoes it, over and over.
 */
#ifndef YINGBIN_TOOLS_BENCH_PHONES_H
#define YINGBIN_TOOLS_BENCH_PHONES_H

#include <pthread.h>

#include "core/monitor.h"
#include "tools/bench/bench.h"

struct phones_done {
  struct samples search, state; /* ms to the answer; samples_free both */
  long requests, admitted, undone;
  long busy; /* answers that the kiosk was busy, or not in time: to be tried again */
};

struct phones; /* owned by the opener */

/* `url`: of the page. `people`: of the pack, numbered from 1; the phones let in those from `from` on. `gate`: borrowed: held to
 * read during each request, so that whoever holds it to write has all of them stand still. */
bool phones_open(const char *url, int from, int people, pthread_rwlock_t *gate, struct phones **phones,
                 struct problem *problem);
bool phones_sign_in(struct phones *phones, int which, const char *token, struct problem *problem); /* of PHONES_MAX */

/* All begin, each with pauses of `pause_ms` on average between two requests; waits until each has been round once. */
bool phones_start(struct phones *phones, int pause_ms, struct problem *problem);

/* They end their rounds. False: one got an answer that it shouldn't have. */
bool phones_stop(struct phones *phones, struct phones_done *done, struct problem *problem);
void phones_close(struct phones *phones); /* NULL is fine */

#endif
