/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/tick.h"

#include <assert.h>
#include <sys/timex.h>
#include <time.h>

static int64_t clock_ms(clockid_t id) {
  struct timespec ts;
  int rc = clock_gettime(id, &ts);
  assert(rc == 0);
  (void)rc;
  return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Evidence, not hope: a board without a battery clock starts somewhere in the past, and only the
 * kernel's discipline (an NTP daemon has set STA_UNSYNC off) says that this is over. */
static bool clock_disciplined(void) {
  struct timex tx = {.modes = 0};
  return adjtimex(&tx) != -1 && !(tx.status & STA_UNSYNC);
}

static struct moment system_now(struct tick *t) {
  return (struct moment){
      .mono_ms = clock_ms(CLOCK_BOOTTIME), .wall_ms = clock_ms(CLOCK_REALTIME), .wall_ok = t->wall_ok || clock_disciplined()};
}

static struct moment stream_now(struct tick *t) {
  int64_t mono_ms = atomic_load(&t->mono_ms);
  return (struct moment){.mono_ms = mono_ms, .wall_ms = mono_ms + t->wall_less_mono_ms, .wall_ok = t->wall_ok};
}

static struct moment shifted_now(struct tick *t) {
  int64_t mono_ms = clock_ms(CLOCK_BOOTTIME);
  return (struct moment){.mono_ms = mono_ms, .wall_ms = mono_ms + t->wall_less_mono_ms, .wall_ok = t->wall_ok};
}

static void tick_init(struct tick *t, struct moment (*now)(struct tick *), struct moment start) {
  t->now = now;
  atomic_init(&t->told_less_mono_ms, TICK_NOT_TOLD);
  atomic_init(&t->mono_ms, start.mono_ms);
  t->wall_less_mono_ms = start.wall_ms - start.mono_ms;
  t->wall_ok = start.wall_ok;
}

void tick_system(struct tick *t, bool trust) { tick_init(t, system_now, (struct moment){.wall_ok = trust}); }

void tick_stream(struct tick *t, struct moment start) { tick_init(t, stream_now, start); }

void tick_set(struct tick *t, int64_t mono_ms) {
  long long before = atomic_load(&t->mono_ms);
  while (before < mono_ms && !atomic_compare_exchange_weak(&t->mono_ms, &before, mono_ms)) {
  }
}

void tick_shifted(struct tick *t, int64_t wall_ms, bool wall_ok) {
  tick_init(t, shifted_now, (struct moment){.mono_ms = clock_ms(CLOCK_BOOTTIME), .wall_ms = wall_ms, .wall_ok = wall_ok});
}

bool tick_is_told(struct tick *t) {
  return atomic_load(&t->told_less_mono_ms) != TICK_NOT_TOLD && !(t->now == system_now && clock_disciplined());
}

bool tick_tell(struct tick *t, int64_t wall_ms) {
  if (wall_ms != 0 && t->now == system_now && clock_disciplined()) return false;
  atomic_store(&t->told_less_mono_ms, wall_ms != 0 ? wall_ms - t->now(t).mono_ms : TICK_NOT_TOLD);
  return true;
}

struct moment tick_now(struct tick *t) {
  struct moment now = t->now(t);
  const int64_t told = atomic_load(&t->told_less_mono_ms);
  if (told == TICK_NOT_TOLD || (t->now == system_now && clock_disciplined())) return now;
  now.wall_ms = now.mono_ms + told;
  now.wall_ok = true;
  return now;
}
