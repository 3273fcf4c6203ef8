/* SPDX-License-Identifier: Apache-2.0
 * Does a bad network delay a scan? A desk whose sync service, on its own thread and over libcurl, has a hub that stalls,
 * resets, breaks off or is a captive portal, and tries to push each record there; the control, person by person in turn with
 * it, is a desk that has no hub.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "kiosk_sync.h"
#include "tools/bench/bad_hub.h"
#include "tools/bench/office.h"

enum { RUNS = 300 };

struct connected { /* an office with its way to the hub */
  struct office office;
  struct bad_hub *hub;
  struct tick clock;
  struct bell main_bell;
  struct kiosk_options options;
  struct kiosk_sync sync;
};

static bool join_hub(const struct connected *c, const char *data, struct problem *problem) {
  struct enrolment e = {.token = "token"};
  snprintf(e.card.hub, sizeof e.card.hub, "http://127.0.0.1:%d", bad_hub_port(c->hub));
  snprintf(e.card.kiosk, sizeof e.card.kiosk, "bench");
  snprintf(e.card.token, sizeof e.card.token, "card");
  return folder_make(data, 0700, problem) && enrolment_write(data, &e, problem);
}

static bool start_sync(struct connected *c, struct problem *problem) {
  const struct sync with = {.identity = &c->office.identity, .main_bell = &c->main_bell};
  tick_system(&c->clock, true);
  return kiosk_sync_open(&c->sync, &c->office.desk, &with, problem) &&
         (kiosk_sync_start(&c->sync) || problem_set(problem, "无法启动线程", "a thread can't be started"));
}

static bool connected_open(struct connected *c, enum bad_way way, const char *event, const char *folder, const char *data,
                           struct problem *problem) {
  struct desk with = {.pack = NULL};
  c->options = (struct kiosk_options){.data = data, .clock = &c->clock, .uplink = &uplink_http_ops, .uplink_address = ""};
  if (!bell_init(&c->main_bell) || !kiosk_sync_init(&c->sync, &c->options))
    return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  kiosk_sync_queues(&c->sync, NULL);
  kiosk_sync_attach(&c->sync, &with);
  return bad_hub_open(way, &c->hub, problem) && join_hub(c, data, problem) &&
         office_open(&c->office, event, folder, &with, office_moment(0), problem) && start_sync(c, problem);
}

static void connected_close(struct connected *c) {
  if (!c->sync.news.storage) return; /* not begun */
  kiosk_sync_stop(&c->sync);
  kiosk_sync_close(&c->sync);
  office_close(&c->office);
  kiosk_sync_queues_fini(&c->sync);
  kiosk_sync_fini(&c->sync);
  bad_hub_close(c->hub);
  bell_fini(&c->main_bell);
}

static bool measure(struct connected *c, struct office *alone, enum bad_way way, int from, int runs, struct problem *problem) {
  struct samples with = {0}, without = {0};
  char what[96];
  double record_ms, turn_ms;
  bool good = office_serve(&c->office, 1, &record_ms, &turn_ms, problem) &&
              (bad_hub_visited(c->hub) || problem_set(problem, "签到机没有去找汇总站", "the kiosk didn't go to its hub"));
  for (int i = 0; good && i < runs; i++) {
    good = office_serve(alone, from + i, &record_ms, &turn_ms, problem);
    if (good) samples_add(&without, record_ms);
    good = good && office_serve(&c->office, 2 + i, &record_ms, &turn_ms, problem);
    if (good) samples_add(&with, record_ms);
  }
  snprintf(what, sizeof what, "payload to record on disk, the hub %s", bad_way_name(way));
  if (good) bench_tell("network", what, "ms", &with, "without a hub", &without);
  samples_free(&with);
  samples_free(&without);
  return good;
}

static bool measure_way(struct office *alone, enum bad_way way, const char *event, const struct bench_options *o,
                        struct problem *problem) {
  const int runs = o->runs ? o->runs : RUNS;
  char folder[PATH_MAX], data[PATH_MAX + 8];
  struct connected *c = calloc(1, sizeof *c);
  if (!c) return problem_set(problem, "内存不足", "out of memory");
  snprintf(folder, sizeof folder, "%s/%d", o->scratch, (int)way);
  snprintf(data, sizeof data, "%s/data", folder);
  const bool good =
      connected_open(c, way, event, folder, data, problem) && measure(c, alone, way, 1 + (int)way * runs, runs, problem);
  connected_close(c);
  free(c);
  return good;
}

static bool run(const struct bench_options *o, struct problem *problem) {
  static struct office alone;
  char event[PATH_MAX], folder[PATH_MAX];
  snprintf(event, sizeof event, "%s/event", o->scratch);
  snprintf(folder, sizeof folder, "%s/alone", o->scratch);
  bool good = bench_event(event, OFFICE_PEOPLE, problem) && office_open(&alone, event, folder, NULL, office_moment(0), problem);
  for (int way = 0; good && way < BAD_WAYS; way++) good = measure_way(&alone, (enum bad_way)way, event, o, problem);
  office_close(&alone);
  return good;
}

const struct bench bench_network = {"network", "网络不好时，扫到的码到写入磁盘，与没有汇总站时对比",
                                    "a payload to its record on disk while the hub is bad, beside no hub at all", run};
