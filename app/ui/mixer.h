/* SPDX-License-Identifier: Apache-2.0
 * Plays one sound at a time: the next one takes its place at once, the old one fades out while the new
 * one fades in, so that nothing clicks and the sum is never louder than either. No allocation, no clock;
 * whoever calls from two threads locks.
 */
#ifndef YINGBIN_UI_MIXER_H
#define YINGBIN_UI_MIXER_H

#include <stdbool.h>
#include <stdint.h>

enum { MIXER_RATE = 48000, MIXER_FADE = MIXER_RATE * 5 / 1000, MIXER_VOICES = 4 };

struct mixer_voice {
  const int16_t *samples; /* borrowed; NULL: free */
  int32_t count, at;
  int32_t left; /* of its fade out, in samples; 0: it isn't leaving */
  float gain;
};

struct mixer {
  struct mixer_voice voice[MIXER_VOICES];
  float fade[MIXER_FADE]; /* from 0 to 1; with itself backwards it sums to 1 */
};

void mixer_init(struct mixer *mixer);
void mixer_play(struct mixer *mixer, const int16_t *samples, int32_t count, float gain); /* samples stay until it is silent */
void mixer_stop(struct mixer *mixer); /* at once, with a click: nobody hears it, the samples go */
void mixer_mix(struct mixer *mixer, int16_t *out, int32_t count);
bool mixer_silent(const struct mixer *mixer);

#endif
