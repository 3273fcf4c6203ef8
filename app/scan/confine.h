/* SPDX-License-Identifier: Apache-2.0
 * Shuts a process in: it can read its wake-up, write its "done", take and give back plain memory, and
 * end. Any other system call kills it. For yingbin-decoder, before the first hostile pixel, and for
 * good: there is no way back.
 */
#ifndef YINGBIN_SCAN_CONFINE_H
#define YINGBIN_SCAN_CONFINE_H

#include <stdbool.h>

/* No core dumps and no debugger: codes are secrets. False: refused by the system. */
bool confine_secrets(void);

/* Closes all descriptors but the two named in decoder.h, limits the memory, installs the filter.
 * False: it can't be done here (no seccomp, a build with sanitizers): touch no pixels then. */
bool confine_all(void);

#endif
