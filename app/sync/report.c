/* SPDX-License-Identifier: Apache-2.0
 * How the kiosk is, for who looks at the hub: every quarter of a minute beside what else is sent, and sooner where something
 * went wrong or right. Losing one is harmless: the next one says it all.
 */
#include <stdio.h>
#include <string.h>

#include "sync/sync_inner.h"

enum { REPORT_MS = 10 * 1000, EVERY_MS = 15 * 1000, SOONEST_MS = 1000 };

/* What is worth a report of its own. */
static uint64_t trouble_of(const struct sync_state_own *own) {
  const struct desk_health *d = &own->board.health;
  const struct watch_health *w = &own->watch;
  return (uint64_t)d->fault | (uint64_t)w->camera << 8 | (uint64_t)w->sandbox_refused << 16 | (uint64_t)w->decoder_fails << 17 |
         (uint64_t)d->clock_ok << 18 | (uint64_t)machine_trouble(&d->machine) << 21 |
         (uint64_t)(own->health.pack_why[0] != '\0') << 20 | (uint64_t)own->health.pack_missing << 24;
}

void sync_look(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  if (s->board) latest_get(s->board, &own->board, &own->board_seen);
  if (s->watch) latest_get(s->watch, &own->watch, &own->watch_seen);
  const uint64_t trouble = trouble_of(own);
  if (trouble == own->trouble) return;
  own->trouble = trouble;
  const int64_t soonest = own->reported_ms + SOONEST_MS;
  own->report_due_ms = soonest > now.mono_ms ? soonest : now.mono_ms;
}

void sync_report(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 400, 404, 405, 0}; /* an older hub has no use for it */
  struct sync_state_own *own = s->own;
  const struct wire_health health = {
      .version = YINGBIN_VERSION,
      .pack = s->pack,
      .build = s->build,
      .event = own->work.event,
      .station = own->work.station,
      .queue = own->work.seq - own->health.acked_seq,
      .records = own->work.seq,
      .up_s = (now.mono_ms - own->started_ms) / 1000,
      .pack_why = own->health.pack_why,
      .waits = s->first,
      .missing = own->health.pack_missing,
      .desk = own->board_seen ? &own->board.health : NULL,
      .watch = own->watch_seen ? &own->watch : NULL,
  };
  char path[ID_MAX + 64], body[WIRE_HEALTH];
  struct uplink_request r = {.method = "POST",
                             .token = own->enrolment.token,
                             .body = body,
                             .body_len = wire_health(&health, body),
                             .fd = -1,
                             .limit_ms = REPORT_MS};
  struct uplink_answer a;
  snprintf(path, sizeof path, "/v1/kiosks/%s/health", own->enrolment.card.kiosk);
  own->reported_ms = now.mono_ms;
  own->report_due_ms = now.mono_ms + EVERY_MS;
  sync_ask(s, &r, path, statuses, &a);
}
