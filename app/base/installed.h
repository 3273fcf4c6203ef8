/* SPDX-License-Identifier: Apache-2.0
 * Where this program lies, and the assets that came with it. Any thread.
 */
#ifndef YINGBIN_BASE_INSTALLED_H
#define YINGBIN_BASE_INSTALLED_H

#include <limits.h>
#include <stdbool.h>

bool installed_folder(char folder[PATH_MAX]); /* the program's own; false: nobody can tell (/proc isn't mounted) */

/* The assets' folder that has this: beside the program, in the sources that it was built from, or installed. False: none has,
 * and `folder` is the one that should. */
bool installed_assets(const char *has, char folder[PATH_MAX]);

#endif
