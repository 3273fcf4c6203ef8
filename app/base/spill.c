/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST = 1 << 16, STEP_MOST = 1 << 26 };

int spill_file(const char *folder) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/.spill-XXXXXX", folder) >= PATH_MAX) return errno = ENAMETOOLONG, -1;
  const int fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0) unlink(path);
  return fd;
}

bool spill_open(struct spill *s, const char *folder) {
  *s = (struct spill){.fd = spill_file(folder)};
  return s->fd >= 0;
}

void spill_close(struct spill *s) {
  if (s->at) munmap(s->at, s->room);
  if (s->fd >= 0) close(s->fd);
  *s = (struct spill){.fd = -1};
}

/* The file's blocks are taken before they are mapped: a full disk is an error here, not a signal later. */
static bool grow(struct spill *s, size_t least) {
  size_t room = s->room ? s->room : FIRST;
  while (room < least) room += room < STEP_MOST ? room : STEP_MOST;
  const int error = posix_fallocate(s->fd, (off_t)s->room, (off_t)(room - s->room));
  if (error) return errno = error, false;
  void *at =
      s->at ? mremap(s->at, s->room, room, MREMAP_MAYMOVE) : mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
  if (at == MAP_FAILED) return false;
  s->at = at, s->room = room;
  return true;
}

void spill_rest(struct spill *s) {
  if (s->at) madvise(s->at, s->room, MADV_DONTNEED); /* of a mapped file: nothing is lost */
}

void *spill_add(struct spill *s, size_t bytes) {
  if (s->used + bytes > s->room && !grow(s, s->used + bytes)) return NULL;
  void *at = (char *)s->at + s->used;
  s->used += bytes;
  return at;
}
