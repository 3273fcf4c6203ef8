/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/bound.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "tools/yingbin/kiosks.h"

enum { PAUSE_MS = 20, PATIENCE_MS = 2000 };

struct binding {
  struct kiosks *kiosks; /* borrowed */
  bool changed, full;
};

/* As the organizer's commands lock it: one of them may be making a card, or for minutes a pack. -1: it couldn't be had in time.
 */
static int lock_folder(const char *file, int patience_ms) {
  const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};
  const char *slash = strrchr(file, '/');
  char dir[PATH_MAX];
  snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
  const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int waited = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; waited += PAUSE_MS) {
    if (errno == EWOULDBLOCK && waited < patience_ms) {
      nanosleep(&pause, NULL);
      continue;
    }
    close(fd);
    return -1;
  }
  return fd;
}

static bool bind(void *self, const struct store_seen *seen) {
  struct binding *b = self;
  char hex[65];
  if (!seen->has_key) return true;
  sodium_bin2hex(hex, sizeof hex, seen->key, sizeof seen->key);
  switch (kiosks_bind(b->kiosks, seen->name, hex)) {
  case KIOSKS_BOUND: b->changed = true; break;
  case KIOSKS_KNOWN: break;
  case KIOSKS_FULL: b->full = true;
  }
  return !b->full;
}

bool bound_write(const struct store_ops *ops, void *store, const char *file, struct problem *problem) {
  const int lock = lock_folder(file, PATIENCE_MS);
  if (lock < 0)
    return problem_set(
        problem, "%s 的文件夹正被别的命令占用，或打不开：登记的密钥还没有写进去",
        "the folder of %s is in use by another command, or can't be opened: the keys that enrolled aren't in it yet", file);
  struct pool texts = {.newest = NULL};
  struct kiosks kiosks;
  struct binding b = {.kiosks = &kiosks};
  bool good = kiosks_read(file, &texts, &kiosks, problem);
  if (good && ops->kiosks(store, bind, &b) != STORE_DONE)
    good = problem_set(problem, "数据库暂时不能读", "the database can't be read now");
  if (b.full) good = problem_set(problem, "%s 里签到机太多", "there are too many kiosks in %s", file);
  if (good && b.changed) good = kiosks_write(file, &kiosks, problem);
  close(lock);
  kiosks_free(&kiosks);
  pool_free(&texts);
  return good;
}

struct bound {
  const struct store_ops *ops;
  void *store;
  const char *file;
  atomic_uint asked; /* how often, ever */
  pthread_mutex_t lock;
  unsigned done; /* under the lock: up to which of these */
  bool missing;  /* too: something isn't written yet */
};

struct bound *bound_open(const struct store_ops *ops, void *store, const char *file) {
  struct bound *b = calloc(1, sizeof *b);
  if (!b) return NULL;
  b->ops = ops, b->store = store, b->file = file;
  pthread_mutex_init(&b->lock, NULL);
  return b;
}

void bound_bring(struct bound *b) {
  struct problem problem;
  if (!b) return;
  const unsigned own = atomic_fetch_add(&b->asked, 1) + 1;
  pthread_mutex_lock(&b->lock);
  if ((int)(own - b->done) > 0) { /* else somebody who came later took it along */
    b->done = atomic_load(&b->asked);
    const bool good = bound_write(b->ops, b->store, b->file, &problem);
    if (!good && !b->missing) problem_print(&problem, "yingbin-hub");
    b->missing = !good;
  }
  pthread_mutex_unlock(&b->lock);
}

void bound_look(struct bound *b) {
  if (!b) return;
  pthread_mutex_lock(&b->lock);
  const bool missing = b->missing;
  pthread_mutex_unlock(&b->lock);
  if (missing) bound_bring(b);
}

void bound_close(struct bound *b) {
  if (!b) return;
  pthread_mutex_destroy(&b->lock);
  free(b);
}
