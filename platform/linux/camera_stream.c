/* SPDX-License-Identifier: Apache-2.0
 * Recorded or piped frames: y4m: with its headers, i420: without. A file has an end; a FIFO has
 * writers that come and go. Reading never blocks: what has come of a frame waits for its rest.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "platform/camera.h"
#include "platform/linux/y4m.h"

enum { RETRY_MS = 1000, SKIP_MAX = 30, PIPE_BYTES = 1 << 20 };

enum want { WANT_HEADER, WANT_FRAME_LINE, WANT_PIXELS };
enum got { GOT_IT, GOT_PART, GOT_END, GOT_GARBAGE }; /* PART: the rest isn't there yet; END: no more, or no writer */

struct stream {
  struct camera_options options;
  struct problem problem;
  char *path;
  int fd;
  bool raw, fifo;
  bool hungry; /* a FIFO had nothing: poll it */
  bool fed;    /* something came since it was opened */
  bool started, finished;
  bool troubled; /* the state says so */
  enum want want;
  char line[Y4M_LINE_MAX];
  size_t fill;    /* of line, or of pixels */
  uint8_t *block; /* one frame with its chroma */
  size_t room;
  struct y4m format;
  int64_t start_ms, shown; /* the time of frame 0; frames passed since then, skipped ones too */
  int64_t retry_ms;
  char state[160];
};

static void be(struct stream *s, const char *what) {
  snprintf(s->state, sizeof s->state, "%dx%d %s %.4g fps%s%s", s->format.w, s->format.h, s->raw ? "i420" : "y4m",
           (double)s->format.fps_num / s->format.fps_den, *what ? ": " : "", what);
  s->troubled = *what != '\0';
}

static bool open_again(struct stream *s) {
  int fd = open(s->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  if (fd >= 0 && (fstat(fd, &st) || !(S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)))) {
    close(fd);
    fd = -1;
    errno = ENOTSUP;
  }
  if (s->fd >= 0) close(s->fd); /* after the open: a FIFO's next writer never finds it without a reader */
  s->fd = fd;
  if (fd < 0) return false;
  s->fifo = !S_ISREG(st.st_mode);
  if (s->fifo) fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES); /* a frame in a few reads; where it can't be, in more */
  s->want = s->raw ? WANT_PIXELS : WANT_HEADER;
  s->fill = 0;
  s->fed = false;
  return true;
}

static bool make_room(struct stream *s) {
  size_t need = s->format.luma + s->format.chroma;
  if (s->room >= need) return true;
  uint8_t *more = realloc(s->block, need);
  if (!more) return problem_set(&s->problem, "内存不足", "out of memory");
  s->block = more;
  s->room = need;
  return true;
}

static enum got read_some(struct stream *s, void *at, size_t len, size_t *n) {
  ssize_t got;
  do got = read(s->fd, at, len);
  while (got < 0 && errno == EINTR);
  *n = got > 0 ? (size_t)got : 0;
  s->fed = s->fed || got > 0;
  if (got > 0) return GOT_IT;
  if (got < 0 && errno == EAGAIN) return GOT_PART;
  if (got < 0) problem_set(&s->problem, "读取失败：%s", "reading failed: %s", strerror(errno));
  return got < 0 ? GOT_GARBAGE : GOT_END;
}

static enum got read_line(struct stream *s) {
  for (size_t n; s->fill < sizeof s->line; s->fill++) {
    enum got got = read_some(s, s->line + s->fill, 1, &n);
    if (got != GOT_IT) return got;
    if (s->line[s->fill] == '\n') return GOT_IT;
  }
  problem_set(&s->problem, "一行超过 %d 字节：不是 Y4M 视频", "a line of over %d bytes: not a Y4M stream", Y4M_LINE_MAX);
  return GOT_GARBAGE;
}

static enum got read_pixels(struct stream *s) {
  for (size_t n, need = s->format.luma + s->format.chroma; s->fill < need; s->fill += n) {
    enum got got = read_some(s, s->block + s->fill, need - s->fill, &n);
    if (got != GOT_IT) return got;
  }
  return GOT_IT;
}

static int64_t frame_ms(const struct stream *s, int64_t n) {
  return s->start_ms + n * 1000 * s->format.fps_den / s->format.fps_num;
}

/* A writer's new header may change size and rate: time goes on from where it is. */
static bool take_header(struct stream *s, size_t len) {
  s->start_ms = frame_ms(s, s->shown);
  s->shown = 0;
  if (!y4m_header(s->line, len, &s->format, &s->problem) || !make_room(s)) return false;
  s->want = WANT_FRAME_LINE;
  return true;
}

/* Goes on until a whole frame is there, or nothing more comes. */
static enum got read_frame(struct stream *s) {
  for (;;) {
    enum got got = s->want == WANT_PIXELS ? read_pixels(s) : read_line(s);
    if (got != GOT_IT) return got;
    size_t len = s->fill;
    s->fill = 0;
    switch (s->want) {
    case WANT_HEADER:
      if (!take_header(s, len)) return GOT_GARBAGE;
      be(s, "");
      break;
    case WANT_FRAME_LINE:
      if (!y4m_frame(s->line, len)) {
        problem_set(&s->problem, "两帧之间的内容不对：应为“FRAME”",
                    "what stands between two frames is wrong: expected \"FRAME\"");
        return GOT_GARBAGE;
      }
      s->want = WANT_PIXELS;
      break;
    case WANT_PIXELS: s->want = s->raw ? WANT_PIXELS : WANT_FRAME_LINE; return GOT_IT;
    }
  }
}

static bool inside_frame(const struct stream *s) { return s->fill > 0 || (!s->raw && s->want == WANT_PIXELS); }

/* A file's end, or a FIFO's last writer has gone. */
static enum camera_take at_end(struct stream *s, struct moment now, int64_t *due_ms) {
  bool torn = inside_frame(s);
  if (torn) {
    log_warn("%s: it stops inside a frame", s->path);
    be(s, "stopped inside a frame");
  } else if (s->fifo) {
    be(s, "waiting for a writer");
  }
  if (s->fifo && (s->options.repeat || !s->fed)) {
    /* A fresh descriptor sleeps in poll until the next writer comes; the old one would say for ever that the last has gone. */
    *due_ms = now.mono_ms + RETRY_MS;
    open_again(s);
    s->hungry = s->fd >= 0;
    return CAMERA_LOST;
  }
  *due_ms = now.mono_ms;
  s->finished = !s->options.repeat || !open_again(s);
  if (torn) return CAMERA_LOST;
  return s->finished ? CAMERA_END : CAMERA_NONE;
}

/* What comes can't be understood. A FIFO is closed, so that its writer notices. */
static enum camera_take at_garbage(struct stream *s, struct moment now, int64_t *due_ms) {
  log_warn("%s: %s", s->path, s->problem.en);
  be(s, s->problem.en);
  close(s->fd);
  s->fd = -1;
  s->finished = !s->fifo && !s->options.repeat;
  *due_ms = s->retry_ms = now.mono_ms + RETRY_MS;
  return CAMERA_LOST;
}

static enum camera_take stream_take(void *self, struct moment now, struct frame *frame, int64_t *due_ms) {
  struct stream *s = self;
  s->hungry = false;
  if (s->finished) return CAMERA_END;
  if (!s->started) s->start_ms = now.mono_ms;
  s->started = true;
  *due_ms = s->retry_ms;
  if (s->fd < 0) {
    if (s->options.paced && now.mono_ms < s->retry_ms) return CAMERA_LOST;
    *due_ms = s->retry_ms = now.mono_ms + RETRY_MS;
    if (!open_again(s)) return CAMERA_LOST;
  }
  *due_ms = frame_ms(s, s->shown);
  if (s->options.paced && now.mono_ms < *due_ms) return CAMERA_NONE;
  if (s->fifo && s->options.paced && *due_ms + RETRY_MS < now.mono_ms)
    s->start_ms += now.mono_ms - *due_ms; /* it had a pause */
  for (int skipped = 0;; skipped++) {
    switch (read_frame(s)) {
    case GOT_IT: break;
    case GOT_PART:
      s->hungry = true;
      *due_ms = INT64_MAX;
      return CAMERA_NONE;
    case GOT_END: return at_end(s, now, due_ms);
    case GOT_GARBAGE: return at_garbage(s, now, due_ms);
    }
    if (s->troubled) be(s, "");
    int64_t n = s->shown++;
    /* Like a camera: what nobody took in its time has passed. Its writer's pace is the FIFO's own. */
    if (s->options.paced && !s->fifo && frame_ms(s, n + 1) <= now.mono_ms && skipped < SKIP_MAX) continue;
    int64_t at_ms = s->options.paced && s->fifo ? now.mono_ms : frame_ms(s, n);
    *frame = (struct frame){.luma = s->block, .w = s->format.w, .h = s->format.h, .stride = s->format.w, .at_ms = at_ms};
    return CAMERA_FRAME;
  }
}

static int stream_fd(void *self) {
  struct stream *s = self;
  return s->hungry ? s->fd : -1;
}

static const char *stream_state(void *self) {
  struct stream *s = self;
  return s->state;
}

static void stream_close(void *self) {
  struct stream *s = self;
  if (s->fd >= 0) close(s->fd);
  free(s->block);
  free(s->path);
  free(s);
}

static const struct camera_ops y4m_ops = {"y4m", stream_fd, stream_take, stream_state, stream_close};
static const struct camera_ops i420_ops = {"i420", stream_fd, stream_take, stream_state, stream_close};

static bool stream_open(struct camera *camera, const char *path, const struct y4m *raw, const struct camera_options *options,
                        struct problem *problem) {
  struct stream *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  *s = (struct stream){.options = *options, .fd = -1, .raw = raw != NULL, .path = strdup(path)};
  s->format = raw ? *raw : (struct y4m){.fps_num = options->fps > 0 ? options->fps : 30, .fps_den = 1};
  bool good = s->path && open_again(s);
  if (!good) problem_set(problem, "打不开视频 %s：%s", "can't open the recording %s: %s", path, strerror(errno));
  if (good && raw) good = make_room(s) || (*problem = s->problem, problem_within(problem, path));
  if (good && !s->fifo && !raw) { /* a file's header is looked at now: what can't be played is said at the start */
    good = read_line(s) == GOT_IT && y4m_header(s->line, s->fill, &s->format, &s->problem) && make_room(s);
    if (!good && !*s->problem.en) problem_set(&s->problem, "不是 Y4M 视频，或是空的", "not a Y4M stream, or an empty one");
    if (!good) {
      *problem = s->problem;
      problem_within(problem, path);
    }
    s->want = WANT_FRAME_LINE;
    s->fill = 0;
  }
  if (!good) {
    stream_close(s);
    return false;
  }
  be(s, s->fifo ? "waiting for a writer" : "");
  *camera = (struct camera){raw ? &i420_ops : &y4m_ops, s};
  return true;
}

bool camera_y4m_open(struct camera *camera, const char *file, const struct camera_options *options, struct problem *problem) {
  return stream_open(camera, file, NULL, options, problem);
}

bool camera_i420_open(struct camera *camera, const char *spec, const struct camera_options *options, struct problem *problem) {
  long w = 0, h = 0, fps = 0;
  int n = 0;
  struct y4m raw;
  if (sscanf(spec, "%5ldx%5ld@%4ld:%n", &w, &h, &fps, &n) != 3 || !n || !spec[n]) {
    return problem_set(problem, "摄像头 i420:%s 不对：应为 i420:宽x高@帧率:文件",
                       "camera i420:%s: expected i420:WIDTHxHEIGHT@FPS:FILE", spec);
  }
  return y4m_raw(w, h, fps, 1, &raw, problem) && stream_open(camera, spec + n, &raw, options, problem);
}
