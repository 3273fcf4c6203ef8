/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/decoder_proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

enum {
  START_LIMIT_MS = 10000, /* a Pi's slow card under load */
  REST_FIRST_MS = 10,
  REST_LAST_MS = 2000,
  OWN_FD_FIRST = 16 /* above all that the child's dup2 writes to */
};

static void alarm_set(const struct decoder_proc *d, int64_t ms) {
  struct itimerspec t = {.it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}};
  if (!ms) t.it_value.tv_nsec = 1; /* 0 would disarm it */
  timerfd_settime(d->alarm, 0, &t, NULL);
}

static void alarm_off(const struct decoder_proc *d) {
  struct itimerspec t = {.it_value = {0}};
  timerfd_settime(d->alarm, 0, &t, NULL);
}

static bool counted(int fd) {
  uint64_t times;
  return fd >= 0 && read(fd, &times, sizeof times) == sizeof times;
}

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

bool decoder_proc_init(struct decoder_proc *d) {
  *d = (struct decoder_proc){.state = DECODER_OFF, .pid = -1, .pidfd = -1, .wake = -1, .done = -1};
  d->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (d->alarm < 0) return false;
  alarm_set(d, 0);
  return true;
}

void decoder_proc_fini(struct decoder_proc *d) {
  decoder_proc_stop(d);
  close_fd(&d->alarm);
}

static void release(struct decoder_proc *d) {
  close_fd(&d->pidfd);
  close_fd(&d->wake);
  close_fd(&d->done);
  if (d->share) munmap(d->share, sizeof *d->share);
  d->share = NULL;
  d->pid = -1;
  d->state = DECODER_OFF;
}

void decoder_proc_stop(struct decoder_proc *d) {
  if (d->state == DECODER_OFF) return;
  siginfo_t how;
  if (d->pidfd >= 0) pidfd_send_signal(d->pidfd, SIGKILL, NULL, 0);
  /* Ours alone and never by -1, so nobody else's child is taken. ECHILD: the program ignores SIGCHLD. */
  while (waitid(P_PIDFD, (id_t)d->pidfd, &how, WEXITED) && errno == EINTR) continue;
  release(d);
  int64_t rest = d->failures ? REST_FIRST_MS : 0;
  for (int i = 1; i < d->failures && rest < REST_LAST_MS; i++) rest *= 2;
  alarm_set(d, rest < REST_LAST_MS ? rest : REST_LAST_MS);
}

/* The share can't shrink under our feet, whatever the decoder does: a sealed memfd. */
static int share_make(struct decoder_share **share) {
  int low = memfd_create("yingbin-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, OWN_FD_FIRST);
  close_fd(&low);
  if (fd < 0) return -1;
  void *at = MAP_FAILED;
  if (!ftruncate(fd, sizeof **share) && !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
    at = mmap(NULL, sizeof **share, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  }
  if (at == MAP_FAILED) {
    close_fd(&fd);
    return -1;
  }
  *share = at;
  (*share)->abi = DECODER_ABI;
  return fd;
}

static int event_make(int flags) {
  int low = eventfd(0, EFD_CLOEXEC | flags);
  int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, OWN_FD_FIRST);
  close_fd(&low);
  return fd;
}

static int spawn(const struct decoder_proc *d, const char *path, int share, pid_t *pid) {
  char parent[16];
  snprintf(parent, sizeof parent, "%d", (int)getpid());
  char *argv[] = {(char *)path, parent, d->unfiltered ? (char *)"--unfiltered" : NULL, NULL};
  char *nothing[] = {(char *)"LC_ALL=C", NULL}; /* no LD_PRELOAD and the like into the filtered one */
  sigset_t ours, all; /* ours: what asks the kiosk to stop; its group is asked, too, but the decoders end with it */
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGTERM);
  sigaddset(&ours, SIGHUP);
  sigfillset(&all);
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&attributes, &ours);
  posix_spawnattr_setsigdefault(&attributes, &all);
  int error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO); /* stdout is for verdicts */
  if (!error) error = posix_spawn_file_actions_adddup2(&files, share, DECODER_FD_SHARE);
  if (!error) error = posix_spawn_file_actions_adddup2(&files, d->wake, DECODER_FD_WAKE);
  if (!error) error = posix_spawn_file_actions_adddup2(&files, d->done, DECODER_FD_DONE);
  /* The rest would go at the exec; until then a child that outlives us would hold our locks. */
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(&files, DECODER_FD_DONE + 1);
  if (!error) error = posix_spawn(pid, path, &files, &attributes, argv, d->unfiltered ? environ : nothing);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

bool decoder_proc_start(struct decoder_proc *d, const char *path, bool unfiltered) {
  d->unfiltered = unfiltered;
  d->state = DECODER_BOOTING;
  d->job = 0;
  int share = share_make(&d->share);
  d->wake = event_make(0);
  d->done = event_make(EFD_NONBLOCK);
  int error = share < 0 || d->wake < 0 || d->done < 0 ? errno : spawn(d, path, share, &d->pid);
  close_fd(&share);
  if (!error) {
    d->pidfd = pidfd_open(d->pid, 0);
    if (d->pidfd < 0) {
      error = errno;
      kill(d->pid, SIGKILL);
      waitpid(d->pid, NULL, 0);
    }
  }
  if (error) {
    log_error("decoder %s does not start: %s", path, strerror(error));
    release(d);
    d->failures++;
    alarm_set(d, REST_LAST_MS);
    return false;
  }
  d->limit_ms = START_LIMIT_MS;
  alarm_set(d, START_LIMIT_MS);
  return true;
}

bool decoder_proc_give(struct decoder_proc *d, const struct frame *frame, enum scan_effort effort, int64_t limit_ms) {
  struct decoder_share *share = d->share;
  if (frame->w < 1 || frame->h < 1 || frame->w > SCAN_SIDE_MAX || frame->h > SCAN_SIDE_MAX || frame->stride < frame->w ||
      (int64_t)frame->w * frame->h > DECODER_PIXELS_MAX) {
    return false;
  }
  size_t w = (size_t)frame->w;
  for (size_t y = 0; y < (size_t)frame->h; y++) memcpy(share->luma + y * w, frame->luma + y * (size_t)frame->stride, w);
  share->w = share->stride = frame->w;
  share->h = frame->h;
  share->effort = (uint32_t)effort;
  __atomic_store_n(&share->job, ++d->job, __ATOMIC_RELEASE);
  uint64_t one = 1;
  (void)!write(d->wake, &one, sizeof one); /* if it fails, the frame is late */
  d->limit_ms = limit_ms;
  alarm_set(d, limit_ms);
  d->state = DECODER_BUSY;
  return true;
}

void decoder_proc_polls(const struct decoder_proc *d, struct pollfd *polls) {
  const int fds[DECODER_POLLS] = {d->pidfd, d->done, d->alarm};
  for (int i = 0; i < DECODER_POLLS; i++) polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
}

/* Nothing in the share is believed: it is copied first, so that it can't change after it was checked. */
static bool result_copy(const struct decoder_proc *d, struct scan_result *result) {
  if (__atomic_load_n(&d->share->done_job, __ATOMIC_ACQUIRE) != d->job) return false;
  memcpy(result, &d->share->result, sizeof *result);
  if (result->count < 0 || result->count > SCAN_CODES_MAX) return false;
  for (int i = 0; i < result->count; i++) {
    if (!result->code[i].len || result->code[i].len > PAYLOAD_MAX) return false;
  }
  if (result->places < 0 || result->places > SCAN_PLACES_MAX) return false;
  for (int i = 0; i < result->places; i++) {
    uint8_t sure; /* a bool may only be read once it is one */
    memcpy(&sure, &result->place[i].sure, 1);
    if (sure > 1) return false;
  }
  return true;
}

static enum decoder_event booted(struct decoder_proc *d) {
  switch (__atomic_load_n(&d->share->ready, __ATOMIC_ACQUIRE)) {
  case DECODER_FILTERED: break;
  case DECODER_UNFILTERED:
    if (!d->unfiltered) return DECODER_NONSENSE;
    break;
  case DECODER_REFUSED: return DECODER_NO_FILTER;
  default: return DECODER_NONSENSE;
  }
  alarm_off(d);
  d->state = DECODER_IDLE;
  return DECODER_UP;
}

static enum decoder_event read_one(struct decoder_proc *d, struct scan_result *result) {
  if (!result_copy(d, result)) return DECODER_NONSENSE;
  d->failures = 0;
  d->elapsed_ms = decoder_proc_elapsed_ms(d);
  alarm_off(d);
  d->state = DECODER_IDLE;
  return DECODER_DONE;
}

static bool gone(const struct decoder_proc *d) {
  struct pollfd p = {.fd = d->pidfd, .events = POLLIN};
  return poll(&p, 1, 0) > 0;
}

enum decoder_event decoder_proc_event(struct decoder_proc *d, struct scan_result *result) {
  if (d->state == DECODER_OFF) return counted(d->alarm) ? DECODER_RESTED : DECODER_NOTHING;
  enum decoder_event event = DECODER_NOTHING;
  if (counted(d->done)) {
    if (d->state == DECODER_BOOTING)
      event = booted(d);
    else
      event = d->state == DECODER_BUSY ? read_one(d, result) : DECODER_NONSENSE;
  } else if (gone(d)) {
    event = DECODER_DIED;
  } else if (counted(d->alarm)) {
    event = DECODER_LATE;
  }
  if (event >= DECODER_LATE) d->failures++;
  return event;
}

int64_t decoder_proc_elapsed_ms(const struct decoder_proc *d) {
  if (d->state != DECODER_BUSY) return d->elapsed_ms;
  struct itimerspec left = {.it_value = {0}};
  timerfd_gettime(d->alarm, &left);
  return d->limit_ms - (left.it_value.tv_sec * 1000 + left.it_value.tv_nsec / 1000000);
}

uint32_t decoder_proc_cpu_us(const struct decoder_proc *d) { return d->share->cpu_us; }
