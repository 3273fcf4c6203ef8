/* SPDX-License-Identifier: Apache-2.0
 * A scratch folder's pack, as `yingbin pack build` makes it. Every failure ends the test.
 */
#ifndef YINGBIN_TESTS_FOLDER_BUILD_H
#define YINGBIN_TESTS_FOLDER_BUILD_H

#include "scratch.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/folder.h"

/* The next build of the folder, read anew, as FILE. `f` holds what was read before (zeroes, the first time); the caller frees
 * it. */
static inline struct build folder_build(struct folder *f, const struct scratch *s, const struct minisign_key *key,
                                        const char *file) {
  struct problem problem;
  struct build b;
  uint32_t number;
  folder_free(f);
  if (!folder_read(s->path, f, &problem)) fail_msg("%s", problem.en);
  build_count(f, &b);
  if (!folder_next_build(f, &number, &problem) || !build_write(f, scratch_file(s, file), key, &b, &problem))
    fail_msg("%s", problem.en);
  return b;
}

#endif
