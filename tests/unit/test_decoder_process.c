/* SPDX-License-Identifier: Apache-2.0
 * The real yingbin-decoder, worked, frozen, killed and replaced. In builds with sanitizers it runs
 * unfiltered, and what its filter forbids is not tried: said by name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scan/confine.h"
#include "tests/unit/qr_frame.h"
#include "watch/decoder_proc.h"
#include "watch/watch.h"

#define DECODER BIN_DIR "/yingbin-decoder"

enum { PATIENT_MS = 60000, CANT_CONFINE = 9 }; /* a test fails by its time-out, never by a slow machine */

static struct scan_result result;
static bool unfiltered; /* sanitizers, or a machine that knows no filters (qemu-user) */

static enum decoder_event next_event(struct decoder_proc *d) {
  for (;;) {
    enum decoder_event event = decoder_proc_event(d, &result);
    if (event != DECODER_NOTHING) return event;
    struct pollfd polls[DECODER_POLLS];
    decoder_proc_polls(d, polls);
    assert_true(poll(polls, DECODER_POLLS, -1) > 0);
  }
}

static void bring_up(struct decoder_proc *d) {
  assert_int_equal(next_event(d), DECODER_RESTED);
  assert_true(decoder_proc_start(d, DECODER, unfiltered));
  assert_int_equal(next_event(d), DECODER_UP);
}

static struct frame code_frame(const char *text) {
  struct frame frame = qr_blank(320, 240, 352);
  qr_draw(&frame, text, strlen(text), 60, 50, 4, 0);
  return frame;
}

static void give(struct decoder_proc *d, const char *text, int64_t limit_ms) {
  struct frame frame = code_frame(text);
  assert_true(decoder_proc_give(d, &frame, SCAN_LIVE, limit_ms));
  free((void *)frame.luma);
}

static void reads_frame_after_frame(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  char text[32];
  for (int i = 0; i < 20; i++) {
    snprintf(text, sizeof text, "ticket %d", i);
    give(&d, text, PATIENT_MS);
    assert_int_equal(next_event(&d), DECODER_DONE);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.code[0].len, strlen(text));
    assert_memory_equal(result.code[0].bytes, text, strlen(text));
  }
  struct frame empty = qr_blank(1280, 720, 1280);
  assert_true(decoder_proc_give(&d, &empty, SCAN_LIVE, PATIENT_MS));
  free((void *)empty.luma);
  assert_int_equal(next_event(&d), DECODER_DONE);
  assert_int_equal(result.count, 0);
  assert_true(decoder_proc_cpu_us(&d) > 0);
  decoder_proc_fini(&d);
}

/* The largest frame and one full of noise, within the memory that it is left. */
static void reads_large_and_noisy_frames(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  struct frame frame = qr_blank(4096, 3072, 4096);
  qr_draw(&frame, "far away", 8, 3000, 2000, 6, 0);
  assert_true(decoder_proc_give(&d, &frame, SCAN_LIVE, PATIENT_MS));
  assert_int_equal(next_event(&d), DECODER_DONE);
  assert_int_equal(result.count, 1);
  uint32_t noise = 1;
  for (int i = 0; i < 1280 * 720; i++) {
    noise = noise * 1664525 + 1013904223;
    ((uint8_t *)frame.luma)[i] = (uint8_t)(noise >> 24);
  }
  frame = (struct frame){.luma = frame.luma, .w = 1280, .h = 720, .stride = 1280};
  assert_true(decoder_proc_give(&d, &frame, SCAN_LIVE, PATIENT_MS));
  assert_int_equal(next_event(&d), DECODER_DONE);
  free((void *)frame.luma);
  decoder_proc_fini(&d);
}

/* Charsets that a code declares make zbar look for converters: all of them were loaded before the filter. */
static void declared_charsets_need_no_file(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  for (unsigned eci = 0; eci < 40; eci++) {
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_L);
    unsigned char bytes[] = "caf\xc3\xa9 \x81\x40";
    assert_int_equal(QRinput_appendECIheader(input, eci), 0);
    assert_int_equal(QRinput_append(input, QR_MODE_8, sizeof bytes - 1, bytes), 0);
    QRcode *code = QRcode_encodeInput(input);
    assert_non_null(code);
    struct frame frame = qr_blank(320, 240, 320);
    qr_draw_symbol(&frame, code, 60, 50, 4, 0);
    for (int i = 0; i < 4; i++) { /* again and again: glibc unloads what was not used for a while */
      assert_true(decoder_proc_give(&d, &frame, SCAN_LIVE, PATIENT_MS));
      assert_int_equal(next_event(&d), DECODER_DONE);
    }
    free((void *)frame.luma);
    QRcode_free(code);
    QRinput_free(input);
  }
  decoder_proc_fini(&d);
}

static void frozen_is_late_and_killed_is_dead(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  pid_t first = d.pid;
  assert_int_equal(kill(d.pid, SIGSTOP), 0);
  give(&d, "late", 50);
  assert_int_equal(next_event(&d), DECODER_LATE);
  assert_int_equal(d.failures, 1);
  decoder_proc_stop(&d);
  assert_int_equal(d.state, DECODER_OFF);
  assert_int_equal(waitpid(first, NULL, WNOHANG), -1); /* reaped already */
  assert_int_equal(errno, ECHILD);

  bring_up(&d);
  assert_int_equal(kill(d.pid, SIGKILL), 0);
  give(&d, "dead", PATIENT_MS);
  assert_int_equal(next_event(&d), DECODER_DIED);
  assert_int_equal(d.failures, 2);
  decoder_proc_stop(&d);

  bring_up(&d);
  give(&d, "well again", PATIENT_MS);
  assert_int_equal(next_event(&d), DECODER_DONE);
  assert_int_equal(d.failures, 0);
  decoder_proc_fini(&d);
}

/* A wall of finder patterns kept zbar busy for seconds on the whole frame: in turns it is passed. */
static void a_wall_of_finder_patterns_is_passed(void **state) {
  (void)state;
  static const char *const finder[] = {"#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"};
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  struct frame frame = qr_blank(4096, 3072, 4096);
  for (int y = 0; y < frame.h; y++) {
    for (int x = 0; x < frame.w; x++) {
      if (x % 8 < 7 && y % 8 < 7 && finder[y % 8][x % 8] == '#') ((uint8_t *)frame.luma)[y * frame.stride + x] = 0;
    }
  }
  assert_true(decoder_proc_give(&d, &frame, SCAN_LIVE, PATIENT_MS));
  free((void *)frame.luma);
  assert_int_equal(next_event(&d), DECODER_DONE);
  give(&d, "next, please", PATIENT_MS);
  assert_int_equal(next_event(&d), DECODER_DONE);
  assert_int_equal(result.count, 1);
  decoder_proc_fini(&d);
}

/* What a taken-over decoder could write into the share. */
static void results_are_not_believed(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  for (int lie = 0; lie < 6; lie++) {
    bring_up(&d);
    assert_int_equal(kill(d.pid, SIGSTOP), 0); /* the test speaks in its place */
    if (lie != 5) give(&d, "x", PATIENT_MS);
    d.share->done_job = d.job;
    d.share->result.count = 1;
    d.share->result.code[0].len = 1;
    switch (lie) {
    case 0: d.share->result.count = SCAN_CODES_MAX + 1; break;
    case 1: d.share->result.count = -1; break;
    case 2: d.share->result.code[0].len = PAYLOAD_MAX + 1; break;
    case 3: d.share->result.code[0].len = 0; break;
    case 4: d.share->done_job++; break;
    default: break; /* 5: an answer that nobody asked for */
    }
    uint64_t one = 1;
    assert_int_equal(write(d.done, &one, sizeof one), sizeof one);
    assert_int_equal(next_event(&d), DECODER_NONSENSE);
    decoder_proc_stop(&d);
  }
  decoder_proc_fini(&d);
}

static void a_program_that_is_no_decoder(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  assert_int_equal(next_event(&d), DECODER_RESTED);
  assert_false(decoder_proc_start(&d, "/nonexistent/decoder", false));
  assert_int_equal(d.state, DECODER_OFF);
  assert_int_equal(next_event(&d), DECODER_RESTED);
  assert_true(decoder_proc_start(&d, "/bin/true", false));
  assert_int_equal(next_event(&d), DECODER_DIED);
  decoder_proc_fini(&d);
}

static void a_frame_too_large_is_not_given(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  static const uint8_t luma[1];
  const struct frame bad[] = {{luma, SCAN_SIDE_MAX + 1, 1, SCAN_SIDE_MAX + 1, 0},
                              {luma, SCAN_SIDE_MAX, SCAN_SIDE_MAX, SCAN_SIDE_MAX, 0},
                              {luma, 0, 1, 1, 0},
                              {luma, 2, 1, 1, 0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(decoder_proc_give(&d, &bad[i], SCAN_LIVE, PATIENT_MS));
  assert_int_equal(d.state, DECODER_IDLE);
  decoder_proc_fini(&d);
}

static int open_descriptors(void) {
  int n = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder)) n++;
  closedir(folder);
  return n;
}

static void two_hundred_replacements_leak_nothing(void **state) {
  (void)state;
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  decoder_proc_stop(&d);
  int before = open_descriptors();
  for (int i = 0; i < 200; i++) {
    bring_up(&d);
    give(&d, "x", PATIENT_MS);
    if (i % 2)
      kill(d.pid, SIGKILL);
    else
      assert_int_equal(next_event(&d), DECODER_DONE);
    decoder_proc_stop(&d);
  }
  assert_int_equal(open_descriptors(), before);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left, living or dead */
  assert_int_equal(errno, ECHILD);
  decoder_proc_fini(&d);
}

/* The filter itself: each of these must end the process that tries it. */

static void try_nothing(void) {}
static void try_open(void) { (void)!open("/etc/hostname", O_RDONLY); }
static void try_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }
static void try_exec(void) { execl("/bin/true", "true", (char *)NULL); }
static void try_fork(void) { fork(); }
static void try_kill(void) { kill(getppid(), 0); }
static void try_read_elsewhere(void) {
  char byte;
  (void)!read(0, &byte, 1);
}
static void try_write_elsewhere(void) { (void)!write(2, "x", 1); }
static void try_executable_memory(void) { mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static void try_mprotect(void) {
  mprotect((void *)((uintptr_t)try_nothing & ~4095ul), 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
}
static void try_file_mapping(void) { mmap(NULL, 4096, PROT_READ, MAP_SHARED, DECODER_FD_WAKE, 0); }
static void try_plain_memory(void) {
  void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at != MAP_FAILED) munmap(at, 4096);
}
static void try_done(void) {
  uint64_t one = 1;
  (void)!write(DECODER_FD_DONE, &one, sizeof one);
}

static int end_of(void (*act)(void)) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (!child) {
    int wake = eventfd(0, 0), done = eventfd(0, 0);
    dup2(dup2(wake, 64), DECODER_FD_WAKE);
    dup2(dup2(done, 65), DECODER_FD_DONE);
    if (!confine_secrets() || !confine_all()) _exit(CANT_CONFINE);
    act();
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static void the_filter_lets_nothing_out(void **state) {
  (void)state;
  if (unfiltered) skip(); /* cmocka names it */
  void (*const allowed[])(void) = {try_nothing, try_plain_memory, try_done};
  void (*const forbidden[])(void) = {
      try_open,           try_socket,          try_exec,     try_fork,         try_kill,
      try_read_elsewhere, try_write_elsewhere, try_mprotect, try_file_mapping, try_executable_memory};
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) assert_int_equal(end_of(allowed[i]), 0);
  for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
    int status = end_of(forbidden[i]);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
  }
}

static void memory_is_limited(void **state) {
  (void)state;
  if (unfiltered) skip();
  struct decoder_proc d;
  assert_true(decoder_proc_init(&d));
  bring_up(&d);
  char path[64], line[256], *limit = NULL;
  snprintf(path, sizeof path, "/proc/%d/limits", (int)d.pid);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (!limit && fgets(line, sizeof line, file)) limit = strstr(line, "Max address space");
  fclose(file);
  assert_non_null(limit);
  assert_in_range(strtoll(limit + strlen("Max address space"), NULL, 10), 1 << 20, 300 << 20);
  decoder_proc_fini(&d);
}

static int ask_the_machine(void **state) {
  (void)state;
  int status = end_of(try_nothing);
  unfiltered = WIFEXITED(status) && WEXITSTATUS(status) == CANT_CONFINE;
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_frame_after_frame),
      cmocka_unit_test(reads_large_and_noisy_frames),
      cmocka_unit_test(declared_charsets_need_no_file),
      cmocka_unit_test(frozen_is_late_and_killed_is_dead),
      cmocka_unit_test(a_wall_of_finder_patterns_is_passed),
      cmocka_unit_test(results_are_not_believed),
      cmocka_unit_test(a_program_that_is_no_decoder),
      cmocka_unit_test(a_frame_too_large_is_not_given),
      cmocka_unit_test(two_hundred_replacements_leak_nothing),
      cmocka_unit_test(the_filter_lets_nothing_out),
      cmocka_unit_test(memory_is_limited),
  };
  return cmocka_run_group_tests(tests, ask_the_machine, NULL);
}
