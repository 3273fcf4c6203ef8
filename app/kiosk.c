/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "desk/desk.h"
#include "kiosk_alive.h"
#include "kiosk_face.h"
#include "kiosk_first.h"
#include "kiosk_inner.h"
#include "kiosk_machine.h"
#include "kiosk_meetup.h"
#include "kiosk_monitor.h"
#include "kiosk_queues.h"
#include "kiosk_store.h"
#include "kiosk_sync.h"
#include "platform/watchdog.h"
#include "watch/watch.h"

enum {
  FRAME_LIMIT_MS = 250,
  UNFILTERED_LIMIT_MS = 4000, /* with sanitizers, on a busy machine */
  TURN_MS = 1000,
  TURN_ONCE_MS = 20,    /* nobody rings when a recording has ended */
  RETRY_MS = 3000,      /* a stick is put in, a disk is cleaned */
  HELD_MS = 2000,       /* a kiosk that ended gives its folder back within this */
  SWITCH_MS = 60 * 1000 /* a new pack waits so long for a moment without guests; then for one between two */
};

struct kiosk {
  const struct kiosk_options *o;
  struct kiosk_stop *stop;
  int code;

  struct bell desk_bell;
  struct kiosk_queues q;
  struct watch_health seen_health;
  uint64_t health_seen;

  struct kiosk_store store;
  int16_t voice_of; /* which event is heard */
  struct watch watch;
  struct desk desk;
  struct kiosk_sync sync;
  struct kiosk_monitor monitor;
  struct kiosk_machine machine;
  struct ui ui;
  struct thread watch_thread, desk_thread;
  void *reader;
  bool watch_up, desk_up, again;
  int64_t switch_due_ms; /* 0: no new pack waits */
  struct kiosk_alive alive;
};

bool kiosk_stop_init(struct kiosk_stop *stop) {
  atomic_init(&stop->asked, false);
  return bell_init(&stop->bell);
}

void kiosk_stop_fini(struct kiosk_stop *stop) { bell_fini(&stop->bell); }

void kiosk_stop_ask(struct kiosk_stop *stop) {
  atomic_store(&stop->asked, true);
  bell_ring(&stop->bell);
}

/* The beats of the threads are in the machine's time, whatever clock the kiosk lives by. */
static int64_t machine_us(void) {
  struct timespec ts;
  clock_gettime(CLOCK_BOOTTIME, &ts);
  return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t machine_ms(void) { return machine_us() / 1000; }

static struct moment clock_now(void *clock) { return tick_now(clock); }
static bool clock_tell(void *clock, int64_t wall_ms) { return tick_tell(clock, wall_ms); }
static bool clock_is_told(void *clock) { return tick_is_told(clock); }

/* A recording that is played as fast as it goes has nobody before it: what idle shows must not depend on the machine. */
static struct latest *mirror_of(struct kiosk *k) { return k->o->mirror && !k->o->lockstep ? &k->q.mirror : NULL; }

static bool open_camera(struct kiosk *k, struct problem *problem) {
  const struct kiosk_options *o = k->o;
  k->watch = (struct watch){
      .options = {.decoder = o->decoder,
                  .insecure_decoder = o->insecure_decoder,
                  .frame_limit_ms = o->insecure_decoder ? UNFILTERED_LIMIT_MS : FRAME_LIMIT_MS,
                  .lockstep = o->lockstep,
                  .once = o->once},
      .payloads = &k->q.camera,
      .health = &k->q.health,
      .mirror = mirror_of(k),
      .stream = o->lockstep ? o->clock : NULL,
  };
  if (!camera_open(&k->watch.camera, o->camera, &o->camera_options, problem)) return false;
  k->watch_up = watch_init(&k->watch, problem);
  if (!k->watch_up) camera_close(&k->watch.camera);
  return k->watch_up;
}

static bool open_desk(struct kiosk *k, struct problem *problem) {
  k->desk = (struct desk){
      .pack = k->store.pack,
      .journal = k->store.journal,
      .data = k->o->data,
      .station = k->store.station,
      .camera = &k->q.camera,
      .people = &k->q.people,
      .notices = &k->q.notices,
      .staff_requests = &k->q.requests,
      .staff_answers = &k->q.answers,
      .self_requests = &k->q.self_requests,
      .self_answers = &k->q.self_answers,
      .identity = &k->store.identity,
      .pin = k->o->console_pin,
      .export_to = k->o->export_to,
      .tell_clock = clock_tell,
      .clock_is_told = clock_is_told,
      .clock = k->o->clock,
      .machine_us = machine_us,
      .clock_source = k->o->clock_source,
      .machine = &k->machine.latest,
      .meetup = k->store.no_pack ? k->store.meetup_note : NULL,
      .retired = k->store.retire_note[0] ? k->store.retire_note : NULL,
  };
  kiosk_sync_attach(&k->sync, &k->desk);
  kiosk_monitor_attach(&k->monitor, &k->desk);
  k->desk_up = desk_init(&k->desk, tick_now(k->o->clock), problem);
  k->store.station = k->desk.station; /* staff may have moved the kiosk to another one before it was started again */
  return k->desk_up;
}

static bool open_sync(struct kiosk *k, struct problem *problem) {
  struct sync sync = {.identity = &k->store.identity,
                      .pub = k->store.has_pub ? &k->store.pub : NULL,
                      .board = k->desk.board,
                      .watch = &k->q.health,
                      .main_bell = &k->stop->bell};
  if (!k->store.no_pack) snprintf(sync.pack, sizeof sync.pack, "%s", pack_catalog(k->store.pack)->name);
  atomic_init(&sync.build, pack_catalog(k->store.pack)->build);
  return kiosk_sync_open(&k->sync, &k->desk, &sync, problem);
}

/* Without a desk, and for nothing but a first pack; the card's key is trusted where the settings name none. */
static bool open_first_sync(struct kiosk *k, struct problem *problem) {
  struct sync sync = {.identity = &k->store.identity,
                      .first = true,
                      .pub = k->o->pub[0] ? &k->store.pub : NULL,
                      .watch = &k->q.health,
                      .main_bell = &k->stop->bell};
  atomic_init(&sync.build, 0);
  return kiosk_sync_open(&k->sync, NULL, &sync, problem);
}

/* Desk last: it journals the start. */
static bool open_work(struct kiosk *k, struct problem *problem) {
  return kiosk_store_open(&k->store, problem) && open_camera(k, problem) && open_desk(k, problem) && open_sync(k, problem) &&
         kiosk_monitor_open(&k->monitor, &k->store.identity, &k->desk, &k->q.health, problem);
}

static void close_work(struct kiosk *k) {
  kiosk_monitor_close(&k->monitor);
  kiosk_sync_close(&k->sync);
  if (k->desk_up) desk_fini(&k->desk, tick_now(k->o->clock));
  if (k->watch_up) watch_fini(&k->watch);
  k->desk_up = k->watch_up = false;
  kiosk_store_close(&k->store);
}

/* Always false, for those who give up with it. */
static bool failed(struct kiosk *k, const struct problem *problem) {
  problem_print(problem, "yingbin-kiosk");
  k->code = 1;
  return false;
}

/* Once: what a later round finds open stays. */
static bool open_ui(struct kiosk *k) {
  struct problem problem;
  if (k->ui.state) return true;
  k->ui = (struct ui){
      .options = k->o->ui,
      .kiosk = k->o->name,
      .notices = &k->q.notices,
      .watch_health = &k->q.health,
      .mirror = mirror_of(k),
      .people = &k->q.people,
      .staff_requests = &k->q.requests,
      .staff_answers = &k->q.answers,
      .self_requests = &k->q.self_requests,
      .self_answers = &k->q.self_answers,
      .monitor = kiosk_monitor_wanted(k->o) ? &k->monitor.health : NULL,
      .bell = &k->stop->bell,
  };
  return ui_init(&k->ui, &problem) || failed(k, &problem);
}

static bool asked_to_stop(struct kiosk *k) {
  return atomic_load(&k->stop->asked) || atomic_load(&k->desk.shut_down) || ui_quit(&k->ui);
}

/* One turn of the main thread: draws, then sleeps until something is due or rings. */
static void turn(struct kiosk *k) {
  struct moment now = tick_now(k->o->clock);
  if (k->reader) ui_tell_reader(&k->ui, k->o->reader->present(k->reader));
  int64_t wait = ui_step(&k->ui, now) - tick_now(k->o->clock).mono_ms;
  const struct thread *const threads[] = {&k->watch_thread, &k->desk_thread};
  kiosk_alive_tend(&k->alive, threads, sizeof threads / sizeof *threads, machine_ms());
  int64_t most = k->o->once ? TURN_ONCE_MS : TURN_MS;
  if (!asked_to_stop(k)) bell_wait(&k->stop->bell, wait < 0 ? 0 : wait < most ? wait : most);
}

/* `once`: the recording is at its end, and what came of it has been presented. Each value stands in its
 * mailbox until the next one has it, so that asking in this order misses none. */
static bool all_shown(struct kiosk *k) {
  return watch_ended(&k->watch) && mailbox_empty(&k->q.camera) && mailbox_empty(&k->q.people) && mailbox_empty(&k->q.notices) &&
         kiosk_sync_settled(&k->sync);
}

/* Of a recording that is to end, too. */
static bool cant_read(struct kiosk *k, struct problem *problem) {
  latest_get(&k->q.health, &k->seen_health, &k->health_seen);
  return watch_cant_read(&k->seen_health, k->o->decoder, problem);
}

static bool start_desk(struct kiosk *k) {
  k->desk_thread = (struct thread){
      .name = "desk", .step = desk_step, .self = &k->desk, .bell = &k->desk_bell, .now = clock_now, .clock = k->o->clock};
  return thread_start(&k->desk_thread);
}

/* Who sends: camera, hub, hand scanner. */
static bool start_senders(struct kiosk *k, struct problem *problem) {
  const struct kiosk_options *o = k->o;
  k->watch_thread = (struct thread){
      .name = "watch", .step = watch_step, .self = &k->watch, .bell = &k->watch.bell, .now = clock_now, .clock = o->clock};
  if (!thread_start(&k->watch_thread) || !kiosk_sync_start(&k->sync))
    return problem_set(problem, "系统资源不足，无法启动线程", "out of resources: a thread can't be started");
  return !o->reader || o->reader->start(o->reader_address, o->clock, &k->q.people, &k->reader, problem);
}

static bool start_threads(struct kiosk *k, struct problem *problem) {
  if (!start_desk(k) || !kiosk_monitor_start(&k->monitor))
    return problem_set(problem, "系统资源不足，无法启动线程", "out of resources: a thread can't be started");
  return start_senders(k, problem);
}

/* Before desk's thread starts. */
static void show_face(struct kiosk *k) {
  const struct catalog *c = pack_catalog(k->store.pack);
  kiosk_face(k->store.pack, k->store.station, &k->ui);
  k->voice_of = c->station[k->store.station].event;
  ui_serve(&k->ui, c, k->store.station);
}

/* --- a newer pack --- */

/* Between two scans: nobody before the screen, if only that comes soon enough, and nothing that waits for desk. */
static bool may_switch(struct kiosk *k) {
  const int64_t now = machine_ms();
  if (!kiosk_sync_has_pack(&k->sync)) return false;
  if (k->switch_due_ms == 0) k->switch_due_ms = now + SWITCH_MS;
  return (ui_at_rest(&k->ui) || (now >= k->switch_due_ms && !ui_has_staff(&k->ui))) && mailbox_empty(&k->q.camera) &&
         mailbox_empty(&k->q.people);
}

/* Desk may be waiting for room in our mailbox: we go on taking from it until it has ended. */
static void rest_desk(struct kiosk *k) {
  thread_stop(&k->desk_thread);
  while (!thread_ended(&k->desk_thread)) turn(k);
  thread_join(&k->desk_thread);
  desk_fini(&k->desk, tick_now(k->o->clock));
  k->desk_up = false;
}

/* Desk ends with the old pack and begins with the new one; camera, reader and sync go on, and what they send waits. Where that
 * fails, all is opened anew, from the data folder, which has the new pack already. */
static void switch_pack(struct kiosk *k) {
  struct problem problem;
  char station[ID_MAX * 2];
  struct pack *old = k->store.pack;
  kiosk_monitor_rest(&k->monitor);
  rest_desk(k);
  snprintf(station, sizeof station, "%s", pack_catalog(old)->station[k->desk.station].id);
  k->store.pack = kiosk_sync_take_pack(&k->sync);
  k->switch_due_ms = 0;
  k->again = !kiosk_find_station(pack_catalog(k->store.pack), station, &k->store.station, &problem) || !open_desk(k, &problem);
  if (!k->again) show_face(k);
  k->again = k->again || !start_desk(k) || !kiosk_monitor_go_on(&k->monitor, pack_catalog(k->store.pack));
  if (k->again) ui_rest(&k->ui);
  pack_close(old);
}

/* Staff moved it to another station, and that one is another event's: it speaks with that one's voice. */
static void tend_voice(struct kiosk *k) {
  const struct catalog *c = pack_catalog(k->store.pack);
  const int16_t station = k->ui.station;
  if (station < 0 || c->station[station].event == k->voice_of) return;
  k->voice_of = c->station[station].event;
  kiosk_voice(k->store.pack, station, &k->ui);
}

static void serve(struct kiosk *k) {
  while (!asked_to_stop(k) && !k->again) {
    turn(k);
    tend_voice(k);
    k->again = kiosk_sync_renamed(&k->sync);
    if (may_switch(k)) switch_pack(k);
    if (!k->o->once) continue;
    struct problem problem;
    if (cant_read(k, &problem)) {
      failed(k, &problem);
      return;
    }
    if (all_shown(k)) return;
  }
}

/* Senders first. A mailbox that is closed holds nobody, so each thread can be joined. */
static void stop_threads(struct kiosk *k) {
  kiosk_queues_close_to_desk(&k->q);
  if (k->o->reader) k->o->reader->stop(k->reader);
  k->reader = NULL;
  thread_stop(&k->watch_thread);
  thread_join(&k->watch_thread);
  kiosk_sync_stop(&k->sync);
  kiosk_monitor_stop(&k->monitor);
  kiosk_queues_close_to_ui(&k->q);
  thread_stop(&k->desk_thread);
  thread_join(&k->desk_thread);
}

/* Another kiosk that runs has the camera and the screen, too. */
static bool held_by_another(const char *data) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/lock", data);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (fd >= 0) close(fd);
  return held;
}

/* One that was killed just now holds the folder until the kernel is done with it; only one that stays is
 * another kiosk, and waiting for its end would help nobody. */
static bool held_for_long(struct kiosk *k) {
  int64_t until = machine_ms() + HELD_MS;
  while (held_by_another(k->o->data)) {
    if (asked_to_stop(k) || machine_ms() >= until) return true;
    bell_wait(&k->stop->bell, 20);
  }
  return false;
}

/* Shows the fault and waits to try again. False: asked to stop. */
static bool wait_with_fault(struct kiosk *k, const struct problem *problem) {
  int64_t until = machine_ms() + RETRY_MS;
  watchdog_ready(problem->en);
  k->ui.offers_meetup = k->store.no_pack;
  ui_show_fault(&k->ui, problem);
  while (!asked_to_stop(k) && machine_ms() < until) {
    turn(k);
    if (!kiosk_meetup_take(&k->q.requests, &k->q.answers, tick_now(k->o->clock), &k->store.meetup)) continue;
    k->store.holds_meetup = k->store.no_pack;
    break;
  }
  return !asked_to_stop(k);
}

/* Nothing is wrong but that it has no pack: a setup card brings it, or brought the way to it. */
static bool may_be_first(const struct kiosk *k) { return k->o->uplink && !k->o->once && kiosk_store_lacks_pack(&k->store); }

/* Until the first pack is there, a meetup is held instead, or the kiosk has another name: then all is opened anew. False: it
 * can't be waited for here. */
static bool wait_for_first(struct kiosk *k, struct problem *said) {
  struct problem problem;
  if (!open_camera(k, &problem) || !open_first_sync(k, &problem)) return false;
  watchdog_ready(said->en);
  k->ui.offers_meetup = k->ui.takes_card = true;
  ui_show_fault(&k->ui, said);
  bool waits = start_senders(k, &problem) || failed(k, &problem);
  while (waits && !asked_to_stop(k)) {
    turn(k);
    kiosk_first_take(&k->q.camera, &k->sync);
    kiosk_first_take(&k->q.people, &k->sync);
    if (kiosk_first_look(&k->sync, said)) log_info("%s", said->en), ui_show_fault(&k->ui, said);
    k->store.holds_meetup = kiosk_meetup_take(&k->q.requests, &k->q.answers, tick_now(k->o->clock), &k->store.meetup);
    k->again = k->store.holds_meetup || kiosk_sync_renamed(&k->sync) || kiosk_sync_has_pack(&k->sync);
    waits = !k->again;
  }
  k->ui.takes_card = false;
  return true;
}

/* The screen first: a large pack takes its time. False: the kiosk is to end, with its code. */
static bool open_in_the_end(struct kiosk *k) {
  struct problem problem, told = {.zh = ""};
  for (;;) {
    bool held = held_for_long(k);
    if (!held && !open_ui(k)) return false;
    if (open_work(k, &problem)) break;
    if (!held && may_be_first(k)) {
      problem_print(&problem, "yingbin-kiosk");
      if (wait_for_first(k, &problem)) return false;
    }
    close_work(k);
    if (strcmp(problem.en, told.en) != 0) problem_print(&problem, "yingbin-kiosk");
    told = problem;
    if (k->o->once || held) {
      k->code = 1;
      return false;
    }
    if (!wait_with_fault(k, &problem)) return false;
  }
  if (!open_ui(k)) return false;
  k->ui.offers_meetup = false;
  show_face(k);
  return true;
}

static void init_queues(struct kiosk *k) {
  kiosk_queues_init(&k->q, &k->desk_bell, &k->stop->bell);
  kiosk_sync_queues(&k->sync, &k->desk_bell);
  kiosk_monitor_queues(&k->monitor, &k->desk_bell, &k->stop->bell);
}

static void fini_queues(struct kiosk *k) {
  kiosk_monitor_queues_fini(&k->monitor);
  kiosk_sync_queues_fini(&k->sync);
  kiosk_queues_fini(&k->q);
}

/* Opens what the work takes, serves, gives it all back but the screen. True: once more, with what has changed. */
static bool work(struct kiosk *k) {
  struct problem problem;
  k->again = false;
  k->switch_due_ms = 0;
  init_queues(k);
  bool good = open_in_the_end(k) && (start_threads(k, &problem) || failed(k, &problem));
  if (good) {
    watchdog_ready(k->ui.catalog->station[k->store.station].id);
    serve(k);
  }
  stop_threads(k);
  ui_rest(&k->ui);
  close_work(k);
  fini_queues(k);
  return k->again && !asked_to_stop(k);
}

int kiosk_run(const struct kiosk_options *options, struct kiosk_stop *stop) {
  struct problem problem = {.zh = ""};
  struct kiosk *k = calloc(1, sizeof *k);
  if (!k || !bell_init(&k->desk_bell) || !kiosk_sync_init(&k->sync, options) || !kiosk_monitor_init(&k->monitor, options) ||
      !kiosk_machine_init(&k->machine, options->sensors, options->sensors_address)) {
    problem_set(&problem, "内存或文件描述符不足", "out of memory or file descriptors");
    problem_print(&problem, "yingbin-kiosk");
    free(k);
    return 1;
  }
  k->o = k->store.o = options;
  k->stop = stop;
  if (sodium_init() < 0) {
    problem_set(&problem, "无法启用加密库", "the crypto library can't be started");
    failed(k, &problem);
  } else if (kiosk_machine_start(&k->machine, &problem) || failed(k, &problem)) {
    while (work(k)) {
    }
  }
  watchdog_stopping();
  ui_fini(&k->ui);
  kiosk_machine_stop(&k->machine);
  kiosk_machine_fini(&k->machine);
  kiosk_monitor_fini(&k->monitor);
  kiosk_sync_fini(&k->sync);
  bell_fini(&k->desk_bell);
  int code = k->code;
  stop->shut_down = atomic_load(&k->desk.shut_down);
  free(k);
  return code;
}
