/* SPDX-License-Identifier: Apache-2.0
 * The voices of the event that the kiosk serves, when staff move it to another event's station, and while desk has the pack.
 * What is heard is what SDL's driver for files wrote: with a recording behind the tone it is longer.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include <SDL.h>
#include <cmocka.h>

#include "app/kiosk_face.h"
#include "tests/unit/tiny_pack.h"
#include "ui/ui_state.h"

enum { RATE = 8000, SECONDS = 2, HEADER = 44 };

static void put_u32(uint8_t *at, uint32_t v) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(v >> (8 * i));
}

/* A recording of two seconds, for who comes to `meet`. */
static void add_voice(const char *file) {
  static uint8_t wav[HEADER + RATE * SECONDS * 2] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0........\2\0\x10\0"
                                                    "data";
  sqlite3 *db;
  sqlite3_stmt *s;
  put_u32(wav + 4, sizeof wav - 8), put_u32(wav + 24, RATE), put_u32(wav + 28, RATE * 2),
      put_u32(wav + 40, sizeof wav - HEADER);
  for (size_t i = HEADER; i < sizeof wav; i += 2) wav[i + 1] = i / 16 % 2 ? 0x20 : 0xE0;
  assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "INSERT INTO catalog VALUES('event',0,'voice.0','hello.wav')", NULL, NULL, NULL),
                   SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO picture VALUES('hello.wav',?)", -1, &s, NULL), SQLITE_OK);
  sqlite3_bind_blob(s, 1, wav, sizeof wav, SQLITE_STATIC);
  assert_int_equal(sqlite3_step(s), SQLITE_DONE);
  sqlite3_finalize(s);
  sqlite3_close(db);
}

/* From the first sample that isn't silence to the last one, in bytes. */
static int64_t heard(struct ui *ui, const char *path) {
  int64_t first = -1, last = -1, at = 0;
  assert_int_equal(truncate(path, 0), 0);
  ui_play(ui, TONE_ADMIT, (struct moment){.wall_ms = noon});
  while (!sound_silent(ui->state->sound)) sched_yield();
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  for (int c; (c = fgetc(f)) != EOF; at++)
    if (c != 0) first = first < 0 ? at : first, last = at;
  fclose(f);
  assert_true(first >= 0);
  return last - first;
}

static void another_events_voice(void **state) {
  (void)state;
  struct scratch data;
  struct pack *pack;
  struct problem problem;
  const uint8_t key[32] = {1};
  char path[] = "/tmp/yingbin-voice-XXXXXX";
  close(mkstemp(path));
  setenv("SDL_AUDIODRIVER", "disk", 1);
  setenv("SDL_DISKAUDIOFILE", path, 1);
  setenv("SDL_DISKAUDIODELAY", "1", 1);
  scratch_make(&data);
  tiny_pack_write(scratch_file(&data, "tiny.ybp"), 1, key);
  add_voice(scratch_file(&data, "tiny.ybp"));
  if (!pack_open(scratch_file(&data, "tiny.ybp"), &pack, &problem)) fail_msg("%s", problem.en);
  struct ui ui = {.options = {.width = 320,
                              .height = 200,
                              .langs = 1,
                              .still = true,
                              .fonts = SOURCE_DIR "/assets/fonts.conf",
                              .strings = SOURCE_DIR "/assets/strings",
                              .themes = SOURCE_DIR "/assets/themes.ini",
                              .sound = {.on = true, .volume = {.day = 9, .night = VOLUME_SAME}}}};
  if (!ui_init(&ui, &problem)) fail_msg("%s", problem.en);
  kiosk_face(pack, OTHER_DOOR, &ui);
  const int64_t tone = heard(&ui, path);
  kiosk_voice(pack, DOOR, &ui);
  const int64_t voice = heard(&ui, path);
  assert_true(voice > 3 * tone);
  kiosk_voice(pack, OTHER_DOOR, &ui);
  assert_true(heard(&ui, path) < 2 * tone);
  kiosk_face(pack, DOOR, &ui);
  assert_true(heard(&ui, path) > 3 * tone);
  tiny_pack_write(scratch_file(&data, "tiny.ybp"), 2, key); /* a newer pack lies there, and is about to be served */
  kiosk_voice(pack, DOOR, &ui);
  assert_true(heard(&ui, path) < 2 * tone);
  ui_fini(&ui);
  pack_close(pack);
  scratch_remove(&data);
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(another_events_voice)};
  setenv("SDL_VIDEODRIVER", "dummy", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
