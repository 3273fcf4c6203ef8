/* SPDX-License-Identifier: Apache-2.0
 * What each verdict sounds like: four classes and a tick, told apart by how they move and not by their
 * pitch alone, made from a table of notes between 1 and 3 kHz, where a noisy hall is quietest and a small
 * loudspeaker loudest. Pure: samples in, nothing else; any thread.
 */
#ifndef YINGBIN_UI_TONES_H
#define YINGBIN_UI_TONES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/verdict.h"

enum tone {
  TONE_ADMIT, /* two notes that rise: come in */
  TONE_AGAIN, /* two equal soft ones: been here */
  TONE_SORRY, /* two that fall: something to sort out */
  TONE_FAULT, /* three low ones: the kiosk itself */
  TONE_READY, /* a tick: the console opens */
  TONE_COUNT
};

enum { TONE_RATE = 48000, TONE_MS_MOST = 400, TONE_SAMPLES_MOST = TONE_RATE / 1000 * TONE_MS_MOST };

enum tone tone_of(enum verdict_kind kind); /* every verdict has one */
const char *tone_name(enum tone tone);     /* "admit", ...: also of the pack's voice prompts */

/* Returns how many samples were written. They begin and end in silence. */
int tone_make(enum tone tone, int16_t out[TONE_SAMPLES_MOST]);

#endif
