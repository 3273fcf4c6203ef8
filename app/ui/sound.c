/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/sound.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>

#include "base/log.h"
#include "base/wav.h"
#include "ui/mixer.h"

enum { CALLBACK_SAMPLES = 1024 /* 21 ms: what a tone comes late at most */, GAP = TONE_RATE * 60 / 1000 };

struct sound {
  struct sound_options options;
  SDL_AudioDeviceID device; /* 0: none */
  bool told;                /* that there is none */
  int16_t tone[TONE_COUNT][TONE_SAMPLES_MOST];
  int count[TONE_COUNT];
  int16_t *prompt[TONE_COUNT]; /* owned; NULL: the tone alone. Else the tone, a gap, the recording */
  int prompt_count[TONE_COUNT];
  struct mixer mixer; /* shared with SDL's thread: SDL_LockAudioDevice */
};

static void fill(void *self, Uint8 *bytes, int len) {
  struct sound *s = self;
  mixer_mix(&s->mixer, (int16_t *)(void *)bytes, len / (int)sizeof(int16_t));
}

static void open_device(struct sound *s) {
  const SDL_AudioSpec want = {
      .freq = MIXER_RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = CALLBACK_SAMPLES, .callback = fill, .userdata = s};
  s->device = SDL_OpenAudioDevice(NULL, 0, &want, NULL, 0);
  if (s->device != 0) {
    s->told = false;
    SDL_PauseAudioDevice(s->device, 0);
  } else if (!s->told) {
    s->told = true;
    log_warn("no loudspeaker: %s", SDL_GetError());
  }
}

static void close_device(struct sound *s) {
  if (s->device != 0) SDL_CloseAudioDevice(s->device);
  s->device = 0;
  mixer_stop(&s->mixer);
}

struct sound *sound_open(const struct sound_options *options) {
  struct sound *s = calloc(1, sizeof *s);
  assert(s != NULL && (int)TONE_RATE == (int)MIXER_RATE);
  s->options = *options;
  mixer_init(&s->mixer);
  for (int t = 0; t < TONE_COUNT; t++) s->count[t] = tone_make((enum tone)t, s->tone[t]);
  if (!options->on) return s;
  if (SDL_InitSubSystem(SDL_INIT_AUDIO) == 0) {
    open_device(s);
  } else {
    s->told = true;
    log_warn("no loudspeaker: %s", SDL_GetError());
  }
  return s;
}

void sound_close(struct sound *s) {
  if (s == NULL) return;
  close_device(s);
  for (int t = 0; t < TONE_COUNT; t++) free(s->prompt[t]);
  free(s);
}

enum sound_state sound_state(const struct sound *s) {
  return !s->options.on ? SOUND_OFF : s->device != 0 ? SOUND_GOOD : SOUND_NONE;
}

bool sound_silent(struct sound *s) {
  if (s->device == 0) return true;
  SDL_LockAudioDevice(s->device);
  const bool silent = mixer_silent(&s->mixer);
  SDL_UnlockAudioDevice(s->device);
  return silent;
}

int sound_volume(const struct sound *s, const struct zone *zone, struct moment now) {
  static const struct zone utc;
  return volume_at(&s->options.volume, zone != NULL ? zone : &utc, now);
}

void sound_set_volume(struct sound *s, int volume) { s->options.volume = (struct volume){.day = volume, .night = VOLUME_SAME}; }

void sound_play(struct sound *s, enum tone tone, const struct zone *zone, struct moment now) {
  const float gain = volume_gain(sound_volume(s, zone, now));
  if (s->device == 0) return;
  SDL_LockAudioDevice(s->device);
  if (s->prompt[tone] != NULL)
    mixer_play(&s->mixer, s->prompt[tone], s->prompt_count[tone], gain);
  else
    mixer_play(&s->mixer, s->tone[tone], s->count[tone], gain);
  SDL_UnlockAudioDevice(s->device);
}

/* The recording as the mixer plays it, behind `before` samples that are left free. NULL: no memory. */
static int16_t *resampled(const struct wav *w, int before, int *count) {
  SDL_AudioStream *stream = SDL_NewAudioStream(AUDIO_S16SYS, 1, w->rate, AUDIO_S16SYS, 1, MIXER_RATE);
  int16_t *out = NULL;
  bool good = stream != NULL;
  for (int32_t i = 0; good && i < w->frames; i++) {
    const int16_t sample = wav_sample(w, i);
    good = SDL_AudioStreamPut(stream, &sample, sizeof sample) == 0;
  }
  good = good && SDL_AudioStreamFlush(stream) == 0;
  const int bytes = good ? SDL_AudioStreamAvailable(stream) : 0;
  if (good) out = calloc((size_t)before + (size_t)bytes / sizeof *out, sizeof *out);
  if (out != NULL) *count = before + SDL_AudioStreamGet(stream, out + before, bytes) / (int)sizeof *out;
  SDL_FreeAudioStream(stream);
  return out;
}

bool sound_prompt(struct sound *s, enum tone tone, const uint8_t *bytes, size_t len, struct problem *problem) {
  int16_t *prompt = NULL;
  int count = 0;
  struct wav wav;
  if (bytes != NULL && !wav_parse(bytes, len, &wav, problem)) return false;
  if (bytes != NULL) prompt = resampled(&wav, s->count[tone] + GAP, &count);
  if (prompt != NULL) memcpy(prompt, s->tone[tone], (size_t)s->count[tone] * sizeof *prompt);
  if (s->device != 0) SDL_LockAudioDevice(s->device);
  mixer_stop(&s->mixer);
  if (s->device != 0) SDL_UnlockAudioDevice(s->device);
  free(s->prompt[tone]);
  s->prompt[tone] = prompt;
  s->prompt_count[tone] = count;
  return true;
}

void sound_event(struct sound *s, const SDL_Event *event) {
  if (!s->options.on) return;
  if (event->type == SDL_AUDIODEVICEREMOVED && event->adevice.which == s->device && s->device != 0) {
    close_device(s);
    s->told = true;
    log_warn("the loudspeaker is gone");
  } else if (event->type == SDL_AUDIODEVICEADDED && !event->adevice.iscapture && s->device == 0) {
    open_device(s);
  }
}
