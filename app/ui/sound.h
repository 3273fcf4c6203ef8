/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's voice: a tone a verdict and, where the pack has them, a recorded prompt behind it. Made
 * once at the start; SDL's audio thread takes the samples, so drawing never waits. Without a loudspeaker
 * the kiosk works as before: it is said once in the log and by the state. Ui thread.
 */
#ifndef YINGBIN_UI_SOUND_H
#define YINGBIN_UI_SOUND_H

#include <stddef.h>

#include "ui/tones.h"
#include "ui/volume.h"

enum sound_state { SOUND_OFF /* by the settings */, SOUND_GOOD, SOUND_NONE /* no loudspeaker */ };

struct sound_options {
  bool on;
  struct volume volume;
};

struct sound; /* owned */
union SDL_Event;

/* After SDL_Init. Always gives one, which may be SOUND_NONE; it comes alive when a device is plugged in. */
struct sound *sound_open(const struct sound_options *options);
void sound_close(struct sound *sound);

enum sound_state sound_state(const struct sound *sound);
bool sound_silent(struct sound *sound); /* nothing is left to play */

/* Takes the place of what plays now. zone: of the event, for the hour; NULL: UTC. */
void sound_play(struct sound *sound, enum tone tone, const struct zone *zone, struct moment now);

/* A prompt for a tone, a WAV file (base/wav.h), copied; NULL: no more prompt. False: not such a file. */
bool sound_prompt(struct sound *sound, enum tone tone, const uint8_t *wav, size_t len, struct problem *problem);

/* The staff console's: counts at any hour until the kiosk starts again. */
void sound_set_volume(struct sound *sound, int volume);
int sound_volume(const struct sound *sound, const struct zone *zone, struct moment now);

/* A loudspeaker was plugged in or out; other events are ignored. */
void sound_event(struct sound *sound, const union SDL_Event *event);

#endif
