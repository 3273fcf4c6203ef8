/* SPDX-License-Identifier: Apache-2.0
 * What is heard, measured in its samples: pitches, length, loudness, no clicks, also where a scan
 * interrupts the one before; prompts; volume by the hour; what happens without a loudspeaker.
 */
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <SDL.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/log.h"
#include "base/wav.h"
#include "ui/mixer.h"
#include "ui/sound.h"

enum { BLOCK = 480, WINDOW = 512, HIGH_HZ = 9000 };

static int16_t tone[TONE_COUNT][TONE_SAMPLES_MOST];
static int count[TONE_COUNT];
static const struct moment noon = {.wall_ms = 12 * 3600000, .wall_ok = true};

static int setup(void **state) {
  (void)state;
  for (int t = 0; t < TONE_COUNT; t++) count[t] = tone_make((enum tone)t, tone[t]);
  return 0;
}

/* How strong a frequency is in some samples, by Goertzel's recurrence. */
static double strength(const int16_t *s, int n, double hz) {
  const double w = 2 * cos(2 * M_PI * hz / TONE_RATE);
  double a = 0, b = 0;
  for (int i = 0; i < n; i++) {
    const double next = (0.5 - 0.5 * cos(2 * M_PI * i / n)) * s[i] + w * a - b;
    b = a;
    a = next;
  }
  return a * a + b * b - w * a * b;
}

static double dominant(const int16_t *s, int n) {
  double most = 0, found = 0;
  for (double hz = 200; hz < 8000; hz += 10) {
    const double now = strength(s, n, hz);
    if (now > most) most = now, found = hz;
  }
  return found;
}

static double loudness(const int16_t *s, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (double)s[i] * s[i];
  return sqrt(sum / n);
}

/* Blocks of 10 ms that are louder than twice the one before, and loud. */
static int onsets(const int16_t *s, int n, int at[8]) {
  int found = 0;
  double before = 0, most = 0;
  for (int i = 0; i + BLOCK <= n; i += BLOCK) most = fmax(most, loudness(s + i, BLOCK));
  for (int i = 0; i + BLOCK <= n; i += BLOCK) {
    const double now = loudness(s + i, BLOCK);
    if (now > 2 * before && now > most / 4 && (found == 0 || i - at[found - 1] > 4 * BLOCK) && found < 8) at[found++] = i;
    before = now;
  }
  return found;
}

/* The worst share of what is far above any tone's pitch in a short window: a corner in the curve is heard as a click. */
static double click(const int16_t *s, int n) {
  double worst = 0;
  for (int from = 0; from + WINDOW <= n; from += WINDOW / 4) {
    double high = 0;
    for (double hz = HIGH_HZ; hz < TONE_RATE / 2; hz += (double)TONE_RATE / WINDOW) high += strength(s + from, WINDOW, hz);
    worst = fmax(worst, sqrt(high) / WINDOW);
  }
  return worst / INT16_MAX;
}

enum { SILENCE = WINDOW };

/* With silence before and behind. Owned by the caller. */
static int16_t *framed(const int16_t *s, int n) {
  int16_t *out = calloc((size_t)n + 2 * SILENCE, sizeof *out);
  assert_non_null(out);
  memcpy(out + SILENCE, s, (size_t)n * sizeof *s);
  return out;
}

static double click_of(const int16_t *s, int n) {
  int16_t *all = framed(s, n);
  const double worst = click(all, n + 2 * SILENCE);
  free(all);
  return worst;
}

static void each_tone_is_short_loud_and_clean(void **state) {
  (void)state;
  for (int t = 0; t < TONE_COUNT; t++) {
    int most = 0, top = 0;
    for (int i = 0; i < count[t]; i++)
      if (abs(tone[t][i]) > most) most = abs(tone[t][i]), top = i;
    assert_in_range(count[t], TONE_RATE / 1000 * 40, TONE_RATE / 1000 * (TONE_MS_MOST - 1));
    assert_in_range(most, INT16_MAX * 3 / 10, INT16_MAX * 92 / 100);
    const double hz = dominant(tone[t], count[t]);
    if (hz < 1000 || hz > 3000) fail_msg("%s: %.0f Hz", tone_name((enum tone)t), hz);
    const double now = click_of(tone[t], count[t]), cut = click_of(tone[t], top + 1);
    if (now > 0.0005) fail_msg("%s clicks: %g", tone_name((enum tone)t), now);
    if (cut < 0.002) fail_msg("a cut %s isn't told from a whole one: %g", tone_name((enum tone)t), cut); /* the measure works */
  }
}

static void each_class_moves_in_its_own_way(void **state) {
  (void)state;
  static const struct {
    enum tone tone;
    int notes;
    double least, most; /* the last note's pitch over the first one's */
  } rows[] = {{TONE_ADMIT, 2, 1.3, 2}, {TONE_AGAIN, 2, 0.99, 1.01}, {TONE_SORRY, 2, 0.5, 0.75}, {TONE_FAULT, 3, 0.99, 1.01}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const enum tone t = rows[i].tone;
    int at[8];
    const int found = onsets(tone[t], count[t], at), note = TONE_RATE / 1000 * 80;
    const double first = dominant(tone[t], note), last = dominant(tone[t] + count[t] - note, note);
    /* where notes run into one another, the second one doesn't begin in silence */
    if (first == last && found != rows[i].notes) fail_msg("%s: %d notes", tone_name(t), found);
    if (last / first < rows[i].least || last / first > rows[i].most)
      fail_msg("%s: %.0f Hz, then %.0f Hz", tone_name(t), first, last);
  }
  assert_true(dominant(tone[TONE_FAULT], count[TONE_FAULT]) < dominant(tone[TONE_AGAIN], count[TONE_AGAIN]));
  assert_true(loudness(tone[TONE_AGAIN], count[TONE_AGAIN]) < loudness(tone[TONE_ADMIT], count[TONE_ADMIT]) * 0.7);
}

static void every_verdict_has_its_tone(void **state) {
  (void)state;
  for (int k = 0; k < VERDICT_COUNT; k++) {
    const enum tone want = k == VERDICT_ADMIT   ? TONE_ADMIT
                           : k == VERDICT_AGAIN ? TONE_AGAIN
                           : k == VERDICT_FAULT ? TONE_FAULT
                                                : TONE_SORRY;
    if (tone_of((enum verdict_kind)k) != want)
      fail_msg("%s sounds like %s", verdict_name((enum verdict_kind)k), tone_name(tone_of((enum verdict_kind)k)));
  }
  for (int a = 0; a < TONE_COUNT; a++)
    for (int b = 0; b < a; b++) assert_string_not_equal(tone_name((enum tone)a), tone_name((enum tone)b));
}

static void an_interruption_is_heard_at_once_and_does_not_click(void **state) {
  (void)state;
  static struct mixer m;
  static int16_t out[SILENCE * 2 + TONE_SAMPLES_MOST * 2];
  enum { TOTAL = sizeof out / sizeof *out };
  for (int at = 1; at < count[TONE_ADMIT]; at += 1201) {
    mixer_init(&m);
    memset(out, 0, sizeof out);
    mixer_play(&m, tone[TONE_ADMIT], count[TONE_ADMIT], 1);
    mixer_mix(&m, out + SILENCE, at);
    mixer_play(&m, tone[TONE_SORRY], count[TONE_SORRY], 1);
    mixer_mix(&m, out + SILENCE + at, MIXER_FADE);
    assert_false(mixer_silent(&m));
    mixer_mix(&m, out + SILENCE + at + MIXER_FADE, TONE_SAMPLES_MOST - MIXER_FADE);
    assert_true(mixer_silent(&m));
    const double now = click(out, TOTAL);
    if (now > 0.0008) fail_msg("interrupted after %d samples: %g", at, now);
    /* behind the fade there is the new tone alone */
    for (int i = MIXER_FADE; i < count[TONE_SORRY] - MIXER_FADE; i++)
      assert_int_equal(out[SILENCE + at + i], tone[TONE_SORRY][i]);
  }
}

static void a_burst_of_scans_stays_in_range(void **state) {
  (void)state;
  static struct mixer m;
  int16_t out[64];
  mixer_init(&m);
  for (int i = 0; i < 400; i++) {
    const enum tone t = (enum tone)(i % TONE_COUNT);
    mixer_play(&m, tone[t], count[t], 1);
    mixer_mix(&m, out, 1 + i % 61);
    for (int k = 0; k < 1 + i % 61; k++) assert_in_range(out[k] + 32768, 32768 - 30500, 32768 + 30500);
  }
  mixer_stop(&m);
  assert_true(mixer_silent(&m));
  mixer_mix(&m, out, 64);
  for (int k = 0; k < 64; k++) assert_int_equal(out[k], 0);
}

static void the_night_is_by_the_events_zone(void **state) {
  (void)state;
  const struct zone shanghai = {.spans = 1, .offset_s = {8 * 3600}};
  struct volume v = {.day = 8};
  struct problem problem;
  assert_true(volume_read_night("3 22:00-07:30", &v, &problem));
  static const struct {
    int hour, minute, volume;
  } rows[] = {{21, 59, 8}, {22, 0, 3}, {0, 0, 3}, {7, 29, 3}, {7, 30, 8}, {12, 0, 8}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct moment now = {.wall_ms = ((int64_t)rows[i].hour * 60 + rows[i].minute) * 60000 + INT64_C(86400000) * 19000 -
                                    8 * INT64_C(3600000),
                         .wall_ok = true};
    assert_int_equal(volume_at(&v, &shanghai, now), rows[i].volume);
    now.wall_ok = false;
    assert_int_equal(volume_at(&v, &shanghai, now), 8);
  }
  assert_true(volume_read_night("0 12:00-13:00", &v, &problem));
  assert_int_equal(volume_at(&v, &(struct zone){.spans = 0}, noon), 0);
  assert_true(volume_read_night("", &v, &problem));
  assert_int_equal(volume_at(&v, &(struct zone){.spans = 0}, noon), 8);
  static const char *const bad[] = {"3", "11 22:00-07:00", "3 22:60-07:00", "3 25:00-07:00", "3 22:00-07:00 x", "-1 1:00-2:00"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_false(volume_read_night(bad[i], &v, &problem));
    assert_non_null(strstr(problem.en, bad[i]));
  }
  assert_true(volume_gain(0) == 0 && volume_gain(VOLUME_MOST) == 1);
  for (int i = 1; i <= VOLUME_MOST; i++) assert_true(volume_gain(i) > volume_gain(i - 1));
}

/* A WAV of a 440 Hz sine; owned by the caller. */
static uint8_t *make_wav(uint32_t rate, uint16_t channels, uint32_t frames, size_t *len) {
  const uint32_t data = frames * channels * 2, bytes = rate * channels * 2;
  const uint16_t block = (uint16_t)(channels * 2), format = 1, bits = 16;
  uint8_t *wav = calloc(1, 44 + data);
  assert_non_null(wav);
  const uint32_t riff = 36 + data, sixteen = 16;
  memcpy(wav, "RIFF", 4), memcpy(wav + 4, &riff, 4), memcpy(wav + 8, "WAVEfmt ", 8), memcpy(wav + 16, &sixteen, 4);
  memcpy(wav + 20, &format, 2), memcpy(wav + 22, &channels, 2), memcpy(wav + 24, &rate, 4), memcpy(wav + 28, &bytes, 4);
  memcpy(wav + 32, &block, 2), memcpy(wav + 34, &bits, 2), memcpy(wav + 36, "data", 4), memcpy(wav + 40, &data, 4);
  for (uint32_t i = 0; i < frames * channels; i++) {
    const int16_t s = (int16_t)(8000 * sin(2 * M_PI * 440 * (double)(i / channels) / rate));
    memcpy(wav + 44 + 2 * i, &s, 2);
  }
  *len = 44 + data;
  return wav;
}

static void only_a_plain_wav_is_taken(void **state) {
  (void)state;
  struct wav wav;
  struct problem problem;
  size_t len;
  uint8_t *good = make_wav(22050, 2, 1000, &len);
  assert_true(wav_parse(good, len, &wav, &problem));
  assert_int_equal(wav.frames, 1000);
  assert_int_equal(wav.channels, 2);
  assert_int_equal(wav.rate, 22050);
  assert_in_range(wav_sample(&wav, 11) + 32768, 32768 + 7000, 32768 + 8000); /* near its first top */
  static const struct {
    int at;
    uint8_t value;
    const char *says;
  } rows[] = {{0, 'X', "not a WAV file"},  {20, 3, "16-bit"},      {34, 8, "16-bit"},      {22, 3, "channels"},
              {25, 0, "samples a second"}, {32, 2, "contradicts"}, {40, 0xF0, "complete"}, {5, 0xFF, "complete"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const uint8_t before = good[rows[i].at];
    good[rows[i].at] = rows[i].value;
    assert_false(wav_parse(good, len, &wav, &problem));
    if (strstr(problem.en, rows[i].says) == NULL) fail_msg("byte %d: %s", rows[i].at, problem.en);
    good[rows[i].at] = before;
  }
  for (size_t cut = 0; cut < len; cut += 7) assert_false(wav_parse(good, cut, &wav, &problem));
  free(good);
  uint8_t *long_one = make_wav(8000, 1, 8000 * WAV_SECONDS_MOST + 1, &len);
  assert_false(wav_parse(long_one, len, &wav, &problem));
  assert_non_null(strstr(problem.en, "at most 4"));
  free(long_one);
}

/* The driver that writes what it plays into a file. */
static void use_file(char path[64]) {
  strcpy(path, "/tmp/yingbin-sound-XXXXXX");
  const int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  setenv("SDL_AUDIODRIVER", "disk", 1);
  setenv("SDL_DISKAUDIOFILE", path, 1);
  setenv("SDL_DISKAUDIODELAY", "1", 1); /* ms a buffer: faster than it would sound */
}

static const struct sound_options loud = {.on = true, .volume = {.day = VOLUME_MOST, .night = VOLUME_SAME}};

static void play_to_the_end(struct sound *s, enum tone t) {
  sound_play(s, t, NULL, noon);
  while (!sound_silent(s)) sched_yield();
}

/* What was written, from its first sound on. */
static int16_t *written(const char *path, int *n, char **text) {
  size_t len = 0;
  struct problem problem;
  assert_true(file_read(path, 1 << 26, text, &len, &problem));
  int16_t *at = (int16_t *)(void *)*text;
  int left = (int)(len / sizeof *at);
  while (left > 0 && *at == 0) at++, left--;
  *n = left;
  return at;
}

static void the_loudspeaker_gets_what_was_made(void **state) {
  (void)state;
  char path[64], *text;
  int n;
  use_file(path);
  struct sound *s = sound_open(&loud);
  assert_int_equal(sound_state(s), SOUND_GOOD);
  play_to_the_end(s, TONE_ADMIT);
  sound_play(s, TONE_FAULT, NULL, noon);
  sound_set_volume(s, 0);
  play_to_the_end(s, TONE_SORRY); /* takes its place, and nobody hears it */
  sound_close(s);
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
  int16_t *heard = written(path, &n, &text);
  int skip = 0; /* the tone's own first samples are silent as well */
  static int16_t want[TONE_SAMPLES_MOST];
  static struct mixer m;
  mixer_init(&m);
  mixer_play(&m, tone[TONE_ADMIT], count[TONE_ADMIT], 1);
  mixer_mix(&m, want, count[TONE_ADMIT]);
  while (want[skip] == 0) skip++;
  assert_true(n > count[TONE_ADMIT]);
  assert_memory_equal(heard, want + skip, (size_t)(count[TONE_ADMIT] - skip) * sizeof *want);
  for (int i = count[TONE_ADMIT] + MIXER_FADE + 1024 * 3; i < n - 1024 * 2; i++)
    if (heard[i] != 0 && heard[i - 1024 * 2] != 0) fail_msg("fault was heard on and on");
  free(text);
  unlink(path);
}

static void a_prompt_follows_its_tone(void **state) {
  (void)state;
  char path[64], *text;
  int n;
  size_t len;
  struct problem problem;
  use_file(path);
  struct sound *s = sound_open(&loud);
  uint8_t *wav = make_wav(16000, 1, 8000, &len);
  assert_true(sound_prompt(s, TONE_ADMIT, wav, len, &problem));
  assert_false(sound_prompt(s, TONE_ADMIT, wav, 20, &problem)); /* the one before stays */
  free(wav);
  play_to_the_end(s, TONE_ADMIT);
  assert_true(sound_prompt(s, TONE_ADMIT, NULL, 0, &problem));
  sound_close(s);
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
  int16_t *heard = written(path, &n, &text);
  assert_true(n > count[TONE_ADMIT] + TONE_RATE / 2);
  assert_in_range(dominant(heard + count[TONE_ADMIT] + TONE_RATE / 10, TONE_RATE / 4), 430, 450);
  assert_in_range(dominant(heard, TONE_RATE / 20), 1250, 1400);
  free(text);
  unlink(path);
}

static void a_loudspeaker_goes_and_comes(void **state) {
  (void)state;
  char path[64];
  use_file(path);
  struct sound *s = sound_open(&loud);
  SDL_Event gone = {.adevice = {.type = SDL_AUDIODEVICEREMOVED}};
  for (Uint32 id = 1; id < 16 && sound_state(s) == SOUND_GOOD; id++) {
    gone.adevice.which = id;
    sound_event(s, &gone);
  }
  assert_int_equal(sound_state(s), SOUND_NONE);
  sound_play(s, TONE_ADMIT, NULL, noon);
  assert_true(sound_silent(s));
  sound_event(s, &(SDL_Event){.adevice = {.type = SDL_AUDIODEVICEADDED, .iscapture = 1}}); /* a microphone */
  assert_int_equal(sound_state(s), SOUND_NONE);
  sound_event(s, &(SDL_Event){.adevice = {.type = SDL_AUDIODEVICEADDED}});
  assert_int_equal(sound_state(s), SOUND_GOOD);
  play_to_the_end(s, TONE_ADMIT);
  sound_close(s);
  SDL_QuitSubSystem(SDL_INIT_AUDIO);
  unlink(path);
}

static void without_one_the_log_says_so_once(void **state) {
  (void)state;
  char path[] = "/tmp/yingbin-log-XXXXXX", *text;
  size_t len;
  struct problem problem;
  const int fd = mkstemp(path), before = dup(STDERR_FILENO);
  assert_true(fd >= 0 && before >= 0);
  setenv("SDL_AUDIODRIVER", "none such", 1);
  fflush(stderr);
  dup2(fd, STDERR_FILENO);
  struct sound *s = sound_open(&loud);
  for (int i = 0; i < 5; i++) sound_event(s, &(SDL_Event){.adevice = {.type = SDL_AUDIODEVICEADDED}});
  sound_play(s, TONE_SORRY, NULL, noon);
  const enum sound_state said = sound_state(s);
  sound_close(s);
  fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  close(fd);
  assert_int_equal(said, SOUND_NONE);
  assert_true(file_read(path, 4096, &text, &len, &problem));
  char *line = strstr(text, "no loudspeaker");
  assert_non_null(line);
  assert_null(strstr(line + 1, "no loudspeaker"));
  free(text);
  unlink(path);
  const struct sound_options off = {.on = false};
  s = sound_open(&off);
  assert_int_equal(sound_state(s), SOUND_OFF);
  sound_play(s, TONE_SORRY, NULL, noon);
  sound_close(s);
}

int main(void) {
  log_init("test_sound", LOG_LEVEL_WARN);
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_tone_is_short_loud_and_clean),
                                     cmocka_unit_test(each_class_moves_in_its_own_way),
                                     cmocka_unit_test(every_verdict_has_its_tone),
                                     cmocka_unit_test(an_interruption_is_heard_at_once_and_does_not_click),
                                     cmocka_unit_test(a_burst_of_scans_stays_in_range),
                                     cmocka_unit_test(the_night_is_by_the_events_zone),
                                     cmocka_unit_test(only_a_plain_wav_is_taken),
                                     cmocka_unit_test(the_loudspeaker_gets_what_was_made),
                                     cmocka_unit_test(a_prompt_follows_its_tone),
                                     cmocka_unit_test(a_loudspeaker_goes_and_comes),
                                     cmocka_unit_test(without_one_the_log_says_so_once)};
  return cmocka_run_group_tests(tests, setup, NULL);
}
