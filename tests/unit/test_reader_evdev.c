/* SPDX-License-Identifier: Apache-2.0
 * The evdev reader fed by a pipe, which carries the same struct input_event as a device does; and,
 * where the machine has /dev/uinput, by a scanner made with it, through the reader's own thread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "platform/linux/evdev_keys.h"

struct bench {
  int in, out; /* the pipe's ends */
  int64_t ms;
  struct tick tick;
  struct bell bell;
  struct payload storage[8];
  struct mailbox box;
  struct evdev_keys keys;
};

static int setup(void **state) {
  static struct bench b;
  int ends[2];
  memset(&b, 0, sizeof b);
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0 || !bell_init(&b.bell)) return -1;
  b.out = ends[0];
  b.in = ends[1];
  b.ms = 100000;
  tick_stream(&b.tick, (struct moment){.mono_ms = 777, .wall_ms = 1698400000000, .wall_ok = true});
  mailbox_init(&b.box, b.storage, sizeof *b.storage, 8, &b.bell);
  evdev_keys_init(&b.keys);
  *state = &b;
  return 0;
}

static int teardown(void **state) {
  struct bench *b = *state;
  if (b->in >= 0) close(b->in);
  close(b->out);
  mailbox_fini(&b->box);
  bell_fini(&b->bell);
  return 0;
}

static void send_event(struct bench *b, int type, int code, int value) {
  struct input_event e = {.type = (uint16_t)type, .code = (uint16_t)code, .value = value};
  e.input_event_sec = b->ms / 1000;
  e.input_event_usec = b->ms % 1000 * 1000;
  assert_int_equal(write(b->in, &e, sizeof e), sizeof e);
}

static void key(struct bench *b, int code, int value) {
  b->ms += 2;
  send_event(b, EV_MSC, MSC_SCAN, 0x70000 + code);
  send_event(b, EV_KEY, code, value);
  send_event(b, EV_SYN, SYN_REPORT, 0);
}

static void tap(struct bench *b, int code) {
  key(b, code, 1);
  key(b, code, 0);
}

static void type_text(struct bench *b, const int *codes, size_t n) {
  for (size_t i = 0; i < n; i++) tap(b, codes[i]);
}

#define TYPE(...) type_text(b, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/* What the mailbox has, each code with ';' behind it. */
static const char *codes(struct bench *b) {
  static char text[256];
  struct payload p;
  text[0] = '\0';
  assert_true(evdev_keys_read(&b->keys, b->out, &b->tick, &b->box));
  while (mailbox_front(&b->box, &p)) {
    assert_int_equal(p.at.mono_ms, 777);
    assert_int_equal(p.at.wall_ms, 1698400000000);
    assert_true(p.at.wall_ok);
    assert_int_equal(p.by, BY_READER);
    strncat(text, (const char *)p.bytes, p.len);
    strcat(text, ";");
    mailbox_pop(&b->box);
  }
  return text;
}

static void test_code(void **state) {
  struct bench *b = *state;
  TYPE(KEY_K, KEY_7, KEY_Q, KEY_2, KEY_ENTER, KEY_KP4, KEY_KP2, KEY_0, KEY_9, KEY_KPENTER, KEY_A, KEY_B, KEY_C, KEY_D, KEY_TAB);
  assert_string_equal(codes(b), "k7q2;4209;abcd;");
}

static void test_shift_and_caps(void **state) {
  struct bench *b = *state;
  key(b, KEY_LEFTSHIFT, 1);
  TYPE(KEY_Y, KEY_B, KEY_1, KEY_SEMICOLON);
  key(b, KEY_RIGHTSHIFT, 1);
  key(b, KEY_LEFTSHIFT, 0);
  TYPE(KEY_A);
  key(b, KEY_RIGHTSHIFT, 0);
  tap(b, KEY_CAPSLOCK);
  TYPE(KEY_A, KEY_1);
  key(b, KEY_LEFTSHIFT, 1);
  TYPE(KEY_A);
  key(b, KEY_LEFTSHIFT, 0);
  tap(b, KEY_CAPSLOCK);
  TYPE(KEY_A, KEY_SLASH, KEY_ENTER);
  assert_string_equal(codes(b), "YB!:AA1aa/;");
}

static void test_url(void **state) {
  struct bench *b = *state;
  TYPE(KEY_H, KEY_T, KEY_T, KEY_P, KEY_S);
  key(b, KEY_LEFTSHIFT, 1);
  TYPE(KEY_SEMICOLON);
  key(b, KEY_LEFTSHIFT, 0);
  TYPE(KEY_SLASH, KEY_SLASH, KEY_X, KEY_DOT, KEY_C, KEY_N);
  key(b, KEY_LEFTSHIFT, 1);
  TYPE(KEY_SLASH);
  key(b, KEY_LEFTSHIFT, 0);
  TYPE(KEY_T, KEY_EQUAL, KEY_1, KEY_ENTER);
  assert_string_equal(codes(b), "https://x.cn?t=1;");
}

static void test_autorepeat(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_B, KEY_C, KEY_D);
  key(b, KEY_E, 1);
  key(b, KEY_E, 2);
  key(b, KEY_E, 2);
  key(b, KEY_E, 0);
  TYPE(KEY_F, KEY_ENTER, KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER);
  assert_string_equal(codes(b), "abcd;"); /* the second one only */
}

static void test_lost_release(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_B, KEY_C);
  key(b, KEY_D, 1);
  key(b, KEY_D, 1);
  key(b, KEY_D, 0);
  TYPE(KEY_E, KEY_ENTER);
  assert_string_equal(codes(b), "");
}

static void test_doubled_characters_of_the_code(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_A, KEY_1, KEY_1, KEY_1, KEY_ENTER);
  assert_string_equal(codes(b), "aa111;");
}

static void test_dropped(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_B, KEY_C, KEY_D);
  key(b, KEY_LEFTSHIFT, 1);
  send_event(b, EV_SYN, SYN_DROPPED, 0);
  TYPE(KEY_E); /* up to the report's end nothing counts */
  TYPE(KEY_F, KEY_G, KEY_H, KEY_I, KEY_ENTER, KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER);
  assert_string_equal(codes(b), "abcd;"); /* and the shift that was held is forgotten */
}

static void test_keys_that_cannot_be_told(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_B, KEY_F5, KEY_C, KEY_D, KEY_ENTER);
  key(b, KEY_LEFTCTRL, 1);
  TYPE(KEY_A, KEY_B, KEY_C, KEY_D);
  key(b, KEY_LEFTCTRL, 0);
  TYPE(KEY_ENTER);
  assert_string_equal(codes(b), "");
  TYPE(KEY_NUMLOCK, KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER);
  assert_string_equal(codes(b), "abcd;");
}

static void test_a_person_on_a_grabbed_device(void **state) {
  struct bench *b = *state;
  for (int i = 0; i < 6; i++) {
    tap(b, KEY_A + i);
    b->ms += 150;
  }
  tap(b, KEY_ENTER);
  assert_string_equal(codes(b), "");
}

static void test_device_gone(void **state) {
  struct bench *b = *state;
  TYPE(KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER, KEY_E);
  close(b->in);
  b->in = -1;
  assert_false(evdev_keys_read(&b->keys, b->out, &b->tick, &b->box));
  struct payload p;
  assert_true(mailbox_front(&b->box, &p)); /* what was whole before it went is kept */
  assert_int_equal(p.len, 4);
}

static void test_closed_mailbox(void **state) {
  struct bench *b = *state;
  mailbox_close(&b->box);
  TYPE(KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER);
  assert_true(evdev_keys_read(&b->keys, b->out, &b->tick, &b->box));
  assert_true(mailbox_empty(&b->box));
}

static void test_addresses(void **state) {
  (void)state;
  struct problem problem;
  static const char *const good[] = {"1a86:e026", "C2E:901", "0000:ffff"};
  static const char *const bad[] = {"", "1a86", "1a86:", ":e026", "1a86:e026:", "12345:1", "1a86:0xe0", "1a86 :1", "g:1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(reader_evdev_ops.check(good[i], &problem));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    problem = (struct problem){.zh = ""};
    if (reader_evdev_ops.check(bad[i], &problem)) fail_msg("\"%s\" was taken for an address", bad[i]);
    assert_true(problem.zh[0] != '\0' && strstr(problem.en, "lsusb"));
  }
}

static int uinput_scanner(void) {
  int fd = open("/dev/uinput", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  struct uinput_setup set = {.id = {.bustype = BUS_USB, .vendor = 0x1d6b, .product = 0x7962}, .name = "yingbin test scanner"};
  bool good = ioctl(fd, UI_SET_EVBIT, EV_KEY) == 0;
  for (int code = KEY_ESC; good && code < KEY_F1; code++) good = ioctl(fd, UI_SET_KEYBIT, code) == 0;
  if (good && ioctl(fd, UI_DEV_SETUP, &set) == 0 && ioctl(fd, UI_DEV_CREATE) == 0) return fd;
  close(fd);
  return -1;
}

static bool wait_for_code(struct bench *b, struct payload *p) {
  return mailbox_front(&b->box, p) || (bell_wait(&b->bell, 5000) && mailbox_front(&b->box, p));
}

static void test_uinput(void **state) {
  struct bench *b = *state;
  int device = uinput_scanner();
  if (device < 0) {
    print_message("skipped: uinput (no /dev/uinput on this machine)\n");
    skip();
  }
  void *reader = NULL;
  struct problem problem;
  struct payload p;
  tick_system(&b->tick, true);
  assert_true(reader_evdev_ops.start("1d6b:7962", &b->tick, &b->box, &reader, &problem));
  close(b->in);
  b->in = device;
  bool read = false;
  for (int tries = 0; !read && tries < 20; tries++) { /* the first ones may come before it is found */
    TYPE(KEY_A, KEY_B, KEY_C, KEY_D, KEY_ENTER);
    read = wait_for_code(b, &p);
  }
  assert_true(read);
  assert_true(reader_evdev_ops.present(reader));
  assert_memory_equal(p.bytes, "abcd", 4);
  mailbox_close(&b->box);
  reader_evdev_ops.stop(reader);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_code, setup, teardown),
      cmocka_unit_test_setup_teardown(test_shift_and_caps, setup, teardown),
      cmocka_unit_test_setup_teardown(test_url, setup, teardown),
      cmocka_unit_test_setup_teardown(test_autorepeat, setup, teardown),
      cmocka_unit_test_setup_teardown(test_lost_release, setup, teardown),
      cmocka_unit_test_setup_teardown(test_doubled_characters_of_the_code, setup, teardown),
      cmocka_unit_test_setup_teardown(test_dropped, setup, teardown),
      cmocka_unit_test_setup_teardown(test_keys_that_cannot_be_told, setup, teardown),
      cmocka_unit_test_setup_teardown(test_a_person_on_a_grabbed_device, setup, teardown),
      cmocka_unit_test_setup_teardown(test_device_gone, setup, teardown),
      cmocka_unit_test_setup_teardown(test_closed_mailbox, setup, teardown),
      cmocka_unit_test(test_addresses),
      cmocka_unit_test_setup_teardown(test_uinput, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
