/* SPDX-License-Identifier: Apache-2.0
 * A recording that is taken lies inside the file, within the limits; one that isn't says why.
 */
#include <assert.h>

#include "base/wav.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct problem problem = {"", ""};
  struct wav wav;
  if (!wav_parse(data, size, &wav, &problem)) {
    assert(problem.zh[0] != '\0' && problem.en[0] != '\0');
    return 0;
  }
  assert(wav.channels >= 1 && wav.channels <= 2 && wav.rate >= WAV_RATE_LEAST && wav.rate <= WAV_RATE_MOST);
  assert(wav.frames >= 1 && wav.frames <= wav.rate * WAV_SECONDS_MOST);
  assert(wav.samples >= data && wav.samples + (size_t)wav.frames * (size_t)wav.channels * 2 <= data + size);
  int32_t sum = 0;
  for (int32_t i = 0; i < wav.frames; i++) sum ^= wav_sample(&wav, i);
  return sum == INT32_MAX; /* never: samples are short; the reads aren't left out */
}
