/* SPDX-License-Identifier: Apache-2.0
 * yingbin-hub user add|list|remove: the dashboard's accounts, from the command line.
 */
#ifndef YINGBIN_TOOLS_HUB_USER_ERRAND_H
#define YINGBIN_TOOLS_HUB_USER_ERRAND_H

#include <stdbool.h>

struct errand {                          /* texts borrowed from the arguments */
  const char *word, *name, *role, *host; /* word: NULL: no errand, the hub is to run */
};

int user_read(int argc, char **argv, struct errand *errand); /* index of the first argument that isn't its own */
int user_run(const struct errand *errand, const char *db);   /* the exit code; all is said */

#endif
