/* SPDX-License-Identifier: Apache-2.0
 * Health and counts: as JSON for the page, as /metrics for Prometheus. No personal data is in either.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/inner.h"

static const char *const faults[] = {[DESK_FAULT_NONE] = "",
                                     [DESK_FAULT_PACK] = "pack",
                                     [DESK_FAULT_DISK_FULL] = "disk_full",
                                     [DESK_FAULT_DISK_ERROR] = "disk_error",
                                     [DESK_FAULT_READ_ONLY] = "read_only"};
static const char *const hubs[] = {
    [SYNC_OFF] = "off",         [SYNC_NOT_ENROLLED] = "not_enrolled", [SYNC_CONNECTING] = "connecting", [SYNC_GOOD] = "good",
    [SYNC_WAITING] = "waiting", [SYNC_REFUSED] = "refused",           [SYNC_OTHER_HUB] = "other_hub"};
static const char *const machine[] = {[MACHINE_LOW_POWER] = "power", [MACHINE_HOT] = "hot", [MACHINE_SLOWED] = "slowed"};
enum { DISK_LEAST_MB = 512 };

json_t *text_json(const struct text *t) {
  json_t *o = json_object();
  for (int i = 0; i < LANG_COUNT; i++) {
    static const char *const keys[LANG_COUNT] = {"zh", "zh-Hant", "en"};
    if (t->in[i][0]) json_object_set_new(o, keys[i], json_string(t->in[i]));
  }
  return o;
}

/* What a volunteer has to do something about, the worst first, as words that the page knows. */
static json_t *trouble_of(const struct monitor_inner *s) {
  const struct desk_health *d = &s->board.health;
  const struct watch_health *w = &s->watch;
  json_t *list = json_array();
  if (d->fault) json_array_append_new(list, json_string(faults[d->fault]));
  if (s->watch_seen && w->sandbox_refused) json_array_append_new(list, json_string("sandbox"));
  if (s->watch_seen && w->decoder_fails) json_array_append_new(list, json_string("decoder"));
  if (s->watch_seen && w->camera == WATCH_CAMERA_LOST) json_array_append_new(list, json_string("camera"));
  if (s->board_seen && !d->clock_ok) json_array_append_new(list, json_string("clock"));
  if (s->board_seen && d->disk_free_mb < DISK_LEAST_MB) json_array_append_new(list, json_string("disk"));
  if (machine_trouble(&d->machine)) json_array_append_new(list, json_string(machine[machine_trouble(&d->machine)]));
  if (s->sync_seen && (s->sync.state == SYNC_REFUSED || s->sync.state == SYNC_OTHER_HUB))
    json_array_append_new(list, json_string(hubs[s->sync.state]));
  return list;
}

static json_t *state_of(const struct monitor *m) {
  const struct monitor_inner *s = m->state;
  const struct desk_health *d = &s->board.health;
  const struct station *station = &m->catalog->station[s->board.station];
  const struct event *event = &m->catalog->event[station->event];
  return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:I, s:I, s:s, s:b, s:i, s:b, s:I, s:I, s:s, s:o, s:o}", "kiosk", m->kiosk,
                   "version", m->version, "tls", m->tls, "event", text_json(&event->title), "station",
                   text_json(&station->label), "venue", text_json(&event->venue), "people", (json_int_t)d->people, "today",
                   (json_int_t)d->people_today, "camera", watch_camera_name(s->watch.camera), "scanning", s->watch.scanning,
                   "fps", (int)(s->watch.fps_x10 + 5) / 10, "clock_ok", d->clock_ok, "disk_free_mb",
                   (json_int_t)d->disk_free_mb / 64 * 64, "unsent", (json_int_t)d->unsent, "hub",
                   s->sync_seen ? hubs[s->sync.state] : "off", "trouble", trouble_of(s), "temperature",
                   d->machine.temperature_c10 ? json_integer(d->machine.temperature_c10 / 10) : json_null());
}

/* Asked for every two seconds: the same as before is told without its body. */
void answer_state(struct monitor *m, struct asked *r) {
  const char *known = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "If-None-Match");
  uint8_t hash[16];
  json_t *o = state_of(m);
  if (r->who.number)
    json_object_set_new(o, "you",
                        json_pack("{s:s, s:b, s:I}", "name", r->who.name, "lead", r->who.lead, "left_min",
                                  (json_int_t)(r->who.until_mono_ms - m->state->now.mono_ms) / 60000));
  answer_json(r, 200, o);
  if (r->answer.status != 200) return;
  crypto_generichash(hash, sizeof hash, (const uint8_t *)r->answer.body, r->answer.len, NULL, 0);
  r->answer.etag[0] = '"';
  sodium_bin2hex(r->answer.etag + 1, sizeof r->answer.etag - 2, hash, sizeof hash);
  strcat(r->answer.etag, "\"");
  if (!known || strcmp(known, r->answer.etag) != 0) return;
  r->answer.status = 304;
  r->answer.len = 0;
}

/* --- /metrics --- */

struct out {
  char *at;
  size_t left;
};

static void metric(struct out *o, const char *name, const char *type, const char *help, double value) {
  const int n = snprintf(o->at, o->left, "# HELP yingbin_%s %s\n# TYPE yingbin_%s %s\nyingbin_%s %.10g\n", name, help, name,
                         type, name, value);
  if (n < 0 || (size_t)n >= o->left) return;
  o->at += n;
  o->left -= (size_t)n;
}

/* What no sensor tells isn't there, rather than good. */
static void machine_metrics(struct out *o, const struct machine *m) {
  if (m->temperature_c10 != 0)
    metric(o, "temperature_celsius", "gauge", "Of the hottest part of the machine.", m->temperature_c10 / 10.0);
  if (m->slowed != KNOWN_NOT)
    metric(o, "throttled", "gauge", "1 while the processor is held back, as it is too hot.", m->slowed == KNOWN_YES);
  if (m->low_power != KNOWN_NOT)
    metric(o, "undervoltage", "gauge", "1 while there is too little power.", m->low_power == KNOWN_YES);
}

void answer_metrics(struct monitor *m, struct asked *r) {
  enum { ROOM = 8192 };
  const struct monitor_inner *s = m->state;
  const struct desk_health *d = &s->board.health;
  const struct watch_health *w = &s->watch;
  int phones = 0;
  char *text = malloc(ROOM);
  struct out o = {text, ROOM};
  if (!text) {
    answer_problem(r, 503, "内存不足", "out of memory");
    return;
  }
  for (int i = 0; i < PHONES_MAX; i++) phones += s->board.phone[i].number != 0;
  metric(&o, "people", "gauge", "People admitted at this station.", (double)d->people);
  metric(&o, "people_today", "gauge", "People admitted at this station today.", (double)d->people_today);
  metric(&o, "fault", "gauge", "1 while nothing can be recorded.", d->fault != DESK_FAULT_NONE);
  metric(&o, "clock_trusted", "gauge", "1 while the clock is to be believed.", d->clock_ok);
  metric(&o, "disk_free_bytes", "gauge", "Free space of the data folder.", (double)d->disk_free_mb * 1048576);
  metric(&o, "records_unsent", "gauge", "Records that no hub or export has.", (double)d->unsent);
  metric(&o, "camera_up", "gauge", "1 while the camera gives pictures.", w->camera == WATCH_CAMERA_GOOD);
  metric(&o, "camera_fps", "gauge", "Pictures a second.", w->fps_x10 / 10.0);
  metric(&o, "frames_total", "counter", "Pictures that were looked at.", (double)w->frames);
  metric(&o, "decoded_total", "counter", "Codes that were read.", (double)w->decoded);
  metric(&o, "decoders_killed_total", "counter", "Decoders that took too long.", (double)w->killed);
  metric(&o, "decoders_died_total", "counter", "Decoders that ended by themselves.", (double)w->died);
  machine_metrics(&o, &d->machine);
  metric(&o, "hub_up", "gauge", "1 while the hub answers.", s->sync_seen && s->sync.state == SYNC_GOOD);
  metric(&o, "phones", "gauge", "Volunteers' phones that are signed in.", phones);
  metric(&o, "http_waiting", "gauge", "Requests of phones that wait.", s->waiting);
  for (int i = 2; i < 6; i++) {
    const int n = snprintf(
        o.at, o.left, "%syingbin_http_answers_total{class=\"%dxx\"} %lld\n",
        i == 2 ? "# HELP yingbin_http_answers_total Answers of this page.\n# TYPE yingbin_http_answers_total counter\n" : "", i,
        s->answers[i]);
    if (n > 0 && (size_t)n < o.left) o.at += n, o.left -= (size_t)n;
  }
  r->answer = (struct answer){
      .status = 200, .type = "text/plain; version=0.0.4; charset=utf-8", .body = text, .len = (size_t)(o.at - text)};
}
