/* SPDX-License-Identifier: Apache-2.0
 * One yingbin-decoder as a state machine: started, given a frame, asked what happened, stopped. Watch
 * thread. Nothing here blocks and nobody reads a clock: a timer of the kernel's, polled beside the
 * process, says when a start, a frame or a rest has taken its time.
 *
 *   OFF --rest over--> STARTING --ready--> READY <--frame, done--> BUSY; each but OFF --trouble--> OFF
 */
#ifndef YINGBIN_WATCH_DECODER_PROC_H
#define YINGBIN_WATCH_DECODER_PROC_H

#include <poll.h>
#include <sys/types.h>

#include "scan/decoder.h"

enum decoder_state { DECODER_OFF, DECODER_BOOTING, DECODER_IDLE, DECODER_BUSY };

enum decoder_event {
  DECODER_NOTHING,
  DECODER_RESTED, /* OFF: start it now */
  DECODER_UP,     /* BOOTING -> IDLE */
  DECODER_DONE,   /* BUSY -> IDLE, the result was copied and is within bounds */
  DECODER_LATE,   /* a frame, or the start, took longer than its limit */
  DECODER_DIED,
  DECODER_NONSENSE, /* a result out of bounds, or one that nobody asked for */
  DECODER_NO_FILTER /* it can't be confined here, and said so */
};

enum { DECODER_POLLS = 3 };

struct decoder_proc { /* visible for tests; zero-initialise, then decoder_proc_init */
  enum decoder_state state;
  pid_t pid;
  int pidfd, wake, done; /* -1: none */
  int alarm;             /* timerfd, for the life of the struct */
  bool unfiltered;
  int failures; /* in a row, without one frame read */
  uint32_t job; /* the share's copy is the decoder's to spoil */
  int64_t limit_ms, elapsed_ms;
  struct decoder_share *share; /* mapped */
};

bool decoder_proc_init(struct decoder_proc *d); /* OFF, and rested; false: no descriptor left */
void decoder_proc_fini(struct decoder_proc *d);

/* Runs `path`, which inherits its three descriptors and stderr. False: logged, still OFF, resting. */
bool decoder_proc_start(struct decoder_proc *d, const char *path, bool unfiltered);

/* IDLE only: copies the frame and wakes the process. False: too large a frame. */
bool decoder_proc_give(struct decoder_proc *d, const struct frame *frame, enum scan_effort effort, int64_t limit_ms);

/* What to poll for, DECODER_POLLS entries (fd -1 where there is nothing). */
void decoder_proc_polls(const struct decoder_proc *d, struct pollfd *polls);

/* What happened since; at most one thing a call. *result is set with DECODER_DONE alone. */
enum decoder_event decoder_proc_event(struct decoder_proc *d, struct scan_result *result);

int64_t decoder_proc_elapsed_ms(const struct decoder_proc *d); /* BUSY, or the frame just done: since it was given */
uint32_t decoder_proc_cpu_us(const struct decoder_proc *d);    /* of the frame just done */

/* Kills and reaps it, and lets it rest: the longer, the more failures there were in a row. */
void decoder_proc_stop(struct decoder_proc *d);

#endif
