/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/pool.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 65536 };

struct pool_block {
  struct pool_block *older;
  size_t used, room;
  char bytes[];
};

static void *or_die(void *block) {
  if (block) return block;
  fputs("yingbin: 内存不足\nyingbin: out of memory\n", stderr);
  exit(1);
}

void *grow(void *block, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) or_die(NULL);
  size_t bytes = count * size;
  return or_die(realloc(block, bytes ? bytes : 1));
}

static char *pool_room(struct pool *p, size_t len) {
  struct pool_block *b = p->newest;
  if (!b || b->room - b->used < len) {
    size_t room = len > BLOCK ? len : BLOCK;
    b = or_die(malloc(sizeof *b + room));
    *b = (struct pool_block){.older = p->newest, .room = room};
    p->newest = b;
  }
  b->used += len;
  return b->bytes + b->used - len;
}

const char *pool_add(struct pool *p, const char *text, size_t len) {
  if (!len) return "";
  char *copy = pool_room(p, len + 1);
  memcpy(copy, text, len);
  copy[len] = 0;
  return copy;
}

const char *pool_format(struct pool *p, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  char *copy = pool_room(p, (size_t)len + 1);
  vsnprintf(copy, (size_t)len + 1, format, again);
  va_end(again);
  va_end(args);
  return copy;
}

void pool_free(struct pool *p) {
  while (p->newest) {
    struct pool_block *older = p->newest->older;
    free(p->newest);
    p->newest = older;
  }
}
