/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum {
  EVERY_MS = 2000,     /* what the Raspberry Pi's voltage driver keeps */
  HOLD_MS = 60 * 1000, /* so that somebody sees it */
  HOT_C10 = 800        /* a Raspberry Pi begins to slow down here */
};

/* On from when it is seen, until it hasn't been for a while. */
static bool held(bool is, int64_t *seen_ms, struct moment now) {
  if (is) *seen_ms = now.mono_ms > 0 ? now.mono_ms : 1;
  return *seen_ms > 0 && now.mono_ms - *seen_ms < HOLD_MS;
}

int64_t kiosk_machine_step(void *machine, struct moment now) {
  struct kiosk_machine *m = machine;
  m->ops->read(m->sensors, &m->last);
  m->last.hot = held(m->last.temperature_c10 >= HOT_C10, &m->hot_ms, now);
  if (held(m->last.slowed == KNOWN_YES, &m->slowed_ms, now)) m->last.slowed = KNOWN_YES;
  if (held(m->last.low_power == KNOWN_YES, &m->low_power_ms, now)) m->last.low_power = KNOWN_YES;
  latest_set(&m->latest, &m->last);
  return now.mono_ms + EVERY_MS;
}

static struct moment clock_now(void *clock) { return tick_now(clock); }

bool kiosk_machine_init(struct kiosk_machine *m, const struct sensors_ops *ops, const char *address) {
  m->ops = ops;
  m->address = address;
  tick_system(&m->clock, false);
  latest_init(&m->latest, &m->slot, sizeof m->slot, NULL);
  return bell_init(&m->bell);
}

void kiosk_machine_fini(struct kiosk_machine *m) {
  latest_fini(&m->latest);
  bell_fini(&m->bell);
}

bool kiosk_machine_start(struct kiosk_machine *m, struct problem *problem) {
  if (!m->ops) return true;
  if (!m->ops->open(m->address, &m->sensors, problem)) return false;
  m->thread = (struct thread){
      .name = "machine", .step = kiosk_machine_step, .self = m, .bell = &m->bell, .now = clock_now, .clock = &m->clock};
  return thread_start(&m->thread) ||
         problem_set(problem, "系统资源不足，无法启动线程", "out of resources: a thread can't be started");
}

void kiosk_machine_stop(struct kiosk_machine *m) {
  thread_stop(&m->thread);
  thread_join(&m->thread);
  if (m->sensors) m->ops->close(m->sensors);
  m->sensors = NULL;
}

bool kiosk_machine_boot(char id[ID_MAX], struct problem *problem) {
  char *text;
  size_t len;
  if (!file_read("/proc/sys/kernel/random/boot_id", ID_MAX - 1, &text, &len, problem)) return false;
  memcpy(id, text, strcspn(text, "\n"));
  id[strcspn(text, "\n")] = '\0';
  free(text);
  return true;
}
