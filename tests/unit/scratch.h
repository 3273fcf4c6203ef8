/* SPDX-License-Identifier: Apache-2.0
 * A folder of its own for a test, empty at first and gone afterwards, and a few things that are done in
 * it: whole files in, whole files out. Every failure ends the test program.
 */
#ifndef YINGBIN_TESTS_SCRATCH_H
#define YINGBIN_TESTS_SCRATCH_H

#include <assert.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
  char path[PATH_MAX - 256];
};

static inline void scratch_make(struct scratch *s) {
  const char *base = getenv("TMPDIR");
  snprintf(s->path, sizeof s->path, "%s/yingbin-test-XXXXXX", base ? base : P_tmpdir);
  char *made = mkdtemp(s->path);
  assert(made);
}

static inline int scratch_forget(const char *path, const struct stat *st, int type, struct FTW *at) {
  (void)st, (void)type, (void)at;
  return remove(path);
}

static inline void scratch_remove(const struct scratch *s) { nftw(s->path, scratch_forget, 16, FTW_DEPTH | FTW_PHYS); }

/* "FOLDER/NAME", in one of a few buffers that take turns. */
static inline const char *scratch_file(const struct scratch *s, const char *name) {
  static char paths[4][PATH_MAX];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, PATH_MAX, "%s/%s", s->path, name);
  return path;
}

static inline void scratch_write(const char *path, const void *bytes, size_t len) {
  FILE *f = fopen(path, "wb");
  assert(f);
  size_t n = fwrite(bytes, 1, len, f);
  int closed = fclose(f);
  assert(n == len && !closed);
}

/* The file with a NUL behind it; the caller frees it. */
static inline char *scratch_read(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  assert(f);
  assert(!fseek(f, 0, SEEK_END));
  long end = ftell(f);
  assert(end >= 0);
  rewind(f);
  char *bytes = malloc((size_t)end + 1);
  assert(bytes);
  *len = fread(bytes, 1, (size_t)end, f);
  bytes[*len] = 0;
  fclose(f);
  return bytes;
}

#endif
