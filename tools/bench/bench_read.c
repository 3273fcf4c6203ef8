/* SPDX-License-Identifier: Apache-2.0
 * A 1280x720 frame to its payload, in the ladder's live effort, as the decoder process does it. The
 * control is zbar alone on the same frame: what the ladder adds or saves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

#include "scan/scan.h"
#include "tools/bench/bench.h"
#include "tools/yingbin/demo_people.h"
#include "tools/yingbin/demo_phone.h"

enum { W = 1280, H = 720, POSES = 24, ROUNDS = 4 };

struct readers {
  struct scanner *scanner;
  zbar_image_scanner_t *bare;
  zbar_image_t *image;
  uint8_t *luma;
};

static bool readers_open(struct readers *r, struct problem *problem) {
  *r = (struct readers){scanner_open(), zbar_image_scanner_create(), zbar_image_create(), malloc((size_t)W * H)};
  if (!r->scanner || !r->bare || !r->image || !r->luma) return problem_set(problem, "内存不足", "out of memory");
  zbar_image_scanner_set_config(r->bare, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config(r->bare, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format(r->image, zbar_fourcc('Y', '8', '0', '0'));
  zbar_image_set_size(r->image, W, H);
  zbar_image_set_data(r->image, r->luma, (unsigned long)W * H, NULL);
  return true;
}

static void readers_close(struct readers *r) {
  scanner_close(r->scanner);
  if (r->image) zbar_image_destroy(r->image);
  if (r->bare) zbar_image_scanner_destroy(r->bare);
  free(r->luma);
}

/* One person who stays, held in some way; or nobody. */
static bool frame_of(uint64_t seed, bool person, uint8_t *luma, struct problem *problem) {
  uint64_t chance = seed;
  struct people_scene scene = {
      .w = W, .h = H, .fps = 10, .seed = seed, .light = 0.2 + 0.6 * people_share(&chance), .noise = 4, .guests = person};
  struct people *people;
  scene.guest[0] = (struct people_guest){.payload = "0123456789ABCDEF",
                                         .len = 16,
                                         .stays_s = 2,
                                         .x = 0.4 + 0.2 * people_share(&chance),
                                         .y = 0.5,
                                         .size = 0.65 + 0.25 * people_share(&chance),
                                         .turn = 30 * (people_share(&chance) - 0.5),
                                         .tilt = 24 * (people_share(&chance) - 0.5),
                                         .lean = 16 * (people_share(&chance) - 0.5),
                                         .glow = 0.5 + 0.5 * people_share(&chance),
                                         .blur = people_share(&chance)};
  if (!people_open(&scene, &people, problem)) return false;
  people_frame(people, 10, luma);
  people_close(people);
  return true;
}

static bool measure(struct readers *r, bool person, int runs, struct problem *problem) {
  static struct scan_result result;
  struct samples ladder = {0}, bare = {0};
  int read = 0, bare_read = 0, frames = 0;
  for (uint64_t pose = 0; ladder.count < runs; pose++, frames++) {
    if (!frame_of(pose % POSES + 1, person, r->luma, problem)) return false;
    for (int round = 0; round < ROUNDS && ladder.count < runs; round++) {
      double start = clock_cpu_ms();
      bool got = scanner_read(r->scanner, &(struct frame){.luma = r->luma, .w = W, .h = H, .stride = W}, SCAN_LIVE, &result);
      double middle = clock_cpu_ms();
      bool bare_got = zbar_scan_image(r->bare, r->image) > 0;
      samples_add(&bare, clock_cpu_ms() - middle);
      samples_add(&ladder, middle - start);
      if (round == 0) read += got, bare_read += bare_got;
    }
  }
  bench_tell("read", person ? "code" : "empty", "ms_cpu", &ladder, "zbar", &bare);
  fprintf(stderr, "  %d / %d %s; zbar: %d\n", read, frames, person ? "读出 read" : "（没有码 no code）", bare_read);
  samples_free(&ladder);
  samples_free(&bare);
  return true;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  struct readers r;
  int runs = options->runs ? options->runs : POSES * ROUNDS;
  bool good = readers_open(&r, problem) && measure(&r, true, runs, problem) && measure(&r, false, runs, problem);
  readers_close(&r);
  return good;
}

const struct bench bench_read = {"read", "一帧画面到票码的 CPU 时间", "CPU time from a frame to its payload", run};
