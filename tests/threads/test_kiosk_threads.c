/* SPDX-License-Identifier: Apache-2.0
 * The whole kiosk in this process, all its threads on a simulated camera: meant for the thread
 * sanitizer, and true without it. Pack and tickets come from the `yingbin` beside this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "kiosk.h"

enum { PEOPLE = 12 };

static char folder[PATH_MAX];

struct show {
  struct kiosk_options options;
  struct kiosk_stop stop;
  struct tick clock;
  char *lines; /* what the kiosk told */
  size_t len;
};

static void run(const char *command) {
  if (system(command) != 0) fail_msg("failed: %s", command);
}

static void write_event(void) {
  FILE *ini = fopen("pack.ini", "w"), *csv = fopen("people.csv", "w");
  assert_true(ini && csv);
  fputs("[pack]\nname = threads\n[event meetup]\ntitle.zh-Hans = 聚会\nstarts = 2023-10-28 09:00\nends = 2023-10-28 18:00\n"
        "tz = Asia/Shanghai\n[roster people.csv]\nevent = meetup\n[station meetup/door]\nkind = entry\nparty = all\n"
        "[station meetup/asks]\nkind = entry\nparty = ask\nwalkin = self\ntimes = every\n",
        ini);
  fputs("number,name,party\n", csv);
  for (int i = 1; i <= PEOPLE; i++) fprintf(csv, "%d,参会者%d,2\n", i, i);
  fclose(ini);
  fclose(csv);
}

static int make_event(void **state) {
  (void)state;
  char name[] = "kiosk-threads-XXXXXX";
  if (!mkdtemp(name) || !realpath(name, folder) || chdir(folder) != 0) return -1;
  setenv("SDL_VIDEODRIVER", "dummy", 1);
  setenv("HOME", folder, 1);
  log_init("test", LOG_LEVEL_WARN);
  write_event();
  run("mkdir event && mv pack.ini people.csv event/");
  run("'" BIN_DIR "/yingbin' key new org >/dev/null 2>&1");
  run("'" BIN_DIR "/yingbin' pack build event -o event.ybp --key org.key >/dev/null");
  /* Pango's thread, which reads the fonts, is none that the sanitizer knows. */
  run("TSAN_OPTIONS=report_bugs=0 '" BIN_DIR
      "/yingbin' tickets event -o tickets >/dev/null && mkdir shown && cp tickets/*.png shown/");
  return 0;
}

static int remove_event(void **state) {
  (void)state;
  char command[PATH_MAX + 16];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return chdir("/") != 0 || system(command) != 0 ? -1 : 0;
}

/* 2023-10-28 12:00 in Shanghai, from then on as fast as frames come, or at the machine's pace. */
static void show_init(struct show *show, const char *data, bool lockstep, bool once) {
  memset(show, 0, sizeof *show);
  struct moment noon = {.mono_ms = 1000000, .wall_ms = 1698465600000, .wall_ok = true};
  if (lockstep) {
    tick_stream(&show->clock, noon);
  } else {
    tick_shifted(&show->clock, noon.wall_ms, true);
  }
  assert_true(kiosk_stop_init(&show->stop));
  show->options = (struct kiosk_options){
      .name = "threads",
      .pack = "event.ybp",
      .pub = "org.pub",
      .data = data,
      .station = "meetup/door",
      .camera = "files:shown",
      .camera_options = {.width = 1280, .height = 720, .fps = 60, .paced = !lockstep, .repeat = !once},
      .once = once,
      .lockstep = lockstep,
      .mirror = true,
      .decoder = BIN_DIR "/yingbin-decoder",
      .insecure_decoder = true,
      .clock = &show->clock,
      .clock_source = "recording",
      .reader = &reader_evdev_ops, /* nothing has this address: its thread looks for it, and is stopped */
      .reader_address = "ffff:ffff",
      .ui = {.width = 640,
             .height = 480,
             .lang = {LANG_ZH_HANS, LANG_EN},
             .langs = 2,
             .fonts = SOURCE_DIR "/assets/fonts.conf",
             .strings = SOURCE_DIR "/assets/strings",
             .themes = SOURCE_DIR "/assets/themes.ini",
             .lockstep = lockstep},
  };
}

static void write_text(const char *data, const char *name, const char *text) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", data, name);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs(text, out);
  fclose(out);
}

static int count(const char *lines, const char *what) {
  int n = 0;
  for (const char *at = lines; at && (at = strstr(at, what)); at++) n++;
  return n;
}

static void test_once(void **state) {
  (void)state;
  static const char *const verdicts[] = {"\"verdict\":\"admit\"", "\"verdict\":\"again\""};
  for (int i = 0; i < 2; i++) { /* the second start knows them */
    struct show show;
    show_init(&show, "once", true, true);
    show.options.ui.events = open_memstream(&show.lines, &show.len);
    assert_non_null(show.options.ui.events);
    assert_int_equal(kiosk_run(&show.options, &show.stop), 0);
    fclose(show.options.ui.events);
    assert_int_equal(count(show.lines, verdicts[i]), PEOPLE);
    assert_int_equal(count(show.lines, "\n"), PEOPLE);
    free(show.lines);
    kiosk_stop_fini(&show.stop);
  }
}

/* Reads what the kiosk tells; after the fifth verdict it asks it to stop, as a signal would. */
struct listener {
  int fd;
  int lines;
  struct kiosk_stop *stop;
  struct tick *clock; /* told, too, as by an operator, while a finger is on the screen. NULL: neither */
};

/* A reader that only remembers where payloads go: a finger's taps go there, too. */
static _Atomic(struct mailbox *) people;

static bool finger_check(const char *address, struct problem *problem) {
  (void)address, (void)problem;
  return true;
}

static bool finger_start(const char *address, struct tick *clock, struct mailbox *to, void **self, struct problem *problem) {
  (void)address, (void)clock, (void)problem;
  *self = &people;
  atomic_store(&people, to);
  return true;
}

static bool finger_present(const void *self) { return self != NULL; }

static void finger_stop(void *self) {
  (void)self;
  atomic_store(&people, NULL);
}

static const struct reader_ops finger = {"finger", finger_check, finger_start, finger_present, finger_stop};

static void meddle(const struct listener *l) {
  static struct payload tap;
  struct mailbox *to = atomic_load(&people);
  tap.by = BY_TAP;
  tap.at = tick_now(l->clock);
  tap.heads = (int16_t)(l->lines % 3);
  if (to) mailbox_put(to, &tap);
  assert_true(tick_tell(l->clock, l->lines % 2 ? 1698465600000 + l->lines : 0));
}

static void *listen_to(void *arg) {
  struct listener *l = arg;
  FILE *in = fdopen(l->fd, "r");
  char line[2048];
  while (in && fgets(line, sizeof line, in)) {
    if (l->clock && l->lines < 4) meddle(l);
    if (++l->lines == 5) kiosk_stop_ask(l->stop);
  }
  if (in) fclose(in);
  return NULL;
}

static void run_until_five(struct show *show, struct tick *meddle_with) {
  int ends[2];
  pthread_t thread;
  assert_int_equal(pipe(ends), 0);
  struct listener listener = {.fd = ends[0], .stop = &show->stop, .clock = meddle_with};
  show->options.ui.events = fdopen(ends[1], "w");
  assert_int_equal(pthread_create(&thread, NULL, listen_to, &listener), 0);
  assert_int_equal(kiosk_run(&show->options, &show->stop), 0);
  fclose(show->options.ui.events);
  pthread_join(thread, NULL);
  assert_true(listener.lines >= 5);
  kiosk_stop_fini(&show->stop);
}

static void stop_in_the_middle(const char *data, bool lockstep) {
  struct show show;
  show_init(&show, data, lockstep, false);
  run_until_five(&show, NULL);
}

static void test_stop_in_real_time(void **state) {
  (void)state;
  stop_in_the_middle("real", false);
}

static void test_stop_in_lockstep(void **state) {
  (void)state;
  stop_in_the_middle("lockstep", true);
}

/* A party that is asked how many have come, with the next one behind them, a finger and an operator at once. */
static void test_questions(void **state) {
  (void)state;
  struct show show;
  show_init(&show, "asks", false, false);
  show.options.station = "meetup/asks";
  show.options.reader = &finger;
  run_until_five(&show, &show.clock);
}

/* What a service manager hears, as it comes: a socket holds ten lines. */
struct manager {
  int fd;
  char heard[16384];
};

static void *manage(void *arg) {
  struct manager *m = arg;
  for (size_t len = 0; len < sizeof m->heard - 1;) {
    const ssize_t got = recv(m->fd, m->heard + len, sizeof m->heard - 1 - len, 0);
    if (got <= 0) break;
    len += (size_t)got;
  }
  return NULL;
}

/* From a kiosk that runs and is stopped. */
static void test_watchdog(void **state) {
  (void)state;
  char name[64];
  static struct manager manager;
  const char *const heard = manager.heard;
  pthread_t thread;
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  int n = snprintf(name, sizeof name, "@kiosk-threads-%ld", (long)getpid()), fd = manager.fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  memcpy(at.sun_path + 1, name + 1, (size_t)n - 1);
  assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)), 0);
  assert_int_equal(pthread_create(&thread, NULL, manage, &manager), 0);
  setenv("NOTIFY_SOCKET", name, 1);
  setenv("WATCHDOG_USEC", "30000000", 1);
  stop_in_the_middle("watchdog", false);
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  shutdown(fd, SHUT_RD); /* what has come is still read */
  pthread_join(thread, NULL);
  close(fd);
  static const char ready[] = "READY=1\nSTATUS=meetup/door\n", stopping[] = "STOPPING=1\n";
  assert_memory_equal(heard, ready, sizeof ready - 1);
  assert_non_null(strstr(heard, "WATCHDOG=1\n"));
  assert_string_equal(heard + strlen(heard) - (sizeof stopping - 1), stopping);
}

/* Sync's thread beside the others: a hub that answers now and then, and one that never does. */
static void test_with_a_hub(void **state) {
  (void)state;
  static const char joined[] = "hub = http://hub.example\nkiosk = threads\ncard = c\ntoken = t\n";
  static const char script[] = "POST /journal reset 0 - - -\n"
                               "*POST /journal 200 1 text/html - - <html>\n"
                               "*GET /feed 200 3 application/json - - "
                               "{\"cursor\":\"aa-1\",\"more\":false,\"at\":\"2023-10-28T04:00:00.000Z\",\"records\":["
                               "{\"id\":\"00112233445566778899aabbccddeeff\",\"kind\":\"scan\",\"kiosk\":\"b\",\"station\":"
                               "\"meetup/door\",\"attendee\":\"3\","
                               "\"count\":1,\"at\":\"2023-10-28T03:00:00.000Z\",\"wall_ok\":true}]}\n",
                    stall[] = "*POST /journal 200 86400000 - - -\n";
  const char *const scripts[] = {script, stall};
  for (int i = 0; i < 2; i++) {
    struct show show;
    char data[16], address[32];
    snprintf(data, sizeof data, "hub-%d", i);
    snprintf(address, sizeof address, "%s/script", data);
    assert_int_equal(mkdir(data, 0700), 0);
    write_text(data, "hub.ini", joined);
    write_text(data, "script", scripts[i]);
    show_init(&show, data, false, false);
    show.options.uplink = &uplink_script_ops;
    show.options.uplink_address = address;
    show.options.hub = show.options.hub_pin = show.options.hub_ca = "";
    run_until_five(&show, NULL);
  }
}

static void test_stop_before_the_start(void **state) {
  (void)state;
  struct show show;
  show_init(&show, "before", false, false);
  kiosk_stop_ask(&show.stop);
  assert_int_equal(kiosk_run(&show.options, &show.stop), 0);
  kiosk_stop_fini(&show.stop);
}

static void test_fault_at_the_start(void **state) {
  (void)state;
  struct show show;
  show_init(&show, "fault", false, true);
  show.options.pack = "nowhere.ybp";
  assert_int_equal(kiosk_run(&show.options, &show.stop), 1);
  kiosk_stop_fini(&show.stop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_once),
      cmocka_unit_test(test_stop_in_real_time),
      cmocka_unit_test(test_stop_in_lockstep),
      cmocka_unit_test(test_questions),
      cmocka_unit_test(test_with_a_hub),
      cmocka_unit_test(test_watchdog),
      cmocka_unit_test(test_stop_before_the_start),
      cmocka_unit_test(test_fault_at_the_start),
  };
  return cmocka_run_group_tests(tests, make_event, remove_event);
}
