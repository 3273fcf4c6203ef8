/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/mixer.h"

#include <math.h>
#include <stddef.h>

void mixer_init(struct mixer *m) {
  *m = (struct mixer){.fade = {0}};
  for (int i = 0; i < MIXER_FADE; i++) m->fade[i] = 0.5f - 0.5f * cosf((float)M_PI * ((float)i + 0.5f) / MIXER_FADE);
}

/* A free place; else that of the voice that is gone soonest. */
static struct mixer_voice *place(struct mixer *m) {
  struct mixer_voice *best = &m->voice[0];
  for (int i = 0; i < MIXER_VOICES; i++) {
    struct mixer_voice *v = &m->voice[i];
    if (v->samples == NULL) return v;
    if (v->left < best->left) best = v;
  }
  return best;
}

void mixer_play(struct mixer *m, const int16_t *samples, int32_t count, float gain) {
  for (int i = 0; i < MIXER_VOICES; i++)
    if (m->voice[i].samples != NULL && m->voice[i].left == 0) m->voice[i].left = MIXER_FADE;
  *place(m) = (struct mixer_voice){.samples = samples, .count = count, .gain = gain};
}

void mixer_stop(struct mixer *m) {
  for (int i = 0; i < MIXER_VOICES; i++) m->voice[i].samples = NULL;
}

bool mixer_silent(const struct mixer *m) {
  for (int i = 0; i < MIXER_VOICES; i++)
    if (m->voice[i].samples != NULL) return false;
  return true;
}

static float next(const struct mixer *m, struct mixer_voice *v) {
  float value = v->gain * (float)v->samples[v->at];
  const int32_t rest = v->count - 1 - v->at;
  if (v->at < MIXER_FADE) value *= m->fade[v->at];
  if (rest < MIXER_FADE) value *= m->fade[rest]; /* a recording may end in the middle of a word */
  if (v->left > 0) value *= m->fade[v->left - 1];
  v->at++;
  if (v->at == v->count || (v->left > 0 && --v->left == 0)) v->samples = NULL;
  return value;
}

void mixer_mix(struct mixer *m, int16_t *out, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    float sum = 0;
    for (int k = 0; k < MIXER_VOICES; k++)
      if (m->voice[k].samples != NULL) sum += next(m, &m->voice[k]);
    out[i] = (int16_t)lrintf(fmaxf(INT16_MIN, fminf(INT16_MAX, sum)));
  }
}
