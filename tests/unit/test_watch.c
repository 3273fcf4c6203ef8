/* SPDX-License-Identifier: Apache-2.0
 * The watch service with its real decoders before cameras that the test is, or recordings that it makes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/hostile_pictures.h"
#include "tests/unit/qr_frame.h"
#include "watch/mirror.h"
#include "watch/watch.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum { SLOTS = 4, MAX_SEEN = 64, PATIENT_MS = 60000 };

/* A camera that shows one code after the other, each for one frame, then the last one for ever. */
struct show {
  struct frame frame[8];
  int frames, shown;
  enum camera_take take; /* what it answers instead of a frame, if not CAMERA_FRAME */
  int64_t
      *limit_ms; /* of whom frames larger than a code's get `large_ms`, and the others all the time that they need; or NULL */
  int64_t large_ms;
};

static int show_fd(void *self) {
  (void)self;
  return -1;
}

static enum camera_take show_take(void *self, struct moment now, struct frame *frame, int64_t *due_ms) {
  struct show *show = self;
  *due_ms = now.mono_ms + 10;
  if (show->take != CAMERA_FRAME) return show->take;
  *frame = show->frame[show->shown < show->frames ? show->shown : show->frames - 1];
  show->shown++;
  if (show->limit_ms) *show->limit_ms = frame->w > 320 ? show->large_ms : PATIENT_MS;
  frame->at_ms = now.mono_ms - 5;
  return CAMERA_FRAME;
}

static const char *show_state(void *self) { return ((struct show *)self)->take == CAMERA_LOST ? "unplugged" : "show"; }

static void show_close(void *self) {
  struct show *show = self;
  for (int i = 0; i < show->frames; i++) free((void *)show->frame[i].luma);
}

static const struct camera_ops show_ops = {"show", show_fd, show_take, show_state, show_close};

static struct world {
  struct watch watch;
  struct mailbox payloads;
  struct payload slots[SLOTS];
  struct latest health;
  struct watch_health health_slot;
  struct latest mirror;
  struct mirror mirror_slot;
  uint64_t seen;
  struct show show;
} world;

static struct moment now(void) {
  struct timespec t;
  clock_gettime(CLOCK_BOOTTIME, &t);
  int64_t ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
  return (struct moment){ms, ms + 1000000, true};
}

static void setup(struct world *w, int64_t limit_ms) {
  struct problem problem;
  memset(w, 0, sizeof *w);
  mailbox_init(&w->payloads, w->slots, sizeof *w->slots, SLOTS, NULL);
  latest_init(&w->health, &w->health_slot, sizeof w->health_slot, NULL);
  latest_init(&w->mirror, &w->mirror_slot, sizeof w->mirror_slot, NULL);
  w->watch = (struct watch){
      .camera = {&show_ops, &w->show},
      .options = {.decoder = BIN_DIR "/yingbin-decoder", .insecure_decoder = SANITIZED, .frame_limit_ms = limit_ms},
      .payloads = &w->payloads,
      .health = &w->health,
      .mirror = &w->mirror};
  assert_true(watch_init(&w->watch, &problem));
}

static void teardown(struct world *w) {
  watch_fini(&w->watch);
  mailbox_fini(&w->payloads);
  latest_fini(&w->health);
  latest_fini(&w->mirror);
}

static void show_code(struct world *w, const char *text) {
  struct frame frame = qr_blank(320, 240, 320);
  qr_draw(&frame, text, strlen(text), 60, 50, 4, 0);
  w->show.frame[w->show.frames++] = frame;
}

static struct watch_health health_of(struct world *w) {
  struct watch_health health = w->health_slot;
  latest_get(&w->health, &health, &w->seen);
  return health;
}

static struct payload next_payload(struct world *w) {
  struct payload payload;
  while (!mailbox_front(&w->payloads, &payload)) watch_step(&w->watch, now());
  mailbox_pop(&w->payloads);
  return payload;
}

static void assert_payload(const struct payload *payload, const char *text) {
  assert_int_equal(payload->len, strlen(text));
  assert_memory_equal(payload->bytes, text, payload->len);
}

static void a_code_becomes_a_payload(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  show_code(&world, "first");
  show_code(&world, "second");
  struct payload payload = next_payload(&world);
  assert_payload(&payload, "first");
  assert_int_equal(payload.by, BY_CAMERA);
  assert_true(payload.at.wall_ok);
  assert_int_equal(payload.at.wall_ms - payload.at.mono_ms, 1000000);
  assert_true(payload.read_ms >= 5);
  assert_in_range(payload.where[0].x, 56, 64);
  assert_in_range(payload.where[0].y, 46, 54);
  assert_true(payload.where[2].x > payload.where[0].x && payload.where[2].y > payload.where[0].y);
  payload = next_payload(&world);
  assert_payload(&payload, "second");

  /* desk is slow: what doesn't fit is dropped and counted, watch goes on */
  while (mailbox_dropped(&world.payloads) < 3) watch_step(&world.watch, now());
  struct watch_health health = health_of(&world);
  assert_int_equal(health.camera, WATCH_CAMERA_GOOD);
  assert_true(health.scanning);
  assert_false(health.sandbox_refused);
  assert_string_equal(health.state, "show");
  assert_int_equal(health.killed + health.died + health.lost_frames, 0);
  teardown(&world);
}

/* Every picture that leaves has the same frame's code painted over, though the code moves. */
static void the_mirror_shows_no_code(void **state) {
  (void)state;
  static struct mirror mirror;
  uint64_t seen = 0;
  setup(&world, PATIENT_MS);
  for (int i = 0; i < 8; i++) {
    struct frame frame = qr_blank(320, 240, 320);
    qr_draw(&frame, "moving", 6, 20 + 24 * i, 30 + 12 * i, 4, 0);
    world.show.frame[world.show.frames++] = frame;
  }
  for (int pictures = 0; pictures < 5;) {
    watch_step(&world.watch, now());
    if (!latest_get(&world.mirror, &mirror, &seen)) continue;
    pictures++;
    assert_int_equal(mirror.w, 160);
    assert_int_equal(mirror.h, 120);
    assert_true(mirror.found);
    for (int i = 0; i < mirror.w * mirror.h; i++) assert_true(mirror.luma[i] >= MIRROR_PAINT); /* nothing dark is left */
  }
  teardown(&world);
}

static int children(pid_t *pids, int most) {
  char path[64];
  int n = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  FILE *file = fopen(path, "r");
  if (!file) return 0; /* a kernel without the list */
  while (n < most && fscanf(file, "%d", &pids[n]) == 1) n++;
  fclose(file);
  return n;
}

static void all_decoders(int signal, int expected) {
  pid_t pids[4];
  int n = children(pids, 4);
  if (!n) skip();
  assert_int_equal(n, expected);
  for (int i = 0; i < n; i++) kill(pids[i], signal);
}

/* From now on, and for the frame that is being read. A machine that is busy must not come near it: only where a decoder stands
 * still. */
static void limit_to(struct world *w, int64_t ms) {
  w->watch.options.frame_limit_ms = ms;
  for (int shown = w->show.shown; w->show.shown == shown;) watch_step(&w->watch, now());
}

static void forget_payloads(struct world *w) {
  struct payload payload;
  while (mailbox_front(&w->payloads, &payload)) mailbox_pop(&w->payloads);
}

static void frozen_decoders_are_replaced(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  show_code(&world, "seen again");
  struct payload payload = next_payload(&world);
  limit_to(&world, 1000);
  all_decoders(SIGSTOP, 2);
  struct watch_health health;
  do {
    watch_step(&world.watch, now());
    health = health_of(&world);
  } while (health.killed < 2);
  world.watch.options.frame_limit_ms = PATIENT_MS;
  assert_true(health.lost_frames >= 1);
  assert_int_equal(health.died, 0);
  forget_payloads(&world);
  payload = next_payload(&world);
  assert_payload(&payload, "seen again");
  teardown(&world);
}

static void killed_decoders_are_replaced(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  show_code(&world, "seen again");
  struct payload payload = next_payload(&world);
  all_decoders(SIGKILL, 2);
  struct watch_health health;
  do {
    watch_step(&world.watch, now());
    health = health_of(&world);
  } while (health.died < 2);
  assert_int_equal(health.killed, 0);
  forget_payloads(&world);
  payload = next_payload(&world);
  assert_payload(&payload, "seen again");
  teardown(&world);
  pid_t left[4];
  assert_int_equal(children(left, 4), 0);
}

/* The decoder that the frames go to sleeps and wakes; the spare sleeps on. */
static pid_t working(void) {
  pid_t pids[4], busiest = -1;
  long most = -1;
  int n = children(pids, 4);
  for (int i = 0; i < n; i++) {
    char path[64], line[128];
    long switches = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pids[i]);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) sscanf(line, "voluntary_ctxt_switches: %ld", &switches);
    if (file) fclose(file);
    if (switches > most) busiest = pids[i];
    if (switches > most) most = switches;
  }
  return busiest;
}

/* It loops, aborts, is killed by its filter or by the kernel, each in the middle of a frame: that frame is lost, no other. */
static void each_death_costs_one_frame(void **state) {
  (void)state;
  static const int deaths[] = {SIGABRT, SIGILL, SIGSYS, SIGKILL, SIGSTOP};
  for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
    setup(&world, PATIENT_MS);
    show_code(&world, "seen again");
    struct watch_health before = health_of(&world), health;
    while (before.decoded < 50) {
      watch_step(&world.watch, now());
      before = health_of(&world);
    }
    pid_t pid = working();
    if (pid < 0) skip(); /* a kernel without the list of children */
    if (deaths[i] == SIGSTOP) limit_to(&world, 1000);
    kill(pid, SIGSTOP);
    do watch_step(&world.watch, now());
    while (world.show.shown <= health_of(&world).decoded);
    kill(pid, deaths[i]);
    kill(pid, deaths[i] == SIGSTOP ? 0 : SIGCONT);
    do {
      watch_step(&world.watch, now());
      health = health_of(&world);
    } while (health.killed + health.died == 0);
    world.watch.options.frame_limit_ms = PATIENT_MS;
    assert_int_equal(health.killed, deaths[i] == SIGSTOP);
    assert_int_equal(health.lost_frames, 1);
    forget_payloads(&world);
    struct payload payload = next_payload(&world);
    assert_payload(&payload, "seen again");
    health = health_of(&world);
    assert_int_equal(health.killed + health.died, 1);
    assert_int_equal(health.lost_frames, 1);
    assert_false(health.decoder_fails);
    teardown(&world);
  }
}

/* No reader is needed to show this one's harm: a wall of finder patterns, as large as frames come. */
static void a_hostile_frame_costs_no_more_than_itself(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  world.show.limit_ms = &world.watch.options.frame_limit_ms;
  world.show.large_ms = SANITIZED ? 2000 : 250;
  struct frame wall = qr_blank(4096, 3072, 4096);
  hostile_wall(&wall, 1);
  show_code(&world, "before");
  world.show.frame[world.show.frames++] = wall;
  show_code(&world, "behind");
  struct payload payload = next_payload(&world);
  assert_payload(&payload, "before");
  payload = next_payload(&world);
  assert_payload(&payload, "behind");
  struct watch_health health = health_of(&world);
  assert_in_range(health.lost_frames, 0, 1);
  assert_int_equal(health.killed, health.lost_frames);
  assert_int_equal(health.died, 0);
  teardown(&world);
}

static void what_is_no_decoder_is_told_once(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  show_code(&world, "never");
  world.watch.options.decoder = "/bin/true";
  while (!health_of(&world).decoder_fails) watch_step(&world.watch, now());
  assert_false(health_of(&world).scanning);
  world.watch.options.decoder = BIN_DIR "/yingbin-decoder"; /* installed again */
  struct payload payload = next_payload(&world);
  assert_payload(&payload, "never");
  while (health_of(&world).decoder_fails) watch_step(&world.watch, now());
  teardown(&world);
}

static void a_lost_camera_is_told(void **state) {
  (void)state;
  setup(&world, PATIENT_MS);
  show_code(&world, "back");
  world.show.take = CAMERA_LOST;
  while (health_of(&world).camera != WATCH_CAMERA_LOST) watch_step(&world.watch, now());
  assert_string_equal(health_of(&world).state, "unplugged");
  world.show.take = CAMERA_FRAME;
  struct payload payload = next_payload(&world);
  assert_payload(&payload, "back");
  while (health_of(&world).camera != WATCH_CAMERA_GOOD) watch_step(&world.watch, now());
  teardown(&world);
}

/* A recording as fast as it goes: every frame is read, at its own time, and dealt with before the next. */

struct desk {
  pthread_t thread;
  struct world *world;
  struct payload seen[MAX_SEEN];
  int64_t stream_ms[MAX_SEEN]; /* the stream's clock while each was dealt with */
  int count;
  pthread_mutex_t lock;
  bool stop;
};

static void *desk_run(void *arg) {
  struct desk *desk = arg;
  struct timespec nap = {0, 1000000};
  for (bool stop = false; !stop;) {
    struct payload payload;
    while (mailbox_front(&desk->world->payloads, &payload)) {
      assert(desk->count < MAX_SEEN);
      desk->stream_ms[desk->count] = tick_now(desk->world->watch.stream).mono_ms;
      desk->seen[desk->count++] = payload;
      mailbox_pop(&desk->world->payloads);
    }
    nanosleep(&nap, NULL); /* the desk's own pace, whatever it is */
    pthread_mutex_lock(&desk->lock);
    stop = desk->stop;
    pthread_mutex_unlock(&desk->lock);
  }
  return NULL;
}

enum { RECORDED = 12 };

static void record(const char *path) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs("YUV4MPEG2 W320 H240 F10:1 Cmono\n", file);
  for (int i = 0; i < RECORDED; i++) {
    char text[32];
    struct frame frame = qr_blank(320, 240, 320);
    snprintf(text, sizeof text, "person %d", i);
    if (i % 3) qr_draw(&frame, text, strlen(text), 60, 50, 4, 0);
    fputs("FRAME\n", file);
    assert_int_equal(fwrite(frame.luma, 1, 320 * 240, file), 320 * 240);
    free((void *)frame.luma);
  }
  fclose(file);
}

static void a_recording_in_lockstep(void **state) {
  (void)state;
  char path[] = "yingbin-test-watch-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  record(path);
  struct problem problem;
  struct tick stream;
  tick_stream(&stream, (struct moment){5000, 1700000000000, true});
  setup(&world, PATIENT_MS);
  world.watch.options.lockstep = world.watch.options.once = true;
  world.watch.stream = &stream;
  struct camera_options options = {.fps = 30};
  assert_true(camera_y4m_open(&world.watch.camera, path, &options, &problem));

  static struct desk desk;
  desk = (struct desk){.world = &world, .lock = PTHREAD_MUTEX_INITIALIZER};
  assert_int_equal(pthread_create(&desk.thread, NULL, desk_run, &desk), 0);
  while (!watch_ended(&world.watch)) watch_step(&world.watch, tick_now(&stream));
  pthread_mutex_lock(&desk.lock);
  desk.stop = true;
  pthread_mutex_unlock(&desk.lock);
  pthread_join(desk.thread, NULL);

  assert_int_equal(desk.count, RECORDED / 3 * 2);
  for (int i = 0, n = 0; i < RECORDED; i++) {
    if (i % 3 == 0) continue;
    char text[32];
    snprintf(text, sizeof text, "person %d", i);
    assert_payload(&desk.seen[n], text);
    assert_int_equal(desk.seen[n].at.mono_ms, 5000 + i * 100);
    assert_int_equal(desk.seen[n].at.wall_ms, 1700000000000 + i * 100);
    assert_int_equal(desk.stream_ms[n], 5000 + i * 100);
    n++;
  }
  struct watch_health health = health_of(&world);
  assert_int_equal(health.camera, WATCH_CAMERA_ENDED);
  assert_int_equal(health.frames, RECORDED);
  assert_int_equal(health.decoded, RECORDED);
  teardown(&world);
  unlink(path);
}

static void no_decoder_is_a_problem(void **state) {
  (void)state;
  struct problem problem = {.en = ""};
  struct watch watch = {.options = {.decoder = "/nonexistent/yingbin-decoder"}};
  assert_false(watch_init(&watch, &problem));
  assert_non_null(strstr(problem.en, "/nonexistent/yingbin-decoder"));
  assert_non_null(strstr(problem.zh, "/nonexistent/yingbin-decoder"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_code_becomes_a_payload),        cmocka_unit_test(the_mirror_shows_no_code),
      cmocka_unit_test(frozen_decoders_are_replaced),    cmocka_unit_test(killed_decoders_are_replaced),
      cmocka_unit_test(each_death_costs_one_frame),      cmocka_unit_test(a_hostile_frame_costs_no_more_than_itself),
      cmocka_unit_test(what_is_no_decoder_is_told_once), cmocka_unit_test(a_lost_camera_is_told),
      cmocka_unit_test(a_recording_in_lockstep),         cmocka_unit_test(no_decoder_is_a_problem),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
