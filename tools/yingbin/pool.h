/* SPDX-License-Identifier: Apache-2.0
 * Texts of one owner's lifetime, in blocks, freed together. Out of memory ends the tool.
 */
#ifndef YINGBIN_TOOLS_POOL_H
#define YINGBIN_TOOLS_POOL_H

#include <stddef.h>

struct pool { /* zero-initialised */
  struct pool_block *newest;
};

const char *pool_add(struct pool *pool, const char *text, size_t len); /* a copy with a NUL behind it */
const char *pool_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_free(struct pool *pool);

/* realloc to hold `count` items of `size`; never fails. */
void *grow(void *block, size_t count, size_t size);

#endif
