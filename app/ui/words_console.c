/* SPDX-License-Identifier: Apache-2.0
 * What the staff console says: who opened it, the last scan, and how the kiosk is, in words.
 */
#include <stdio.h>

#include "ui/words.h"

/* " · " and the key's text. */
static void add(struct writer *w, char out[ROW_MAX], const char *key, const char *value) {
  char text[TEXT_MAX];
  PUT(w, text, key, value);
  words_join(out, ROW_MAX, text);
}

static void say_console_health(struct writer *w) {
  static const char *const camera[] = {[WATCH_CAMERA_STARTING] = "health.camera.starting",
                                       [WATCH_CAMERA_GOOD] = "health.camera.good",
                                       [WATCH_CAMERA_LOST] = "health.camera.lost",
                                       [WATCH_CAMERA_NONE] = "health.camera.none",
                                       [WATCH_CAMERA_ENDED] = "health.camera.ended"};
  const struct watch_health *watch = &w->v->watch;
  const struct desk_health *desk = &w->v->desk;
  char n[24];
  if (w->v->watch_known) {
    add(w, w->say->row[1], camera[watch->camera], "");
    if (watch->sandbox_refused || watch->decoder_fails)
      add(w, w->say->row[1], watch->sandbox_refused ? "health.sandbox" : "health.decoder", "");
    snprintf(n, sizeof n, "%d.%d", watch->fps_x10 / 10, watch->fps_x10 % 10);
    if (watch->camera == WATCH_CAMERA_GOOD) add(w, w->say->row[1], "console.fps", n);
    snprintf(n, sizeof n, "%lld", (long long)(watch->killed + watch->died));
    add(w, w->say->row[1], "health.replaced", n);
  }
  if (!w->v->desk_known) return;
  snprintf(n, sizeof n, "%lld", (long long)desk->unsent);
  add(w, w->say->row[2], desk->fault == DESK_FAULT_NONE ? "health.journal" : "health.journal.fault", n);
  snprintf(n, sizeof n, "%.1f", (double)desk->disk_free_mb / 1024);
  add(w, w->say->row[2], "health.disk", n);
  add(w, w->say->row[2], desk->clock_ok ? "console.clock" : "health.clock.unsure", "");
}

void words_console(struct writer *w) {
  char today[24], all[24], build[24];
  PUT(w, w->say->head, "console.head");
  PUT(w, w->say->badge, w->v->staff.lead ? "console.lead" : "console.desk");
  COPY(w->say->big, w->v->staff.name);
  if (w->v->scanned)
    words_scan(w);
  else
    PUT(w, w->say->sub, "console.nobody");
  snprintf(today, sizeof today, "%lld", (long long)w->v->desk.people_today);
  snprintf(all, sizeof all, "%lld", (long long)w->v->desk.people);
  snprintf(build, sizeof build, "%u", (unsigned)w->catalog->build);
  if (w->v->desk_known) PUT(w, w->say->row[0], "console.today", today, all);
  PUT(w, w->say->detail, w->v->desk.pack_checked ? "console.pack.checked" : "console.pack", w->catalog->name, build);
  say_console_health(w);
}
