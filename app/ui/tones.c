/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/tones.h"

#include <assert.h>
#include <math.h>

enum { NOTES_MAX = 3, PARTIALS = 3, ATTACK = TONE_RATE * 4 / 1000, RELEASE = TONE_RATE * 15 / 1000 };

struct note {
  double hz;
  int at_ms, ms; /* ms 0: no more notes */
};

static const struct voice {
  const char *name;
  double peak;              /* of full scale */
  double partial[PARTIALS]; /* how bright: the strength of the first, second, third one */
  double decay_ms;          /* to a third */
  struct note note[NOTES_MAX];
} voices[TONE_COUNT] = {
    [TONE_ADMIT] = {"admit", 0.85, {1, 0.30, 0.10}, 150, {{1318.5, 0, 120}, {1975.5, 105, 235}}},
    [TONE_AGAIN] = {"again", 0.40, {1, 0.10, 0.02}, 70, {{1568.0, 0, 110}, {1568.0, 155, 130}}},
    [TONE_SORRY] = {"sorry", 0.80, {1, 0.40, 0.15}, 160, {{1760.0, 0, 150}, {1174.7, 135, 245}}},
    [TONE_FAULT] = {"fault", 0.90, {1, 0.55, 0.40}, 200, {{1046.5, 0, 90}, {1046.5, 135, 90}, {1046.5, 270, 110}}},
    [TONE_READY] = {"ready", 0.35, {1, 0.10, 0.02}, 20, {{2093.0, 0, 60}}},
};

static const enum tone tones[VERDICT_COUNT] = {
    [VERDICT_ADMIT] = TONE_ADMIT,        [VERDICT_AGAIN] = TONE_AGAIN,        [VERDICT_EARLY] = TONE_SORRY,
    [VERDICT_CLOSED] = TONE_SORRY,       [VERDICT_ELSEWHERE] = TONE_SORRY,    [VERDICT_WRONG_TYPE] = TONE_SORRY,
    [VERDICT_MISSING_STEP] = TONE_SORRY, [VERDICT_FULL] = TONE_SORRY,         [VERDICT_NOT_CONFIRMED] = TONE_SORRY,
    [VERDICT_REVOKED] = TONE_SORRY,      [VERDICT_EXPIRED] = TONE_SORRY,      [VERDICT_FORGED] = TONE_SORRY,
    [VERDICT_UNKNOWN] = TONE_SORRY,      [VERDICT_NOT_A_TICKET] = TONE_SORRY, [VERDICT_FAULT] = TONE_FAULT,
};

enum tone tone_of(enum verdict_kind kind) {
  assert(kind >= 0 && kind < VERDICT_COUNT);
  return tones[kind];
}

const char *tone_name(enum tone tone) { return voices[tone].name; }

/* Rises and falls along half a cosine: no corner that clicks. */
static double eased(int at, int over) { return at >= over ? 1 : 0.5 - 0.5 * cos(M_PI * at / over); }

static void add_note(const struct voice *v, const struct note *n, double *sum) {
  const int from = n->at_ms * (TONE_RATE / 1000), count = n->ms * (TONE_RATE / 1000);
  for (int i = 0; i < count; i++) {
    const double t = (double)i / TONE_RATE;
    double wave = 0;
    for (int p = 0; p < PARTIALS; p++) wave += v->partial[p] * sin(2 * M_PI * n->hz * (p + 1) * t);
    sum[from + i] += wave * exp(-t * 1000 / v->decay_ms) * eased(i, ATTACK) * eased(count - 1 - i, RELEASE);
  }
}

int tone_make(enum tone tone, int16_t out[TONE_SAMPLES_MOST]) {
  double sum[TONE_SAMPLES_MOST] = {0}, most = 0;
  const struct voice *v = &voices[tone];
  int count = 0;
  for (int n = 0; n < NOTES_MAX && v->note[n].ms > 0; n++) {
    add_note(v, &v->note[n], sum);
    count = (v->note[n].at_ms + v->note[n].ms) * (TONE_RATE / 1000);
  }
  for (int i = 0; i < count; i++) most = fmax(most, fabs(sum[i]));
  for (int i = 0; i < count; i++) out[i] = (int16_t)lrint(sum[i] / most * v->peak * INT16_MAX);
  return count;
}
