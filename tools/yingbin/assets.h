/* SPDX-License-Identifier: Apache-2.0
 * Where the program's own data (fonts.conf, the sample events) and the other programs are: beside the
 * binary, in the source tree that it was built in, or where it was installed.
 */
#ifndef YINGBIN_TOOLS_ASSETS_H
#define YINGBIN_TOOLS_ASSETS_H

#include "base/problem.h"

/* Path (PATH_MAX bytes) of a file or folder of assets/, by its name there. */
bool assets_find(const char *name, char *path, struct problem *problem);

/* Path (PATH_MAX bytes) of another program of ours, beside this one. */
bool assets_program(const char *name, char *path, struct problem *problem);

#endif
