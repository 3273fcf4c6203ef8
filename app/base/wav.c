/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wav.h"

#include <string.h>

enum { HEAD = 12, CHUNK_HEAD = 8, FORMAT_LEAST = 16, PCM = 1, BITS = 16 };

static uint32_t u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }
static uint32_t u32(const uint8_t *at) { return u16(at) | u16(at + 2) << 16; }

static bool read_format(const uint8_t *at, size_t len, struct wav *w, struct problem *problem) {
  if (len < FORMAT_LEAST || u16(at) != PCM || u16(at + 14) != BITS)
    return problem_set(problem, "不是 16 位 PCM 的 WAV：请用录音软件另存为“WAV（16 位 PCM）”",
                       "not a WAV of 16-bit PCM: save it again as “WAV (16-bit PCM)”");
  const uint32_t channels = u16(at + 2), rate = u32(at + 4), bytes = u32(at + 8), block = u16(at + 12);
  if (channels < 1 || channels > 2)
    return problem_set(problem, "有 %u 个声道，应为单声道或双声道", "has %u channels; one or two were expected", channels);
  if (rate < WAV_RATE_LEAST || rate > WAV_RATE_MOST)
    return problem_set(problem, "采样率是 %u Hz，应在 %d 到 %d 之间", "has %u samples a second; %d to %d were expected", rate,
                       WAV_RATE_LEAST, WAV_RATE_MOST);
  if (block != channels * 2 || bytes != rate * block)
    return problem_set(problem, "WAV 的文件头自相矛盾，文件已损坏：请重新导出",
                       "the WAV header contradicts itself, so the file is damaged: export it again");
  w->channels = (int32_t)channels;
  w->rate = (int32_t)rate;
  return true;
}

static bool read_data(const uint8_t *at, size_t len, struct wav *w, struct problem *problem) {
  const size_t block = (size_t)w->channels * 2, frames = len / block;
  if (len % block != 0 || frames == 0)
    return problem_set(problem, "WAV 里没有声音，或最后一个采样不完整：请重新导出",
                       "the WAV holds no sound, or its last sample is cut: export it again");
  if (frames > (size_t)w->rate * WAV_SECONDS_MOST)
    return problem_set(problem, "长 %.1f 秒，最多 %d 秒", "is %.1f seconds long; at most %d", (double)frames / w->rate,
                       WAV_SECONDS_MOST);
  w->samples = at;
  w->frames = (int32_t)frames;
  return true;
}

static bool cut(struct problem *problem) {
  return problem_set(problem, "WAV 不完整：请重新复制或导出", "the WAV isn't complete: copy or export it again");
}

bool wav_parse(const uint8_t *bytes, size_t len, struct wav *out, struct problem *problem) {
  *out = (struct wav){.samples = NULL};
  if (len > WAV_BYTES_MOST)
    return problem_set(problem, "文件太大，最多 %d KB", "the file is too large; at most %d KB", WAV_BYTES_MOST / 1024);
  if (len < HEAD || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WAVE", 4) != 0)
    return problem_set(problem, "不是 WAV 文件：请用录音软件另存为“WAV（16 位 PCM）”",
                       "not a WAV file: save it again as “WAV (16-bit PCM)”");
  if (u32(bytes + 4) > len - 8) return cut(problem);
  for (size_t at = HEAD, next; len - at >= CHUNK_HEAD; at = next) {
    const uint8_t *body = bytes + at + CHUNK_HEAD;
    const size_t size = u32(bytes + at + 4), room = len - at - CHUNK_HEAD;
    if (size > room) return cut(problem);
    if (memcmp(bytes + at, "fmt ", 4) == 0 && !read_format(body, size, out, problem)) return false;
    if (memcmp(bytes + at, "data", 4) == 0) return out->rate == 0 ? cut(problem) : read_data(body, size, out, problem);
    next = at + CHUNK_HEAD + size + (size & 1); /* chunks begin at even places */
    if (next > len) break;
  }
  return cut(problem);
}

int16_t wav_sample(const struct wav *w, int32_t frame) {
  const uint8_t *at = w->samples + (size_t)frame * (size_t)w->channels * 2;
  const int32_t left = (int16_t)u16(at), right = w->channels == 2 ? (int16_t)u16(at + 2) : left;
  return (int16_t)((left + right) / 2);
}
