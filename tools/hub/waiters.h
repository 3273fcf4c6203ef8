/* SPDX-License-Identifier: Apache-2.0
 * Questions for the feed that are held until there is something to say: suspended connections, by event, one a kiosk. A
 * thread of its own looks for news of these events in the store, as soon as this process has taken a push and once a
 * second anyway (another hub may have), keeps them written (tail.h), and resumes whom it is for: what a thousand kiosks are
 * told was read and written once. After each such round it rests the longer the more it has woken, so that a fleet of a
 * thousand is told twice a second, and two kiosks at once.
 */
#ifndef YINGBIN_TOOLS_HUB_WAITERS_H
#define YINGBIN_TOOLS_HUB_WAITERS_H

#include <microhttpd.h>

#include "tools/hub/tail.h"

enum { WAIT_MOST_S = 30 };

struct waiter { /* the connection's; begins with zeros */
  struct MHD_Connection *connection;
  const char *event, *kiosk; /* borrowed until it has left */
  uint32_t mark;             /* of the kiosk's name */
  int64_t after, until_ms;   /* what it has, as the store counts; of the machine's clock */
  bool joined;               /* its own thread's; the rest is under the waiters' lock */
  bool asleep, woken, over;
  struct waiter *next, *before;
};

struct waiters;

bool waiters_open(const struct store_ops *store, void *db, struct waiters **waiters, struct problem *problem);
void waiters_stop(
    struct waiters *w); /* all are answered, and nobody sleeps from here on; before the server goes. NULL is fine */
void waiters_close(struct waiters *w); /* stopped, and all have left; NULL is fine */

void waiters_pushed(struct waiters *w); /* records were taken: any thread */

/* A waiter joins before it looks for what it waits for. Another one of its kiosk is over then. */
void waiters_join(struct waiters *w, struct waiter *one);
/* It found nothing. True: its connection is suspended. False: look again; `over`: and answer, whatever there is. */
bool waiters_sleep(struct waiters *w, struct waiter *one, bool *over);
void waiters_leave(struct waiters *w, struct waiter *one); /* one that never joined, too */

int waiters_asleep(struct waiters *w); /* how many questions are held */

/* The page of a question that may be held, from what was read for those who wait. False: the store has to be asked, as somebody
 * has to who is the first to ask, comes from far behind, or finds that the thread couldn't read for a while. */
bool waiters_give(struct waiters *w, const char *event, const char *kiosk, int64_t after, struct page *page);
/* Up to here it was read: what the store is asked for later than this has all of it. 0: nothing was. */
int64_t waiters_head(struct waiters *w, const char *event);

#endif
