/* SPDX-License-Identifier: Apache-2.0
 * An array that may outgrow memory: it lies in a file without a name and is mapped, so the kernel keeps as much of it in
 * memory as there is room for. Gone with the process, whatever happens. Any thread, but one at a time.
 */
#ifndef YINGBIN_BASE_SPILL_H
#define YINGBIN_BASE_SPILL_H

#include <stdbool.h>
#include <stddef.h>

struct spill {
  int fd;      /* owned; -1: closed */
  void *at;    /* NULL while nothing was added; moves when something is */
  size_t used; /* bytes. May be set back by the owner, to take the last ones off */
  size_t room;
};

/* A file in `folder` that has lost its name already; -1 and errno. */
int spill_file(const char *folder);

bool spill_open(struct spill *spill, const char *folder); /* false: errno */
void spill_close(struct spill *spill);                    /* accepts a closed one */

/* What is there may leave memory: it comes back from the file when it is asked for. For who has been through all of it. */
void spill_rest(struct spill *spill);

/* So many more bytes; the caller fills them. NULL and errno where the disk is full: what was there stays. */
void *spill_add(struct spill *spill, size_t bytes);

#endif
