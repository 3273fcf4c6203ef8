/* SPDX-License-Identifier: Apache-2.0
 * The bodies of requests while they come in. What all of them may take of memory together is bounded: where a fleet that was
 * cut off sends what it kept all at once, who comes later waits, suspended, in the order in which they came, and the network
 * holds their bytes meanwhile. A small one, as of a guest who was just let in, waits for nobody. Any thread.
 */
#ifndef YINGBIN_TOOLS_HUB_BODIES_H
#define YINGBIN_TOOLS_HUB_BODIES_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { BODIES_BYTES = 64 << 20, BODY_SMALL = 4096 };

struct bodies {
  pthread_mutex_t lock;
  int64_t left;              /* under 0: at the end, when nobody waits any more */
  struct body *first, *last; /* who wait; borrowed */
  bool stopping;
};

struct body {  /* a request's; begins with zeros */
  char *bytes; /* owned; NULL: it has no room yet */
  size_t room, len;
  int64_t claim; /* of the bound, from when it asked */
  bool waits;
  struct MHD_Connection *connection;
  struct body *next;
};

void bodies_init(struct bodies *b);
void bodies_fini(struct bodies *b);
void bodies_stop(struct bodies *b); /* nobody waits from here on: before the server goes */

enum bodies_room { BODY_HAS_ROOM, BODY_WAITS /* suspended: ask again when resumed */, BODY_NO_MEMORY };

/* Room for a body of `size`; again and again, while it isn't there. */
enum bodies_room bodies_room(struct bodies *b, struct body *one, struct MHD_Connection *connection, size_t size);
void bodies_free(struct bodies *b, struct body *one); /* and resumes who fits now; one that has nothing, or waits, too */

#endif
