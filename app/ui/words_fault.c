/* SPDX-License-Identifier: Apache-2.0
 * The kiosk itself needs help: what a volunteer does, step by step, and how another one takes its place.
 */
#include <stdio.h>
#include <string.h>

#include "ui/words.h"

static const char *name_of(const struct writer *w) {
  static const char *const names[] = {[DESK_FAULT_NONE] = "fault.other",
                                      [DESK_FAULT_PACK] = "fault.pack",
                                      [DESK_FAULT_DISK_FULL] = "fault.disk_full",
                                      [DESK_FAULT_DISK_ERROR] = "fault.disk_error",
                                      [DESK_FAULT_READ_ONLY] = "fault.read_only"};
  const enum desk_fault fault = w->v->screen == SCREEN_FAULT ? w->v->desk.fault : w->v->notice.fault;
  return fault == DESK_FAULT_NONE && w->v->watch.sandbox_refused ? "fault.sandbox" : names[fault];
}

/* A second line of it is for who looks after the kiosk. */
static void put_problem(struct writer *w, const char *text) {
  const size_t first = strcspn(text, "\n");
  char line[ROW_MAX * 2];
  snprintf(line, sizeof line, "%.*s", (int)first, text);
  COPY(w->say->row[0], line);
  if (text[first] != '\0') COPY(w->say->detail, text + first + 1);
}

void say_fault(struct writer *w) {
  char key[64];
  PUT(w, w->say->head, "fault.head");
  if (w->v->problem.zh[0] != '\0') {
    PUT(w, w->say->big, w->v->meetup ? "fault.none.big" : "fault.start.big");
    put_problem(w, w->lang == LANG_EN ? w->v->problem.en : w->v->problem.zh);
    if (w->v->card) words_mirror(w);
    if (w->page->mirror) w->page->shape = SHAPE_NONE; /* it shows what to do */
    return;
  }
  const char *name = name_of(w);
  snprintf(key, sizeof key, "%s.big", name);
  PUT(w, w->say->big, key);
  w->page->steps = true;
  for (int i = 0; i < 3; i++) {
    snprintf(key, sizeof key, "%s.%d", name, i + 1);
    PUT(w, w->say->row[i], key);
  }
  PUT(w, w->say->row[3], "fault.swap");
}
