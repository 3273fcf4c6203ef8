/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch.h"

#include <assert.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "watch/decoder_proc.h"
#include "watch/mirror.h"

enum {
  DECODERS = 2,
  HEALTH_EVERY_MS = 1000,
  LOSS_TOLD_MS = 10000, /* a decoder's loss gets a line in the log so often at most */
  FAILS_IN_ROW = 6,     /* each of the two, three times */
  /* Nobody stands before a recording played as fast as it goes, and a busy machine must not change what it says. */
  LOCKSTEP_PATIENCE = 40
};

_Static_assert((int)CAMERA_PIXELS_MAX == (int)DECODER_PIXELS_MAX, "what a camera may lend is what a decoder takes");

struct watch_state {
  struct decoder_proc decoder[DECODERS];
  int active;
  struct moment job_at;  /* of the frame that is being read */
  int64_t camera_due_ms; /* when to ask it again, unless its descriptor says so earlier */
  struct watch_health health;
  int64_t told_ms, told_frames; /* when, and after how many frames, health was last told */
  int64_t loss_due_ms;          /* when the next loss may be logged */
  int untold, lost_in_row;      /* losses not logged; losses since a frame was read */
  bool news;
  atomic_bool ended;
  struct scan_result result;
  struct payload payload;
  struct mirror_maker mirror;
};

bool watch_init(struct watch *w, struct problem *problem) {
  if (access(w->options.decoder, X_OK)) {
    return problem_set(problem, "找不到解码程序 %s：请重新安装，或在 kiosk.conf 中用 decoder = 路径 指明",
                       "there is no decoder program %s: install again, or name it by decoder = PATH in kiosk.conf",
                       w->options.decoder);
  }
  struct watch_state *state = calloc(1, sizeof *state);
  if (!state) return problem_set(problem, "内存不足", "out of memory");
  bool good = bell_init(&w->bell);
  for (int i = 0; i < DECODERS; i++) good = decoder_proc_init(&state->decoder[i]) && good;
  if (!good) {
    for (int i = 0; i < DECODERS; i++) decoder_proc_fini(&state->decoder[i]);
    bell_fini(&w->bell);
    free(state);
    return problem_set(problem, "系统的文件描述符已用完", "no file descriptor is left");
  }
  state->news = true;
  w->state = state;
  return true;
}

void watch_fini(struct watch *w) {
  if (!w->state) return;
  for (int i = 0; i < DECODERS; i++) decoder_proc_fini(&w->state->decoder[i]);
  free(w->state);
  w->state = NULL;
  bell_fini(&w->bell);
  camera_close(&w->camera);
}

bool watch_ended(const struct watch *w) { return atomic_load(&w->state->ended) && mailbox_empty(w->payloads); }

static struct decoder_proc *active(struct watch_state *s) { return &s->decoder[s->active]; }

static void send_payloads(struct watch *w, struct moment now) {
  struct watch_state *s = w->state;
  struct payload *p = &s->payload;
  int64_t elapsed = decoder_proc_elapsed_ms(active(s)), since = now.mono_ms - s->job_at.mono_ms;
  for (int i = 0; i < s->result.count; i++) {
    const struct scan_code *code = &s->result.code[i];
    memset(p, 0, sizeof *p);
    memcpy(p->bytes, code->bytes, code->len);
    memcpy(p->where, code->where, sizeof p->where);
    p->len = code->len;
    p->by = BY_CAMERA;
    p->at = s->job_at;
    p->read_ms = (int32_t)(w->options.lockstep ? elapsed : since);
    if (w->options.lockstep)
      mailbox_put_wait(w->payloads, p);
    else
      mailbox_put(w->payloads, p); /* full: dropped and counted there; the code is still before the camera */
  }
  if (w->options.lockstep && s->result.count) mailbox_drain_wait(w->payloads);
}

/* One line for the first, however many there are: somebody may hold up the same hostile picture for minutes. */
static void log_loss(struct watch *w, const char *why, bool reading, struct moment now) {
  struct watch_state *s = w->state;
  bool tell = !s->health.decoder_fails && now.mono_ms >= s->loss_due_ms;
  if (++s->lost_in_row >= FAILS_IN_ROW && !s->health.decoder_fails) {
    s->health.decoder_fails = true;
    log_error("the decoder %s ended or hung %d times in a row without reading a frame: nothing is scanned. Is it this "
              "version's yingbin-decoder?",
              w->options.decoder, s->lost_in_row);
  } else if (!tell) {
    s->untold++;
  } else {
    char more[48] = "";
    if (s->untold) snprintf(more, sizeof more, " (and %d before it, not told)", s->untold);
    log_warn("a decoder %s%s: replaced%s", why, reading ? " over a frame" : "", more);
    s->untold = 0;
    s->loss_due_ms = now.mono_ms + LOSS_TOLD_MS;
  }
}

static void lose(struct watch *w, struct decoder_proc *d, enum decoder_event event, struct moment now) {
  static const char *const why[] = {[DECODER_LATE] = "took too long",
                                    [DECODER_DIED] = "died",
                                    [DECODER_NONSENSE] = "gave a result that can't be",
                                    [DECODER_NO_FILTER] = "can't be confined here"};
  struct watch_health *h = &w->state->health;
  bool reading = d->state == DECODER_BUSY;
  if (event == DECODER_LATE)
    h->killed++;
  else
    h->died++;
  if (reading) h->lost_frames++;
  if (reading) mirror_drop(&w->state->mirror);
  if (event == DECODER_NO_FILTER && !h->sandbox_refused) {
    log_error("the decoder's system call filter can't be installed here: nothing is scanned (--insecure-decoder goes without)");
  } else if (event != DECODER_NO_FILTER) {
    log_loss(w, why[event], reading, now);
  }
  if (event == DECODER_NO_FILTER) h->sandbox_refused = true;
  w->state->news = true;
  decoder_proc_stop(d);
}

static void frame_read(struct watch *w, struct decoder_proc *d, struct moment now) {
  struct watch_state *s = w->state;
  if (s->health.decoder_fails) log_info("the decoder reads again");
  s->news = s->news || s->health.decoder_fails;
  s->health.decoder_fails = false;
  s->lost_in_row = 0;
  s->health.decoded++;
  s->health.read_us = (int32_t)decoder_proc_cpu_us(d);
  /* The mirror first: what the screen goes back to is older than the verdict. */
  if (w->mirror && mirror_finish(&s->mirror, &s->result)) latest_set(w->mirror, &s->mirror.mirror);
  send_payloads(w, now);
}

static void decoder_events(struct watch *w, struct moment now) {
  struct watch_state *s = w->state;
  for (int i = 0; i < DECODERS; i++) {
    struct decoder_proc *d = &s->decoder[i];
    enum decoder_event event = decoder_proc_event(d, &s->result);
    switch (event) {
    case DECODER_NOTHING: break;
    case DECODER_RESTED: decoder_proc_start(d, w->options.decoder, w->options.insecure_decoder); break;
    case DECODER_UP: s->health.sandbox_refused = false; break;
    case DECODER_DONE: frame_read(w, d, now); break;
    default: lose(w, d, event, now); break;
    }
  }
  /* The spare takes over at once; the one it replaces is started again as the new spare. */
  int other = DECODERS - 1 - s->active;
  if (active(s)->state < DECODER_IDLE && s->decoder[other].state == DECODER_IDLE) s->active = other;
  bool scanning = active(s)->state >= DECODER_IDLE;
  s->news = s->news || scanning != s->health.scanning;
  s->health.scanning = scanning;
}

static void camera_is(struct watch *w, enum watch_camera camera) {
  struct watch_health *h = &w->state->health;
  const char *state = w->camera.ops->state(w->camera.self);
  if (h->camera == camera && !strncmp(h->state, state, sizeof h->state - 1)) return;
  h->camera = camera;
  snprintf(h->state, sizeof h->state, "%s", state);
  w->state->news = true;
}

/* When the frame was taken, on both clocks. */
static struct moment frame_moment(const struct watch *w, const struct frame *frame, struct moment now) {
  if (w->options.lockstep && w->stream) {
    tick_set(w->stream, frame->at_ms);
    return tick_now(w->stream);
  }
  return (struct moment){frame->at_ms, now.wall_ms - (now.mono_ms - frame->at_ms), now.wall_ok};
}

/* Asks the camera while a decoder is free: what came in between is skipped by the driver, which gives the newest. */
static void camera_turn(struct watch *w, struct moment now) {
  struct watch_state *s = w->state;
  if (active(s)->state != DECODER_IDLE || s->health.camera == WATCH_CAMERA_ENDED) return;
  struct frame frame;
  s->camera_due_ms = INT64_MAX;
  switch (w->camera.ops->take(w->camera.self, now, &frame, &s->camera_due_ms)) {
  case CAMERA_FRAME:
    s->camera_due_ms = now.mono_ms;
    s->health.frames++;
    s->job_at = frame_moment(w, &frame, now);
    int64_t limit_ms = w->options.frame_limit_ms * (w->options.lockstep ? LOCKSTEP_PATIENCE : 1);
    if (!decoder_proc_give(active(s), &frame, SCAN_LIVE, limit_ms))
      s->health.lost_frames++; /* larger than it takes */
    else if (w->mirror)
      mirror_keep(&s->mirror, &frame, s->job_at);
    camera_is(w, WATCH_CAMERA_GOOD);
    break;
  case CAMERA_NONE:
    if (!strcmp(w->camera.ops->scheme, "none")) camera_is(w, WATCH_CAMERA_NONE);
    break;
  case CAMERA_LOST: camera_is(w, WATCH_CAMERA_LOST); break;
  case CAMERA_END: camera_is(w, WATCH_CAMERA_ENDED); break;
  }
}

static void tell_health(struct watch *w, struct moment now) {
  struct watch_state *s = w->state;
  int64_t since = now.mono_ms - s->told_ms;
  if (!s->news && since < HEALTH_EVERY_MS) return;
  if (since >= HEALTH_EVERY_MS) { /* news in between tells the rate of the last whole second */
    s->health.fps_x10 = (int32_t)((s->health.frames - s->told_frames) * 10000 / since);
    s->told_ms = now.mono_ms;
    s->told_frames = s->health.frames;
  }
  s->news = false;
  latest_set(w->health, &s->health);
}

/* Waits for camera, decoders or bell, which the thread clears. */
static void wait_for_something(struct watch *w, struct moment now) {
  struct watch_state *s = w->state;
  struct pollfd polls[DECODERS * DECODER_POLLS + 2];
  nfds_t n = 0;
  for (int i = 0; i < DECODERS; i++, n += DECODER_POLLS) decoder_proc_polls(&s->decoder[i], polls + n);
  polls[n++] = (struct pollfd){.fd = w->bell.fd, .events = POLLIN};
  bool ask = active(s)->state == DECODER_IDLE && s->health.camera != WATCH_CAMERA_ENDED;
  polls[n++] = (struct pollfd){.fd = ask ? w->camera.ops->fd(w->camera.self) : -1, .events = POLLIN};

  int64_t until = s->told_ms + HEALTH_EVERY_MS;
  if (ask && s->camera_due_ms < until) until = s->camera_due_ms;
  int64_t timeout = until - now.mono_ms;
  poll(polls, n, timeout < 0 ? 0 : timeout < HEALTH_EVERY_MS ? (int)timeout : HEALTH_EVERY_MS);
}

int64_t watch_step(void *watch, struct moment now) {
  struct watch *w = watch;
  struct watch_state *s = w->state;
  decoder_events(w, now);
  camera_turn(w, now);
  bool at_end = s->health.camera == WATCH_CAMERA_ENDED && active(s)->state != DECODER_BUSY;
  bool cant = s->health.sandbox_refused || (s->health.decoder_fails && !s->health.decoded);
  if (w->options.once && (at_end || (w->options.lockstep && cant))) atomic_store(&s->ended, true);
  tell_health(w, now);
  wait_for_something(w, now);
  return now.mono_ms; /* all waiting is done here: at once again, with a fresh now */
}

bool watch_cant_read(const struct watch_health *health, const char *decoder, struct problem *problem) {
  if (health->sandbox_refused) {
    problem_set(problem, "这台机器无法给解码程序加上沙箱，没有扫码（--insecure-decoder 可以不用沙箱，仅限测试）",
                "the decoder can't be confined on this machine: nothing was scanned (--insecure-decoder goes without, for "
                "tests only)");
    return true;
  }
  if (!health->decoder_fails || health->decoded) return false;
  problem_set(problem, "解码程序 %s 一启动就退出，没有扫码：请重新安装，或用 decoder = 路径 指明同一版本的 yingbin-decoder",
              "the decoder %s ends as soon as it is started: nothing was scanned; install again, or name the yingbin-decoder "
              "of this version by decoder = PATH",
              decoder);
  return true;
}
