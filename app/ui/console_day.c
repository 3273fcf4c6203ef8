/* SPDX-License-Identifier: Apache-2.0
 * The console's steps that aren't about people: the day's beginning and end, settings, a lead's.
 */
#include <stdio.h>
#include <string.h>

#include "core/day.h"
#include "ui/console_steps.h"

const struct event *console_event(const struct view *v) {
  const struct catalog *catalog = v->catalog;
  if (catalog == NULL || v->station < 0 || v->station >= catalog->stations) return NULL;
  return &catalog->event[catalog->station[v->station].event];
}

bool console_unsent_is_old(const struct view *v) {
  const struct event *event = console_event(v);
  const int64_t oldest = v->desk.oldest_unsent_ms;
  return v->desk.unsent > 0 && event != NULL && oldest > 0 && event_day(event, oldest) < event_day(event, v->now.wall_ms);
}

bool console_sees(const struct view *v) {
  return v->watch_known && v->watch.camera != WATCH_CAMERA_LOST && v->watch.camera != WATCH_CAMERA_STARTING &&
         !v->watch.sandbox_refused && !v->watch.decoder_fails;
}

bool console_green(const struct console *c, const struct view *v, enum check check) {
  const struct desk_health *desk = &v->desk;
  switch (check) {
  case CHECK_STATION: return v->station >= 0;
  case CHECK_CLOCK: return c->clock_yes;
  case CHECK_CAMERA: return console_sees(v);
  case CHECK_SOUND: return c->heard || v->sound == SOUND_OFF;
  case CHECK_DISK: return v->desk_known && desk->fault == DESK_FAULT_NONE && desk->disk_free_mb >= DISK_LEAST_MB;
  case CHECK_PACK: return v->desk_known && desk->pack_checked && desk->fault != DESK_FAULT_PACK;
  default: return v->desk_known && !console_unsent_is_old(v);
  }
}

bool console_all_green(const struct console *c, const struct view *v) {
  for (int i = 0; i < CHECK_COUNT; i++)
    if (!console_green(c, v, (enum check)i)) return false;
  return true;
}

static void ask_shift(struct console *c, enum staff_shift which) {
  step_ask_text(c, STAFF_SHIFT, c->field);
  c->act.index = (int16_t)which;
}

void step_opening(struct console *c, const struct view *v) {
  if (console_all_green(c, v))
    ask_shift(c, STAFF_SHIFT_OPENING);
  else
    open_sheet(c, SHEET_PASS);
}

void step_pass(struct console *c, const struct view *v) {
  (void)v;
  if (c->field[0] != '\0') ask_shift(c, STAFF_SHIFT_OPENING);
}

void step_handover(struct console *c, const struct view *v) {
  (void)v;
  ask_shift(c, STAFF_SHIFT_HANDOVER);
}

/* --- settings --- */

void step_choose(struct console *c, const struct view *v, int i) {
  if (c->sheet == SHEET_PHONE) {
    step_revoke(c, i);
    return;
  }
  const struct catalog *catalog = v->catalog;
  if (c->sheet == SHEET_EXPORT && i >= 0 && i < c->sticks.count) {
    step_ask_text(c, STAFF_EXPORT, c->sticks.place[i].path);
    return;
  }
  if (c->sheet == SHEET_WITHDRAW) {
    if (i < 0 || i >= c->cards.count) return;
    if (c->cards.person[i].confirmed) /* lost? The button withdraws it */
      snprintf(c->field, sizeof c->field, "%s", c->cards.person[i].name);
    else
      step_ask_text(c, STAFF_WITHDRAW, c->cards.person[i].name); /* count 0: it opens again */
    return;
  }
  const bool station = c->sheet == SHEET_STATION;
  if (catalog == NULL || i < 0 || i >= (station ? catalog->stations : catalog->hosts)) return;
  struct staff_request *r = step_ask(c, station ? STAFF_STATION : STAFF_GROUP);
  r->index = (int16_t)i;
  if (!station) r->count = (v->desk.groups_full & (1u << i)) == 0;
}

static const struct zone *zone_of(const struct view *v) {
  static const struct zone utc;
  const struct event *event = console_event(v);
  return event != NULL ? &event->zone : &utc;
}

void write_clock(struct console *c, const struct view *v) {
  const struct civil now = civil_of(zone_of(v), v->now.wall_ms);
  snprintf(c->field, sizeof c->field, "%04d-%02d-%02d %02d:%02d", now.year, now.month, now.day, now.hour, now.minute);
}

/* False: it isn't a time that can be. */
static bool read_clock(const struct view *v, const char *text, int64_t *wall_ms) {
  struct civil t = {0};
  int len = 0;
  if (sscanf(text, "%4d-%2d-%2d %2d:%2d%n", &t.year, &t.month, &t.day, &t.hour, &t.minute, &len) != 5 || text[len] != '\0')
    return false;
  if (t.year < 2020 || t.year > 2100 || t.month < 1 || t.month > 12 || t.day < 1 || t.hour < 0 || t.hour > 23 || t.minute < 0 ||
      t.minute > 59)
    return false;
  *wall_ms = civil_to_ms(zone_of(v), &t);
  const struct civil back = civil_of(zone_of(v), *wall_ms);
  return back.day == t.day && back.month == t.month; /* no 31st of June */
}

void step_clock(struct console *c, const struct view *v) {
  int64_t wall_ms;
  if (!read_clock(v, c->field, &wall_ms)) {
    step_say(c, false, "clock.wrong", "");
    return;
  }
  step_ask(c, STAFF_CLOCK)->at = (struct moment){.mono_ms = v->now.mono_ms, .wall_ms = wall_ms, .wall_ok = true};
}

void step_withdraw(struct console *c, const struct view *v) {
  (void)v;
  if (c->field[0] == '\0') return;
  step_ask_text(c, STAFF_WITHDRAW, c->field);
  c->act.count = 1;
}

void step_export(struct console *c, const struct view *v) { step_choose(c, v, 0); }

void step_hub(struct console *c, const struct view *v) { step_ask(c, STAFF_HUB)->count = !v->desk.hub_here; }

void step_shutdown(struct console *c, const struct view *v) {
  (void)v;
  step_ask(c, STAFF_SHUTDOWN);
}

/* --- without a card --- */

void step_pin(struct console *c, const struct view *v) {
  (void)v;
  if (c->field[0] == '\0') return;
  step_ask_text(c, STAFF_UNLOCK, c->field);
  explicit_bzero(c->field, sizeof c->field);
}

const int meetup_hours[CONSOLE_REASONS] = {2, 3, 4, 8};

void step_meetup(struct console *c, const struct view *v, int i) {
  step_ask_text(c, STAFF_MEETUP, c->field);
  c->act.at = v->now;
  c->act.at.wall_ms += (int64_t)meetup_hours[i] * 3600000;
}

/* --- a reason, by one tap --- */

void step_reason(struct console *c, const struct view *v, int i) {
  char key[32];
  if (i < 0 || i >= CONSOLE_REASONS) return;
  if (c->sheet == SHEET_MEETUP) {
    step_meetup(c, v, i);
    return;
  }
  snprintf(key, sizeof key, c->sheet == SHEET_UNDO ? "undo.reason.%d" : "pass.reason.%d", i + 1);
  strings_put(c->strings, c->kept.lang, c->field, sizeof c->field, key, NULL);
  sheet_kinds[c->sheet].enter(c, v);
}
