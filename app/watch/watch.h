/* SPDX-License-Identifier: Apache-2.0
 * The watch service: camera -> decoder process -> payload. It alone owns camera and decoders: one that
 * works and one, started and filtered already, that waits. A decoder that takes over 250 ms for one frame, dies or
 * talks nonsense is killed and the spare takes its place; that frame is lost, and counted. What the mirror
 * shows leaves only with its codes painted over.
 */
#ifndef YINGBIN_WATCH_WATCH_H
#define YINGBIN_WATCH_WATCH_H

#include "base/latest.h"
#include "base/mailbox.h"
#include "core/notice.h"
#include "platform/camera.h"
#include "platform/tick.h"

struct watch_options {
  const char *decoder;    /* path of yingbin-decoder */
  bool insecure_decoder;  /* run it unfiltered (sanitizers) */
  int64_t frame_limit_ms; /* 250 */
  bool lockstep;          /* recordings as fast as they go: every frame is read, and each payload dealt with before the next */
  bool once;              /* end at the recording's end */
};

struct watch {
  struct camera camera; /* owned once watch_init succeeded */
  struct watch_options options;
  struct mailbox *payloads;  /* borrowed: to desk */
  struct latest *health;     /* borrowed */
  struct latest *mirror;     /* borrowed; NULL: none is made */
  struct bell bell;          /* owned */
  struct tick *stream;       /* borrowed; moved by frames' times in lockstep, else NULL */
  struct watch_state *state; /* owned: decoders, counters */
};

bool watch_init(struct watch *w, struct problem *problem); /* the fields above `bell` set by the caller */
void watch_fini(struct watch *w);                          /* kills and reaps the decoders */
int64_t watch_step(void *watch, struct moment now); /* waits inside on camera, decoder and bell, at most to its deadline */
bool watch_ended(const struct watch *w);            /* `once`, the recording is at its end and every payload was taken */

/* No decoder will ever read a frame: `problem` says why, and what to do. */
bool watch_cant_read(const struct watch_health *health, const char *decoder, struct problem *problem);

#endif
