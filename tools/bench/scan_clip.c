/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "platform/camera.h"
#include "tools/bench/scan.h"
#include "tools/bench/scan_readers.h"
#include "tools/bench/scan_scores.h"
#include "tools/yingbin/pool.h"

struct seen { /* one text; per effort the first frame in which it was read, -1: none */
  struct found_text text;
  int frame[2];
  int64_t at_ms[2];
};

struct clip {
  struct seen *seen; /* owned */
  int count, frames;
  struct samples frame_ms[2];
};

static struct seen *seen_of(struct clip *clip, struct found_text *text) {
  for (int i = 0; i < clip->count; i++)
    if (clip->seen[i].text.len == text->len && !memcmp(clip->seen[i].text.bytes, text->bytes, text->len)) return &clip->seen[i];
  clip->seen = grow(clip->seen, (size_t)clip->count + 1, sizeof *clip->seen);
  struct seen *seen = &clip->seen[clip->count++];
  *seen = (struct seen){.text = *text, .frame = {-1, -1}};
  text->bytes = NULL; /* moved */
  return seen;
}

/* As the kiosk sees it with pace = fast: every frame, at its own time. */
static bool read_all(struct clip *clip, struct readers *readers, const char *file, enum reader effort,
                     struct problem *problem) {
  struct camera camera;
  struct frame frame;
  struct found found;
  int64_t due_ms;
  enum camera_take take;
  const struct camera_options options = {.paced = false};
  if (!camera_y4m_open(&camera, file, &options, problem)) return false;
  for (clip->frames = 0; (take = camera.ops->take(camera.self, (struct moment){0}, &frame, &due_ms)) == CAMERA_FRAME;
       clip->frames++) {
    reader_read(readers, effort, &frame, &found);
    samples_add(&clip->frame_ms[effort], found.cpu_ms);
    for (int i = 0; i < found.count; i++) {
      struct seen *seen = seen_of(clip, &found.text[i]);
      if (seen->frame[effort] >= 0) continue;
      seen->frame[effort] = clip->frames;
      seen->at_ms[effort] = frame.at_ms;
    }
    found_free(&found);
  }
  if (take != CAMERA_END)
    problem_set(problem, "%s：录像不完整或已损坏：%s", "%s: the recording is incomplete or damaged: %s", file,
                camera.ops->state(camera.self));
  camera_close(&camera);
  return take == CAMERA_END;
}

static json_t *hex_json(const struct found_text *text) {
  char *hex = grow(NULL, 2 * text->len + 1, 1);
  for (size_t i = 0; i < text->len; i++) snprintf(hex + 2 * i, 3, "%02x", text->bytes[i]);
  json_t *json = json_string(hex);
  free(hex);
  return json;
}

/* Live may read what full effort doesn't: then the code is known to be there from that frame on. */
static void tell(const struct seen *seen, struct samples *frames, struct samples *ms) {
  bool live = seen->frame[READER_LIVE] >= 0;
  int since = seen->frame[READER_FULL];
  int64_t since_ms = seen->at_ms[READER_FULL];
  if (since < 0 || (live && seen->frame[READER_LIVE] < since)) {
    since = seen->frame[READER_LIVE];
    since_ms = seen->at_ms[READER_LIVE];
  }
  json_t *line =
      json_pack("{s:s, s:o, s:i, s:b}", "bench", "scan-clip", "hex", hex_json(&seen->text), "first_frame", since, "read", live);
  if (live) {
    int count = seen->frame[READER_LIVE] - since + 1;
    int64_t took_ms = seen->at_ms[READER_LIVE] - since_ms;
    samples_add(frames, count);
    samples_add(ms, (double)took_ms);
    json_object_set_new(line, "frames", json_integer(count));
    json_object_set_new(line, "ms", json_integer(took_ms));
    fprintf(stderr, "  %5d: %d frames, %lld ms\n", since, count, (long long)took_ms);
  } else {
    fprintf(stderr, "  %5d: live 未读出 not read by live effort\n", since);
  }
  scan_put(line);
}

static void tell_all(struct clip *clip) {
  struct samples frames = {0}, ms = {0};
  for (int i = 0; i < clip->count; i++) tell(&clip->seen[i], &frames, &ms);
  json_t *line = json_pack("{s:s, s:s, s:i, s:i, s:i}", "bench", "scan-clip", "set", "all", "clip_frames", clip->frames,
                           "texts", clip->count, "read", frames.count);
  scan_quantiles(line, "frames", &frames);
  scan_quantiles(line, "ms", &ms);
  scan_quantiles(line, "frame_ms", &clip->frame_ms[READER_LIVE]);
  scan_put(line);
  fprintf(stderr, "%d / %d 读出 read", frames.count, clip->count);
  if (frames.count)
    fprintf(stderr, "; frames median %.0f, p95 %.0f, worst %.0f", samples_quantile(&frames, 0.5),
            samples_quantile(&frames, 0.95), samples_quantile(&frames, 1));
  putc('\n', stderr);
  samples_free(&frames);
  samples_free(&ms);
}

bool scan_clip(const char *file, struct problem *problem) {
  struct clip clip = {0};
  struct readers *readers = readers_open();
  bool good = readers || problem_set(problem, "内存不足", "out of memory");
  good = good && read_all(&clip, readers, file, READER_LIVE, problem) && read_all(&clip, readers, file, READER_FULL, problem);
  if (good) tell_all(&clip);
  for (int i = 0; i < clip.count; i++) free(clip.seen[i].text.bytes);
  free(clip.seen);
  samples_free(&clip.frame_ms[READER_LIVE]);
  samples_free(&clip.frame_ms[READER_FULL]);
  readers_close(readers);
  return good;
}
