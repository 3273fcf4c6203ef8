/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/office.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

static int64_t machine_us(void) { return (int64_t)(clock_wall_ms() * 1000); }

struct moment office_moment(int run) { /* of 2023-10-28; five seconds a person */
  int64_t ms = (int64_t)run * 5000;
  return (struct moment){1000 + ms, INT64_C(1698454800000) + ms, true};
}

bool office_open(struct office *o, const char *event, const char *scratch, const struct desk *with, struct moment now,
                 struct problem *problem) {
  char pack[PATH_MAX], data[PATH_MAX];
  snprintf(pack, sizeof pack, "%s/pack.ybp", event);
  snprintf(data, sizeof data, "%s/data", scratch);
  if (!bell_init(&o->bell) || !bell_init(&o->told))
    return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  mailbox_init(&o->camera, o->camera_slot, sizeof *o->camera_slot, OFFICE_SLOTS, &o->bell);
  mailbox_init(&o->people, o->people_slot, sizeof *o->people_slot, OFFICE_SLOTS, &o->bell);
  mailbox_init(&o->notices, o->notice_slot, sizeof *o->notice_slot, OFFICE_SLOTS, &o->told);
  if (!bench_codes(event, &o->codes, &o->count, problem) || !pack_open(pack, &o->pack, problem) ||
      !folder_make(scratch, 0700, problem) || !folder_make(data, 0700, problem) ||
      !journal_identity(data, "bench", &o->identity, problem) ||
      !journal_open(data, &o->identity, "bench", &o->journal, problem))
    return false;
  if (with) o->desk = *with;
  o->desk.pack = o->pack, o->desk.journal = o->journal, o->desk.data = scratch, o->desk.machine_us = machine_us;
  o->desk.camera = &o->camera, o->desk.people = &o->people, o->desk.notices = &o->notices;
  o->now = now;
  return o->ready = desk_init(&o->desk, now, problem);
}

void office_close(struct office *o) {
  if (!o->camera.storage) return; /* not begun */
  if (o->ready) desk_fini(&o->desk, o->now);
  journal_close(o->journal);
  pack_close(o->pack);
  bench_codes_free(o->codes, o->count);
  mailbox_fini(&o->camera);
  mailbox_fini(&o->people);
  mailbox_fini(&o->notices);
  bell_fini(&o->told);
  bell_fini(&o->bell);
}

/* False: it was no welcome. */
bool office_serve(struct office *o, int run, double *record_ms, double *turn_ms, struct problem *problem) {
  static struct payload payload;
  static struct notice notice;
  const char *code = o->codes[run % o->count];
  memset(&payload, 0, sizeof payload);
  payload.len = (uint16_t)strlen(code);
  memcpy(payload.bytes, code, payload.len);
  payload.at = o->now = office_moment(run);
  double start = clock_wall_ms();
  mailbox_put(&o->camera, &payload);
  desk_step(&o->desk, payload.at);
  *turn_ms = clock_wall_ms() - start;
  while (mailbox_front(&o->notices, &notice)) {
    mailbox_pop(&o->notices);
    if (notice.kind == NOTICE_VERDICT) break;
  }
  *record_ms = (double)notice.decided_mono_us / 1000 - start;
  return notice.verdict.kind == VERDICT_ADMIT ||
         problem_set(problem, "签到台没有接待：%s", "the desk did not admit: %s", verdict_name(notice.verdict.kind));
}
