/* SPDX-License-Identifier: Apache-2.0
 * Files that are never seen half-written: beside, sync, rename, sync of the folder. And reading a
 * whole small file. Any thread. Messages name the file, the reason and what to do.
 */
#ifndef YINGBIN_BASE_FILE_H
#define YINGBIN_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/problem.h"

/* Reads at most `most` bytes into a block that the caller frees, with a NUL behind it.
 * A larger file is a problem. */
bool file_read(const char *path, size_t most, char **bytes, size_t *len, struct problem *problem);

/* Writes the whole file or leaves what was there. */
bool file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct problem *problem);

/* For larger output: file_begin gives a name beside `path` (PATH_MAX bytes) to write to; file_commit
 * syncs, sets the mode and renames it into place; file_abandon removes it. */
bool file_begin(const char *path, char *beside, struct problem *problem);
bool file_commit(const char *beside, const char *path, mode_t mode, struct problem *problem);
void file_abandon(const char *beside);

bool folder_make(const char *path, mode_t mode, struct problem *problem); /* with its parents; there already: true */

#endif
