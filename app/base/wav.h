/* SPDX-License-Identifier: Apache-2.0
 * A recorded voice prompt: a WAV file of 16-bit PCM, mono or stereo, 8 to 48 kHz, up to four seconds. Strict:
 * anything else is a problem that says how to save the file again. Pure; any thread.
 * Format: "Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991.
 */
#ifndef YINGBIN_BASE_WAV_H
#define YINGBIN_BASE_WAV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

enum { WAV_RATE_LEAST = 8000, WAV_RATE_MOST = 48000, WAV_SECONDS_MOST = 4, WAV_BYTES_MOST = 1 << 20 };

struct wav {
  const uint8_t *samples; /* borrowed from the file's bytes: 16 bits each, little-endian, channels in turn */
  int32_t frames;         /* samples a channel */
  int32_t rate, channels;
};

bool wav_parse(const uint8_t *bytes, size_t len, struct wav *out, struct problem *problem);

/* The sample of a frame, of both channels' mean. */
int16_t wav_sample(const struct wav *wav, int32_t frame);

#endif
